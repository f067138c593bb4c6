//! When a page shows what is waited for. The page's own clock tells, from the begin of its navigation; a
//! question from outside would come late, and cost time.

use journeys::{Stage, page::NAME};
use serde_json::{Value, json};

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// A sign-in button that can be pressed.
    Button,
    /// The name of who is signed in, which is the first answer of Looker's API.
    Answer,
}

/// Looks at a page whenever it changes; what was seen counts once it has been painted.
const WATCH: &str = r#"
    const seen = (look) => new Promise((resolve) => {
        const observer = new MutationObserver(() => {
            if (!look()) return;
            observer.disconnect();
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => resolve(performance.now());
                port2.postMessage(null);
            });
        });
        observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    const canBePressed = (button) =>
        button.textContent.startsWith("Sign in to") && !button.disabled && button.ariaDisabled !== "true";
    globalThis.stopwatch = {
        button: seen(() => [...document.querySelectorAll("button")].some(canBePressed)),
        answer: seen(() => document.body?.textContent.includes("NAME")),
    };
"#;

/// From now on every page that the tab loads is watched.
pub async fn begin(stage: &Stage) {
    let script = json!({ "source": WATCH.replace("NAME", NAME) });
    stage.browser.must_devtools("Page.addScriptToEvaluateOnNewDocument", &script).await;
}

/// When the page that is open showed it, or will have: milliseconds since its navigation began.
pub async fn time_of(stage: &Stage, sight: Sight) -> f64 {
    let promise = match sight {
        Sight::Button => "button",
        Sight::Answer => "answer",
    };
    let script = format!("const done = arguments[0]; stopwatch.{promise}.then(done)");
    let time: Value = stage.evaluate_async(&script).await;
    time.as_f64().unwrap_or(f64::NAN)
}
