//! Where tokens, codes and verifiers may be found, and where not.

use journeys::Stage;

/// Everything of the page that a script could come across.
const EVERYWHERE: &str = "
    const storage = (storage) => JSON.stringify(Object.entries(storage));
    const session = Object.entries(sessionStorage).filter(([key]) => key !== 'sightline.access_info');
    return {
        document: document.documentElement.outerHTML,
        address: location.href,
        referrer: document.referrer,
        history: JSON.stringify(history.state),
        name: window.name,
        cookies: document.cookie,
        localStorage: storage(localStorage),
        sessionStorage: JSON.stringify(session),
        requests: JSON.stringify(performance.getEntriesByType('resource').map((entry) => entry.name)),
        globals: JSON.stringify(Object.keys(window)),
        log: sightline.readLog(),
    }";

async fn is_free_of(stage: &Stage, secrets: &[String]) {
    let found = stage.evaluate(EVERYWHERE).await;
    let Some(found) = found.as_object() else { stage.fail("the page could not be searched").await };
    for secret in secrets {
        assert!(secret.len() > 20, "{secret} is too short to look for");
        for (place, text) in found {
            let text = text.as_str().unwrap_or_default();
            assert!(!text.contains(secret.as_str()), "{secret} is in {place}: {text}");
        }
    }
}

#[tokio::test]
async fn rule_10_tokens_are_nowhere_but_in_their_place_in_session_storage() {
    let stage = Stage::open().await;
    stage.open_page("/").await;
    let login = stage.begins_to_sign_in().await;
    // What is put aside while the person is at Looker is looked for later, too.
    stage.open_page("/").await;
    stage.sees_door().await;
    let pending = stage.stored().await.into_values().next().expect("a sign-in is under way");
    let pending: serde_json::Value = serde_json::from_str(&pending).expect("it is JSON");
    stage.open_address(&login).await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_account().await;
    let first = stage.access_info().await;
    let redirect = stage.site.last_redirect();
    stage.press("Renew now").await;
    stage.sees("Renewed.").await;
    let second = stage.access_info().await;

    let mut secrets: Vec<String> = [&first, &second]
        .iter()
        .flat_map(|info| [&info["access_token"], &info["refresh_token"]])
        .chain([&pending["code_verifier"]])
        .map(|secret| secret.as_str().expect("it is a text").to_owned())
        .collect();
    secrets.extend(redirect.split(['?', '&']).filter_map(|part| part.strip_prefix("code=")).map(str::to_owned));
    assert_eq!(secrets.len(), 6);
    is_free_of(&stage, &secrets).await;

    // Nor on the pages that tell what was asked, nor in what is kept of it from page to page; there
    // is no state in it either.
    secrets.push(pending["state"].as_str().expect("it is a text").to_owned());
    stage.press("Activity").await;
    stage.sees_heading("Activity").await;
    stage.sees_that("both token requests", "return sightline.readLog().split('/api/token').length === 3").await;
    stage.evaluate("window.dispatchEvent(new Event('pagehide')); return null").await;
    let kept = stage.stored().await.remove("sightline.exchanges").expect("the log is kept");
    assert!(kept.contains("/api/token") && kept.contains("/auth\""), "{kept}");
    is_free_of(&stage, &secrets).await;
    for request in ["GET /auth", "POST /api/token"] {
        stage.press(request).await;
        stage.sees_heading(request).await;
        is_free_of(&stage, &secrets).await;
        stage.press("All activity").await;
        stage.sees_heading("Activity").await;
    }
    // The code is left out: Chromium names a page that it has something to say about by the address
    // that it was loaded from.
    for line in stage.console().await {
        assert!(!secrets[..5].iter().any(|secret| line.contains(secret.as_str())), "the console says {line}");
    }
    stage.end().await;
}

#[tokio::test]
async fn nothing_is_left_after_signing_out() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    let info = stage.access_info().await;
    stage.signs_out().await;
    stage.has_stored(&[]).await;
    let found = stage.evaluate(EVERYWHERE).await.to_string();
    for secret in [&info["access_token"], &info["refresh_token"]] {
        assert!(!found.contains(secret.as_str().expect("it is a text")));
    }
    stage.end().await;
}
