//! What is said where a module of the app traps, and so nothing on the page answers any more.

use fantoccini::key::Key;
use journeys::{Stage, page::SIGN_IN};

const STOPPED: &str = "This page has stopped";

/// A trap that is none of the app's, of which a page is told as an error, or by a promise that nobody waits for; and
/// what fails without one.
const TRAPS: &str = "
    const trapping = new Uint8Array([
        0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
    ]);
    const trap = () => new WebAssembly.Instance(new WebAssembly.Module(trapping)).exports.f();
    globalThis.trapAlone = () => setTimeout(trap);
    globalThis.trapInAPromise = () => setTimeout(() => { Promise.resolve().then(trap); });
    globalThis.failOtherwise = () => setTimeout(() => {
        Promise.reject();
        Promise.reject(null);
        throw new Error('not a trap');
    });
";

/// Lets a module of the app trap at whatever it asks of the page: at its start, after that, or when it has taken the
/// page's query.
fn a_module_that_traps(name: &str, when: &str) -> String {
    let module = format!(
        "const {{ instantiateStreaming }} = WebAssembly;
        WebAssembly.instantiateStreaming = async (answer, imports) => {{
            const {{ url }} = await answer;
            let traps = url.includes('/{name}-') && '{when}' === 'at its start';
            for (const functions of Object.values(imports))
                for (const [key, asked] of Object.entries(functions))
                    functions[key] = (...args) => traps ? trap() : asked(...args);
            const program = await instantiateStreaming.call(WebAssembly, answer, imports);
            const trapsFromNowOn = () => {{ traps = true; }};
            if (url.includes('/{name}-')) {{
                if ('{when}' === 'after its start') setTimeout(trapsFromNowOn);
                const {{ takeQuery }} = sightline;
                sightline.takeQuery = () => {{
                    if ('{when}' === 'with the query') trapsFromNowOn();
                    return takeQuery();
                }};
            }}
            return program;
        }};"
    );
    [TRAPS, &module].concat()
}

async fn has_stopped(stage: &Stage) {
    stage.sees(STOPPED).await;
    // No button, which whoever types may press.
    let is_reached = "return document.activeElement?.id === 'has-stopped'";
    stage.sees_that("the news to have the focus", is_reached).await;
    // Nor anything of a page that loads, or of a connection.
    let says_nothing_else = "return !['loading', 'slow'].some((id) => document.getElementById(id))
        && !document.body.innerText.includes('connection')";
    assert_eq!(stage.evaluate(says_nothing_else).await, true);
    let evidence = stage.evaluate("return document.querySelector('#stopped pre').textContent").await;
    assert!(evidence.as_str().is_some_and(|text| text.contains("RuntimeError")), "{evidence}");
}

#[tokio::test]
async fn a_module_that_traps_at_its_start_is_no_trouble_of_the_connection() {
    let stage = Stage::open().await;
    for (name, path) in [("sightline", "/"), ("setup", "/setup")] {
        stage.site.run_first(Some(&a_module_that_traps(name, "at its start")));
        stage.open_page(path).await;
        has_stopped(&stage).await;
        stage.site.run_first(None);
        stage.leaves_by("Load again").await;
        if path == "/" { stage.sees_door().await } else { stage.sees_heading("Set-up").await }
    }
    stage.site.run_first(Some(&a_module_that_traps("workbench", "at its start")));
    stage.open_page("/account?x=1").await;
    stage.returns_from_looker().await;
    has_stopped(&stage).await;
    stage.site.run_first(None);
    stage.leaves_by("Load again").await;
    stage.sees_account().await;
    stage.ends_after_trapping().await;
}

#[tokio::test]
async fn a_workbench_that_traps_when_it_opens_says_so() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(&a_module_that_traps("workbench", "after its start")));
    stage.open_page("/account?x=1").await;
    stage.returns_from_looker().await;
    has_stopped(&stage).await;
    stage.screenshot("trapped-opening").await;
    stage.site.run_first(None);
    // The session was there before.
    stage.leaves_by("Load again").await;
    stage.sees_account().await;
    stage.has_sent_token_requests(1).await;
    stage.ends_after_trapping().await;
}

