//! What stands between https and http, or between here and everywhere: certificates, and pages that ask this
//! machine by http, or from a public address.

#![allow(clippy::expect_used, reason = "clippy sees no test in a helper of tests")]

use std::net::Ipv4Addr;

use journeys::{Plan, Stage, browser::Habits, setting::Engine, site::ConfigFile};
use local_looker::{LocalLooker, Settings};
use serde_json::json;

use super::{WELL, opens_setup, runs_the_checks};

const TRUSTING: Habits = Habits {
    lacks: None,
    looks_at_once: false,
    loses_connection: false,
    trusts_every_certificate: true,
    public_port: None,
};

/// A Looker by https, in the place of the stage's own. Its certificate is one that nobody vouches for.
async fn encrypted(stage: &Stage) -> LocalLooker {
    let any = (Ipv4Addr::LOCALHOST, 0).into();
    let apps = vec![stage.site.app.clone()];
    let looker = local_looker::start(Settings { looker: any, api: any, apps, data: None, tls: true }).await;
    let looker = looker.expect("another local Looker starts");
    stage.site.let_connect(&looker.base_url());
    let mut config = stage.config();
    config["instances"][0] =
        json!({ "name": "Encrypted", "looker_url": looker.looker_url(), "base_url": looker.base_url() });
    stage.site.configure(ConfigFile::Is(config));
    looker
}

#[tokio::test]
async fn a_certificate_that_the_browser_does_not_trust_is_found_and_one_that_it_trusts_is_good() {
    let stage = Stage::open().await;
    let looker = encrypted(&stage).await;
    opens_setup(&stage).await;
    runs_the_checks(&stage, "Good Good Trouble Attention Attention Attention Attention").await;
    stage.sees("Both are https.").await;
    stage.sees("this browser does not trust the certificate: no page is told which").await;
    stage.sees(&format!("Open {}/alive in a new tab", looker.base_url())).await;
    stage.screenshot("setup-certificate").await;

    let stage = stage.in_another_browser(TRUSTING).await;
    opens_setup(&stage).await;
    runs_the_checks(&stage, WELL).await;
    stage.press("Sign in to Encrypted").await;
    stage.log_in_at_looker().await;
    stage.allow().await;
    stage.sees_account().await;
    stage.end().await;
}

#[tokio::test]
async fn a_page_by_https_that_asks_this_machine_by_http_is_told_whether_the_browser_lets_it() {
    let stage = Stage::planned(Plan { tls: true, habits: TRUSTING, ..Plan::default() }).await;
    opens_setup(&stage).await;
    match stage.browser.engine {
        // To these this machine is as good as encrypted.
        Engine::Chromium | Engine::Firefox => {
            runs_the_checks(&stage, WELL).await;
            stage.sees("some browsers block as mixed content. This one lets it through.").await;
        }
        Engine::WebKit => {
            runs_the_checks(&stage, "Good Attention Trouble Attention Attention Attention Attention").await;
            stage.sees("give Looker a certificate").await;
            stage.sees("This browser may have blocked it").await;
        }
    }
    stage.screenshot("setup-mixed-content").await;

    let _looker = encrypted(&stage).await;
    stage.reload().await;
    runs_the_checks(&stage, WELL).await;
    stage.sees("Nothing about the two addresses makes a browser block requests.").await;
    stage.end().await;
}

#[tokio::test]
async fn a_page_of_a_public_address_that_asks_this_machine_is_told_what_the_browser_says_of_it() {
    let stage = Stage::planned(Plan { tls: true, habits: TRUSTING, is_public: true, ..Plan::default() }).await;
    // The others have no way to take this machine for another.
    if stage.browser.engine != Engine::Chromium {
        return stage.end().await;
    }
    // Chromium without windows has nobody whom it could ask, and takes that for a no.
    opens_setup(&stage).await;
    runs_the_checks(&stage, "Good Attention Trouble Attention Attention Attention Attention").await;
    stage.sees("This one asks you first, whether the page may reach it. Allow it, and check again.").await;
    stage.sees("This browser may have blocked it, as said above.").await;
    stage.screenshot("setup-local-network-asks").await;

    let decide = async |state: &str| {
        let decided = json!({ "descriptor": { "name": "loopback-network" }, "state": state });
        let decided = stage.browser.command("permissions", &decided).await;
        assert!(decided.is_some(), "the driver can't set the permission");
    };
    decide("denied").await;
    runs_the_checks(&stage, "Good Trouble Trouble Attention Attention Attention Attention").await;
    stage.sees("This browser was told not to let this page reach this machine").await;
    stage.sees("Allow it among the permissions of this site, beside its address").await;
    stage.screenshot("setup-local-network-denied").await;
    assert_eq!(stage.looker.count("GET", "/alive").await, 0);

    decide("granted").await;
    runs_the_checks(&stage, WELL).await;
    stage.sees("This one lets it through.").await;
    stage.press("Sign in").await;
    stage.passes_looker().await;
    stage.sees_account().await;
    stage.end().await;
}
