//! What is said where a module traps, and so nothing on the page answers any more.

use fantoccini::key::Key;
use journeys::Stage;

/// Lets pages have a module that does nothing but trap, of which the page is told as an error, or by a promise that
/// nobody waits for; and what fails without a trap.
const TRAPS: &str = "
    const module = new Uint8Array([
        0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
    ]);
    const trap = () => new WebAssembly.Instance(new WebAssembly.Module(module)).exports.f();
    globalThis.trapAlone = () => setTimeout(trap);
    globalThis.trapInAPromise = () => setTimeout(() => { Promise.resolve().then(trap); });
    globalThis.failOtherwise = () => setTimeout(() => {
        Promise.reject();
        Promise.reject(null);
        throw new Error('not a trap');
    });
";

const STOPPED: &str = "This page has stopped";

async fn traps(stage: &Stage, how: &str) {
    stage.evaluate(&format!("{how}(); return null")).await;
    stage.sees(STOPPED).await;
    stage
        .sees_that("the way on to be what is reached", "return document.activeElement?.innerText === 'Load again'")
        .await;
    // It is what the journey's end looks for.
    let console = stage.console().await;
    assert!(console.iter().any(|line| line.contains("RuntimeError")), "{console:#?}");
}

#[tokio::test]
async fn a_page_whose_module_trapped_says_that_it_has_stopped_and_can_be_loaded_again() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(TRAPS));
    for path in ["/", "/setup"] {
        stage.open_page(path).await;
        if path == "/" {
            stage.sees_door().await
        } else {
            stage.sees_heading("Set-up").await
        }
        for how in ["trapAlone", "trapInAPromise"] {
            traps(&stage, how).await;
            stage.leaves_by("Load again").await;
            stage.no_longer_sees(STOPPED).await;
        }
    }
    stage.signs_in().await;
    traps(&stage, "trapAlone").await;
    stage.screenshot("trapped").await;
    // What was on the page can be read once more, until the next trap.
    stage.presses_key(Key::Escape).await;
    stage.no_longer_sees(STOPPED).await;
    traps(&stage, "trapInAPromise").await;
    stage.leaves_by("Load again").await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn what_fails_otherwise_stops_no_page() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(TRAPS));
    stage.signs_in().await;
    stage.evaluate("failOtherwise(); return null").await;
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    stage.no_longer_sees(STOPPED).await;
    stage.end().await;
}
