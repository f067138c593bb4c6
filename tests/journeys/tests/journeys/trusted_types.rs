//! No string becomes markup or script in the page.

use journeys::Stage;
use serde_json::json;

/// Gives a string to places that make markup or script of it, and a policy that would let it through.
const FORGE: &str = "
    const tried = (forge) => { try { forge(); return 'taken'; } catch (error) { return error.name; } };
    return [
        tried(() => { document.createElement('template').innerHTML = '<img src=x onerror=alert(1)>'; }),
        tried(() => { document.createElement('script').src = 'https://elsewhere.example/'; }),
        tried(() => { trustedTypes.createPolicy('default', { createHTML: (html) => html }); }),
    ]";

#[tokio::test]
async fn rule_20_no_string_becomes_markup_or_script() {
    let stage = Stage::open().await;
    stage.signs_in().await;
    assert_eq!(stage.broken_directives().await, [""; 0]);
    assert_eq!(stage.evaluate(FORGE).await, json!(["TypeError", "TypeError", "TypeError"]));
    // Every journey's end would fail by these; so this one can't end like the others. Reports may
    // overtake each other.
    let sinks = ["require-trusted-types-for", "require-trusted-types-for", "trusted-types"];
    stage
        .waits_until("the reports of all three", || async { stage.broken_directives().await.len() >= sinks.len() })
        .await;
    assert_eq!(stage.broken_directives().await, sinks);
}
