//! What one journey leaves behind, and the next must not find.

use journeys::{Stage, page::SIGN_IN, setting::Engine};
use serde_json::{Map, Value};

/// Traces of every kind that a page can leave.
const LEAVE_TRACES: &str = "
    const done = arguments[0];
    const opened = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    (async () => {
        document.cookie = 'trace=left; max-age=86400';
        localStorage.setItem('trace', 'left');
        sessionStorage.setItem('trace', 'left');
        window.name = 'trace';
        history.pushState('trace', '', '?trace');
        (await opened(indexedDB.open('trace'))).close();
        await (await caches.open('trace')).put('/trace', new Response('left'));
        console.error('trace');
        done('left');
    })().catch((error) => done(String(error)))";

/// One kind more, from a page without the app's policy: that lets no string become a worker.
const LEAVE_WORKER: &str = "
    const done = arguments[0];
    navigator.serviceWorker.register(location.href).then(() => done('left'), (error) => done(String(error)))";

/// Each kind, as a page finds it.
const FIND_TRACES: &str = "
    const done = arguments[0];
    (async () => done({
        address: location.search,
        caches: await caches.keys(),
        colours: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
        cookies: document.cookie,
        databases: (await indexedDB.databases()).map((database) => database.name),
        history: history.length,
        isOnline: navigator.onLine,
        localStorage: Object.keys(localStorage),
        name: window.name,
        referrer: document.referrer,
        sessionStorage: Object.keys(sessionStorage),
        size: [innerWidth, innerHeight],
        state: history.state,
        workers: (await navigator.serviceWorker.getRegistrations()).length,
    }))().catch((error) => done(String(error)))";

async fn traces(stage: &Stage) -> Map<String, Value> {
    match stage.evaluate_async(FIND_TRACES).await {
        Value::Object(traces) => traces,
        trouble => stage.fail(&format!("the page can't look for traces: {trouble}")).await,
    }
}

#[tokio::test]
async fn a_browser_that_had_a_journey_is_as_new_for_the_next() {
    let mut stage = Stage::open().await;
    let named_by_content = stage.site.path_of("sightline-", "_bg.wasm");
    stage.open_page("/").await;
    stage.sees_door().await;
    let at_first = traces(&stage).await;
    let asked_at_first = stage.site.count(&named_by_content);

    stage.passes_looker().await;
    stage.sees_account().await;
    stage.open_page("/").await;
    stage.sees_account().await;
    let kept = stage.site.count(&named_by_content) == asked_at_first;
    assert!(kept || stage.browser.engine == Engine::WebKit, "what never changes was not kept");
    stage.open_page("/_first.js").await;
    assert_eq!(stage.evaluate_async(LEAVE_WORKER).await, "left");
    stage.open_page("/").await;
    stage.sees_account().await;
    stage.browser.become_narrow().await;
    let is_dark = stage.browser.become_dark().await;
    assert_eq!(stage.evaluate_async(LEAVE_TRACES).await, "left");
    let left = traces(&stage).await;
    let changed: Vec<&str> =
        at_first.iter().filter(|(kind, value)| left[*kind] != **value).map(|(kind, _)| kind.as_str()).collect();
    let mut expected = vec![
        "address",
        "caches",
        "cookies",
        "databases",
        "history",
        "localStorage",
        "name",
        "sessionStorage",
        "size",
        "state",
        "workers",
    ];
    if is_dark {
        expected.insert(2, "colours");
    }
    assert_eq!(changed, expected);
    stage.turns_to_a_new_tab().await;
    stage.open_page("/").await;
    stage.sees_door().await;

    let asked = stage.site.count(&named_by_content);
    stage = stage.begins_anew().await;
    assert_eq!(stage.tabs().await.len(), 1);
    assert_eq!(stage.console().await, [""; 0]);
    stage.open_page("/").await;
    stage.sees_door().await;
    assert_eq!(traces(&stage).await, at_first);
    assert!(stage.site.count(&named_by_content) > asked, "the next journey finds kept files");
    // Looker knows nobody.
    stage.press(SIGN_IN).await;
    stage.log_in_at_looker().await;
    stage.sees_account().await;
    stage.end().await;
}