#[tokio::test]
async fn a_sign_in_whose_door_traps_can_be_begun_again() {
    let stage = Stage::open().await;
    stage.open_page("/account?x=1").await;
    stage.sees_door().await;
    stage.site.run_first(Some(&a_module_that_traps("sightline", "with the query")));
    stage.returns_from_looker().await;
    has_stopped(&stage).await;
    stage.site.run_first(None);
    stage.leaves_by("Load again").await;
    stage.sees_trouble("There is no sign-in to finish here").await;
    stage.has_sent_token_requests(0).await;
    stage.press("Go to the sign-in page").await;
    stage.press(SIGN_IN).await;
    stage.sees_account().await;
    stage.ends_after_trapping().await;
}

#[tokio::test]
async fn a_page_that_has_stopped_can_be_looked_at_and_is_told_to_have_stopped_all_the_while() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(TRAPS));
    stage.signs_in().await;
    let is_in_the_way = "return !!document.querySelector('#stopped:modal')";
    for (how, leaves_it) in [("trapAlone", "button"), ("trapInAPromise", "key")] {
        stage.evaluate(&format!("{how}(); return null")).await;
        has_stopped(&stage).await;
        assert_eq!(stage.evaluate(is_in_the_way).await, true);
        stage.screenshot("trapped").await;
        if leaves_it == "button" {
            stage.press("Look at the page").await;
        } else {
            stage.presses_key(Key::Escape).await;
        }
        stage.sees_that("the rest of the page", "return !document.querySelector('#stopped:modal')").await;
        has_stopped(&stage).await;
        stage.screenshot("trapped-and-looked-at").await;
        // What runs by the clock traps again and again.
        stage.evaluate(&format!("{how}(); return null")).await;
        stage.evaluate_async("setTimeout(arguments[0])").await;
        assert_eq!(stage.evaluate(is_in_the_way).await, false);
        stage.leaves_by("Load again").await;
        stage.sees_account().await;
    }
    stage.ends_after_trapping().await;
}

#[tokio::test]
async fn a_browser_without_dialogs_is_told_so_all_the_same() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(&[TRAPS, "delete HTMLDialogElement.prototype.showModal;"].concat()));
    stage.open_page("/").await;
    stage.sees_door().await;
    stage.evaluate("trapAlone(); return null").await;
    has_stopped(&stage).await;
    stage.leaves_by("Load again").await;
    stage.sees_door().await;
    stage.ends_after_trapping().await;
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

#[tokio::test]
async fn who_types_when_a_page_stops_does_not_load_it_anew() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(TRAPS));
    stage.signs_in().await;
    stage.press("Activity").await;
    stage.types("#filter", "user").await;
    stage.evaluate("trapAlone(); return null").await;
    has_stopped(&stage).await;
    let before = stage.site.pages();
    stage.presses_key(Key::Space).await;
    stage.presses_key(Key::Enter).await;
    stage.press("Look at the page").await;
    assert_eq!(stage.evaluate("return document.querySelector('#filter').value").await, "user");
    assert_eq!(stage.site.pages(), before);
    stage.ends_after_trapping().await;
}

#[tokio::test]
async fn a_dialog_that_was_open_when_the_page_stopped_is_in_nobodys_way() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(TRAPS));
    stage.signs_in().await;
    stage.press("Set-up").await;
    stage.press("Disable sightline").await;
    stage.sees("Yes: Disable sightline").await;
    stage.evaluate("trapAlone(); return null").await;
    has_stopped(&stage).await;
    stage.press("Look at the page").await;
    stage.leaves_by("Load again").await;
    stage.sees_heading("Set-up").await;
    stage.ends_after_trapping().await;
}

#[tokio::test]
async fn a_workbench_that_fails_otherwise_when_it_opens_says_so() {
    let stage = Stage::open().await;
    let fails = a_module_that_traps("workbench", "after its start").replace("? trap()", "? notAFunction()");
    stage.site.run_first(Some(&fails));
    stage.open_page("/account?x=1").await;
    stage.returns_from_looker().await;
    stage.sees("the workbench did not arrive").await;
    stage.site.run_first(None);
    stage.reload().await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn a_page_without_the_dialog_says_what_it_can() {
    let stage = Stage::open().await;
    let without = "addEventListener('readystatechange', () => document.getElementById('stopped')?.remove(), true);";
    stage.site.run_first(Some(&[&a_module_that_traps("sightline", "at its start"), without].concat()));
    stage.open_page("/").await;
    stage.sees("A part of this page could not be loaded.").await;
    stage.ends_after_trapping().await;
}
