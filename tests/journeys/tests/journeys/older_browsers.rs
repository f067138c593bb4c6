//! Browsers that lack what newer ones have.

use journeys::Stage;
use serde_json::json;

/// What pages find since the middle of 2021, or later. Chromium's driver can't do without `Object.hasOwn`.
const OF_LATE: &str = "
    const of = {
        AbortSignal: ['any', 'timeout'],
        Array: ['fromAsync'],
        Map: ['groupBy'],
        Object: ['groupBy'],
        Promise: ['try', 'withResolvers'],
        RegExp: ['escape'],
        'Array.prototype': ['at', 'findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with'],
        'Crypto.prototype': ['randomUUID'],
        'Element.prototype': ['checkVisibility', 'setHTML'],
        'Navigator.prototype': ['locks', 'userActivation'],
        'Set.prototype': ['difference', 'intersection', 'isSubsetOf', 'isSupersetOf', 'symmetricDifference', 'union'],
        'String.prototype': ['at', 'isWellFormed', 'toWellFormed'],
        globalThis: ['BroadcastChannel', 'Iterator', 'navigation', 'reportError', 'scheduler', 'structuredClone'],
    };
    for (const [owner, names] of Object.entries(of)) {
        const object = owner.split('.').reduce((object, name) => object?.[name], globalThis);
        for (const name of object ? names : []) delete object[name];
    }
    for (const name of of['Array.prototype']) delete Object.getPrototypeOf(Int8Array.prototype)[name];
";

#[tokio::test]
async fn a_browser_of_2021_signs_in_renews_and_shows_what_it_asked() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(OF_LATE));
    stage.signs_in().await;
    // The page's own: Firefox's driver has lists of another kind.
    let of_late = "return ['at', 'findLastIndex'].map((name) => typeof window.Array.prototype[name])";
    assert_eq!(stage.evaluate(of_late).await, json!(["undefined", "undefined"]));
    stage.press("Renew now").await;
    stage.sees("Renewed. The access token is good for").await;
    // Before the page knows who is signed in, it shows what was asked since the latest sign-in.
    let hang = json!({ "path": "/api/4.0/user", "method": "GET", "times": 1, "then": "hang" });
    stage.looker.add_fault(hang).await;
    stage.open_page("/activity").await;
    let asked = "return JSON.parse(sightline.readLog()).map((exchange) => exchange.method + exchange.url.replace(/.*:[0-9]+/, ''))";
    let asked = stage.evaluate(asked).await;
    let asked: Vec<_> = asked.as_array().into_iter().flatten().filter_map(|one| one.as_str()).collect();
    assert_eq!(asked.first(), Some(&"navigate/auth"), "{asked:?}");
    assert_eq!(asked.iter().filter(|one| **one == "POST/api/token").count(), 2, "{asked:?}");
    stage.looker.clear_faults().await;
    stage.press("Activity").await;
    stage.sees_heading("Activity").await;
    stage.sees("POST /api/token").await;
    stage.end().await;
}

#[tokio::test]
async fn a_browser_that_knows_no_time_limits_still_gives_up_what_hangs() {
    let stage = Stage::open().await;
    stage.site.run_first(Some(OF_LATE));
    stage.signs_in().await;
    assert!(!stage.evaluate("return String(AbortSignal.timeout)").await.to_string().contains("native code"));
    let hang = json!({ "path": "/api/token", "host": "api", "method": "POST", "times": 1, "then": "hang" });
    stage.looker.add_fault(hang).await;
    stage.press("Renew now").await;
    stage.sees_standing("Renewing…").await;
    stage.sees_at_last("Local Looker does not answer.").await;
    // It is tried again by itself.
    stage.waits_for_token_requests(3).await;
    stage.sees_standing("Signed in").await;
    stage.end().await;
}
