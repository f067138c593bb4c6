//! That every journey's end tells a loop, a trap, and a secret in the console or the page.

use journeys::Stage;

/// Opens a page that never comes to rest.
async fn open_restless_page(script: &str) -> Stage {
    let stage = Stage::open().await;
    stage.site.run_first(Some(script));
    stage.open_page("/").await;
    stage
}

#[tokio::test]
async fn an_app_that_loads_itself_again_and_again_fails_its_journey() {
    let stage = open_restless_page(
        "addEventListener('load', () => {
            if (!sessionStorage.isLoadedAgain) setTimeout(() => location.reload());
            sessionStorage.isLoadedAgain = true;
        });",
    )
    .await;
    stage.waits_until("a second load", || async { stage.site.pages() >= 2 }).await;
    stage.ends_badly("loads of the app came of 1 acts").await;
}

#[tokio::test]
async fn an_app_that_asks_for_tokens_again_and_again_fails_its_journey() {
    let stage = open_restless_page("").await;
    // Once it is cut off, as when its tab is closed, it comes to rest.
    let ask = format!(
        "const ask = () => fetch('{}/api/token', {{ method: 'POST', body: '{{}}' }}).then(ask); ask(); return null",
        stage.config()["instances"][0]["base_url"].as_str().expect("an address")
    );
    stage.evaluate(&ask).await;
    stage.waits_until("a second token request", || async { stage.looker.token_requests().await >= 2 }).await;
    // Forgotten ones count.
    stage.looker.forget_requests().await;
    stage.ends_badly("token requests came of 1 acts").await;
}

/// As long as a secret is.
const SECRET: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

#[tokio::test]
async fn an_app_that_says_a_secret_in_the_console_fails_its_journey() {
    let stage = open_restless_page(&format!("console.info(\"token='{SECRET}'\")")).await;
    stage.sees_door().await;
    stage.ends_badly("which looks like a secret").await;
}

#[tokio::test]
async fn an_app_that_keeps_a_secret_where_none_may_be_fails_its_journey() {
    let stage = open_restless_page(&format!("sessionStorage.kept = 'x'.repeat(1 << 20) + '={SECRET}'")).await;
    stage.sees_door().await;
    stage.ends_badly("looks like a secret, in ").await;
}

#[tokio::test]
async fn an_app_with_a_secret_in_an_error_that_nobody_catches_fails_its_journey() {
    let stage = open_restless_page(&format!("Promise.reject(new Error('{SECRET} is refused'))")).await;
    stage.sees_door().await;
    stage.ends_badly("which looks like a secret").await;
}

#[tokio::test]
async fn an_app_that_panics_fails_its_journey() {
    let stage = open_restless_page("console.error('panicked at src/main.rs')").await;
    stage.sees_door().await;
    stage.ends_badly("a module of the page trapped").await;
}

#[tokio::test]
async fn an_app_that_traps_fails_its_journey() {
    let stage = open_restless_page("console.error(new WebAssembly.RuntimeError('unreachable'))").await;
    stage.sees_door().await;
    stage.ends_badly("a module of the page trapped").await;
}
