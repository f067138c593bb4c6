//! The instances that a person added, in this tab or another: how they are kept, removed and shown.

use journeys::{Stage, site::ConfigFile};
use serde_json::{Value, json};

use super::opens_setup;

/// A stage whose deployment names no instance, so that the page's fields are empty.
async fn open() -> Stage {
    let stage = Stage::open().await;
    let mut config = stage.config();
    config["instances"] = json!([]);
    stage.site.configure(ConfigFile::Is(config));
    stage
}

/// Types an address with the spaces that may come along when it is pasted, and adds it.
async fn adds(stage: &Stage, host: &str) {
    for field in ["#looker_url", "#base_url"] {
        stage.types(field, &format!(" https://{host} ")).await;
    }
    stage.press("Add this instance").await;
    stage.sees(&format!("{host} is added in this browser.")).await;
}

/// The addresses that are kept.
async fn kept(stage: &Stage) -> Value {
    stage
        .evaluate("return JSON.parse(localStorage.getItem('sightline.instances')).map(({ looker_url }) => looker_url)")
        .await
}

#[tokio::test]
async fn what_one_tab_adds_or_removes_leaves_what_another_added_meanwhile() {
    let stage = open().await;
    opens_setup(&stage).await;
    let first = stage.tab().await;
    stage.turns_to_a_new_tab().await;
    opens_setup(&stage).await;
    let second = stage.tab().await;
    stage.turns_to(first.clone()).await;
    adds(&stage, "first.example").await;
    stage.turns_to(second).await;
    adds(&stage, "second.example").await;
    assert_eq!(kept(&stage).await, json!(["https://first.example", "https://second.example"]));
    stage.sees("Remove first.example").await;
    stage.turns_to(first).await;
    stage.press("Remove first.example").await;
    stage.sees("first.example is removed.").await;
    assert_eq!(kept(&stage).await, json!(["https://second.example"]));
    stage.sees("Remove second.example").await;
    stage.end().await;
}

#[tokio::test]
async fn when_one_is_removed_the_focus_goes_to_the_list_and_the_page_says_so() {
    let stage = open().await;
    opens_setup(&stage).await;
    for host in ["first.example", "second.example"] {
        adds(&stage, host).await;
        stage.reload().await;
        stage.sees(&format!("Remove {host}")).await;
        let empty = "for (const field of [looker_url, base_url]) {
                field.value = '';
                field.dispatchEvent(new Event('input', { bubbles: true }));
            }
            return null";
        stage.evaluate(empty).await;
    }
    for host in ["first.example", "second.example"] {
        stage.press(&format!("Remove {host}")).await;
        let said = format!(
            "return [...document.querySelectorAll('[role=status]')].some((said) => said.innerText === '{host} is removed.')"
        );
        stage.sees_that("that it is removed, in a live region", &said).await;
        stage.sees_that("the focus at the list", "return document.activeElement.id === 'instances'").await;
        stage.evaluate("document.activeElement.blur(); return null").await;
    }
    stage.end().await;
}

#[tokio::test]
async fn the_longest_name_of_a_host_fits_a_narrow_page() {
    let stage = open().await;
    let host = [["a"; 60].concat(), ["b"; 60].concat(), "example".into()].join(".");
    let url = format!("https://{host}");
    let added = json!([{ "name": host, "looker_url": url, "base_url": url }]).to_string();
    stage.open_page("/").await;
    stage.evaluate(&format!("localStorage.setItem('sightline.instances', {}); return null", json!(added))).await;
    opens_setup(&stage).await;
    stage.sees(&format!("Remove {host}")).await;
    stage.browser.become_narrow().await;
    stage.sees_that("the page to fit its width", "return document.documentElement.scrollWidth <= innerWidth").await;
    stage.screenshot("setup-long-host").await;
    stage.end().await;
}
