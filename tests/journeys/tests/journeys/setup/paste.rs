//! What an admin is handed, used as it is: copied by its button, run in a shell, posted.

#![allow(clippy::expect_used, reason = "clippy sees no test in a helper of tests")]

use std::{
    path::Path,
    process::{Command, Output},
};

use journeys::{Stage, page::SIGN_IN, setting::looker_admin};
use local_looker::{API3_CLIENT_ID, API3_CLIENT_SECRET};
use serde_json::{Value, json};

use super::opens_setup;

const APP: &str = "/oauth_client_apps/sightline";

/// The text that a button of this name copies, as it is shown.
async fn shown(stage: &Stage, label: &str) -> String {
    let script = format!(
        "return [...document.querySelectorAll('.paste')]
            .find((paste) => paste.querySelector('button').innerText.trim() === '{label}').querySelector('pre').innerText"
    );
    stage.evaluate(&script).await.as_str().unwrap_or_default().trim().to_owned()
}

#[tokio::test]
async fn each_copy_button_copies_what_is_shown_above_it() {
    let stage = Stage::open().await;
    opens_setup(&stage).await;
    let labels = "return [...document.querySelectorAll('.paste button')].map((button) => button.innerText.trim())";
    let labels = stage.evaluate(labels).await;
    assert_eq!(labels, json!(["Copy origin", "Copy body", "Copy curl commands", "Copy looker-admin commands"]));
    for label in labels.as_array().into_iter().flatten().filter_map(Value::as_str) {
        let shown = shown(&stage, label).await;
        assert_eq!(stage.copies(label).await, shown, "{label}");
    }
    assert_eq!(shown(&stage, "Copy origin").await, stage.site.origin);
    stage.end().await;
}

/// An admin with API3 credentials, beside the browser.
struct Admin {
    base_url: String,
    http: reqwest::Client,
    token: String,
}

impl Admin {
    async fn of(stage: &Stage) -> Self {
        let base_url = stage.config()["instances"][0]["base_url"].as_str().unwrap_or_default().to_owned();
        let http = reqwest::Client::new();
        let form = format!("client_id={API3_CLIENT_ID}&client_secret={API3_CLIENT_SECRET}");
        let login = http.post(format!("{base_url}/api/4.0/login")).body(form);
        let login = login.header("content-type", "application/x-www-form-urlencoded").send().await;
        let login: Value = login.expect("Looker answers").json().await.expect("it answers with JSON");
        Self { base_url, http, token: login["access_token"].as_str().expect("a token").to_owned() }
    }

    fn asks(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}/api/4.0{path}", self.base_url));
        request.header("authorization", format!("token {}", self.token))
    }

    async fn removes_the_app(&self) {
        let removed = self.asks(reqwest::Method::DELETE, APP).send().await.expect("Looker answers");
        assert_eq!(removed.status(), 204);
    }

    /// Runs commands in a shell as they are, with these variables.
    async fn runs(&self, commands: String, variables: Vec<(&'static str, String)>) {
        // The local Looker answers on this thread.
        let run = move || Command::new("sh").args(["-e", "-c", &commands]).envs(variables).output();
        let ran = tokio::task::spawn_blocking(run).await.expect("the shell does not panic");
        let Output { status, stdout, stderr } = ran.expect("there is a shell");
        let [stdout, stderr] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(status.success(), "{status}\n{stdout}\n{stderr}");
    }
}

async fn is_refused(stage: &Stage) {
    stage.open_page("/").await;
    stage.press(SIGN_IN).await;
    stage.sees_heading("This app cannot sign you in").await;
    opens_setup(stage).await;
}

/// Signs in and out again. Whoever registers an app anew has everybody asked anew.
async fn signs_in_and_out(stage: &Stage) {
    stage.open_page("/").await;
    stage.press(SIGN_IN).await;
    stage.allow().await;
    stage.sees_account().await;
    stage.signs_out().await;
}

#[tokio::test]
async fn what_is_handed_out_registers_the_app_as_it_is_and_the_sign_in_works() {
    let stage = Stage::open().await;
    let admin = Admin::of(&stage).await;
    stage.signs_in().await;
    stage.signs_out().await;

    admin.removes_the_app().await;
    is_refused(&stage).await;
    let body = stage.copies("Copy body").await;
    let posted = admin.asks(reqwest::Method::POST, APP).header("content-type", "application/json").body(body);
    let posted = posted.send().await.expect("Looker answers");
    assert_eq!(posted.status(), 200);
    signs_in_and_out(&stage).await;

    admin.removes_the_app().await;
    is_refused(&stage).await;
    let curl = stage.copies("Copy curl commands").await;
    let credentials = [("LOOKERSDK_CLIENT_ID", API3_CLIENT_ID), ("LOOKERSDK_CLIENT_SECRET", API3_CLIENT_SECRET)];
    let credentials = credentials.map(|(name, value)| (name, value.to_owned()));
    admin.runs(curl, credentials.to_vec()).await;
    assert_eq!(stage.looker.count("DELETE", "/api/4.0/logout").await, 3, "the token of the commands is logged out");
    signs_in_and_out(&stage).await;

    admin.removes_the_app().await;
    stage.looker.allow_origins(&[]).await;
    is_refused(&stage).await;
    let commands = stage.copies("Copy looker-admin commands").await;
    let program = looker_admin();
    let folder = program.parent().map(Path::to_string_lossy).unwrap_or_default();
    let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
    admin.runs(commands, credentials.into_iter().chain([("PATH", path)]).collect()).await;
    signs_in_and_out(&stage).await;
    stage.end().await;
}
