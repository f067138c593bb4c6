//! Browsers that lack what newer ones have.

use journeys::Stage;
use serde_json::json;

#[tokio::test]
async fn a_browser_that_knows_no_time_limits_still_gives_up_what_hangs() {
    let stage = Stage::open().await;
    stage.site.run_first(Some("delete AbortSignal.timeout; delete AbortSignal.any;"));
    stage.signs_in().await;
    assert_eq!(stage.evaluate("return typeof AbortSignal.any").await, json!("undefined"));
    assert!(!stage.evaluate("return String(AbortSignal.timeout)").await.to_string().contains("native code"));
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    let hang = json!({ "path": "/api/token", "host": "api", "method": "POST", "times": 1, "then": "hang" });
    stage.looker.add_fault(hang).await;
    stage.press("Renew now").await;
    stage.sees_standing("Renewing…").await;
    stage.sees_at_last("Local Looker does not answer.").await;
    // It is tried again by itself.
    stage.waits_for_token_requests(4).await;
    stage.sees_standing("Signed in").await;
    stage.end().await;
}
