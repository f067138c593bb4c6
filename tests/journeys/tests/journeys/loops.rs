//! That every journey's end tells a loop.

use journeys::Stage;

/// Opens a page that never comes to rest.
async fn open_restless_page(script: &str) -> Stage {
    let stage = Stage::open().await;
    stage.site.run_first(Some(script));
    stage.open_page("/").await;
    stage
}

#[tokio::test]
#[should_panic(expected = "loads of the app came of 1 acts")]
async fn an_app_that_loads_itself_again_and_again_fails_its_journey() {
    let stage = open_restless_page("setTimeout(() => location.reload(), 100)").await;
    stage.waits_until("a second load", || async { stage.site.pages() >= 2 }).await;
    stage.end().await;
}

#[tokio::test]
#[should_panic(expected = "token requests came of 1 acts")]
async fn an_app_that_asks_for_tokens_again_and_again_fails_its_journey() {
    let stage = open_restless_page("").await;
    let ask = format!(
        "const ask = () => fetch('{}/api/token', {{ method: 'POST', body: '{{}}' }}).then(ask, ask); ask(); return null",
        stage.config()["instances"][0]["base_url"].as_str().expect("an address")
    );
    stage.evaluate(&ask).await;
    stage.waits_until("a second token request", || async { stage.looker.token_requests().await >= 2 }).await;
    // Forgotten ones count.
    stage.looker.forget_requests().await;
    stage.end().await;
}
