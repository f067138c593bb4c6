//! Ways to sign in, through Looker's pages or past them, and out again.

use fantoccini::Locator;
use serde_json::json;

use crate::{
    mouse::At,
    page::{SIGN_IN, SIGN_IN_AGAIN},
    stage::Stage,
};

/// Whom people sign in as.
const EMAIL: &str = local_looker::EMAILS[0];

impl Stage {
    /// Signs in from the app's root as one whom Looker knows, and sees the account page: pages of Looker's, which
    /// take as long as the app's, are only seen where a journey [passes](Self::passes_looker) them.
    pub async fn signs_in(&self) {
        self.open_page("/").await;
        self.returns_from_looker().await;
        self.sees_account().await;
    }

    /// Goes from the sign-in button to Looker as one whom it knows, and is sent back at once.
    pub async fn returns_from_looker(&self) {
        self.is_known_to_looker().await;
        self.press(SIGN_IN).await;
    }

    /// Lets the person have signed in to Looker in this browser, and have allowed the app, before the page that is
    /// open was opened.
    pub async fn is_known_to_looker(&self) {
        let (name, value) = self.looker.opens_a_session(EMAIL).await;
        // A cookie is one of all ports of a host, and the app's is Looker's, too.
        let cookie = json!({ "name": name, "value": value, "path": "/", "httpOnly": true });
        let added = self.browser.command("cookie", &json!({ "cookie": cookie })).await;
        if added.is_none() {
            self.fail("the browser does not take Looker's cookie").await;
        }
    }

    /// Goes from the sign-in button to Looker and through all of its pages.
    pub async fn passes_looker(&self) {
        self.press(SIGN_IN).await;
        self.log_in_at_looker().await;
        self.allow().await;
    }

    /// Presses the sign-in button and waits for Looker's login page; returns its address, which
    /// goes on with this sign-in whenever it is opened.
    pub async fn begins_to_sign_in(&self) -> String {
        self.press(SIGN_IN).await;
        self.sees_heading("Sign in to Looker").await;
        self.address().await
    }

    /// Signs in at Looker's login page.
    pub async fn log_in_at_looker(&self) {
        self.logs_in_at_looker_as(EMAIL).await;
    }

    /// The same as somebody else.
    pub async fn logs_in_at_looker_as(&self, email: &str) {
        self.sees_heading("Sign in to Looker").await;
        self.trail.note(format!("logs in at Looker as {email}"));
        for (id, text) in [("#email", email), ("#password", local_looker::PASSWORD)] {
            let field = self.browser.client.find(Locator::Css(id)).await;
            let field = self.must(field, "the login page has its fields").await;
            let typed = field.send_keys(text).await;
            self.must(typed, "it can be typed into").await;
        }
        self.click(At::Selector("#sign-in"), "the login's button").await;
    }

    /// Allows the app at Looker's disclosure page.
    pub async fn allow(&self) {
        self.sees_heading("Allow Sightline to use your Looker account?").await;
        self.press("Allow").await;
    }

    /// Denies the app at Looker's disclosure page.
    pub async fn deny(&self) {
        self.sees_heading("Allow Sightline to use your Looker account?").await;
        self.press("Deny").await;
    }

    /// Opens Looker's login page.
    pub async fn opens_looker(&self) {
        self.open_address(&format!("{}/login", self.looker_url)).await;
    }

    /// The state in an address of Looker's login page.
    pub fn looker_state(&self, login: &str) -> String {
        let state = login.split(['?', '&']).find_map(|part| part.strip_prefix("state="));
        state.expect("a sign-in has a state").to_owned()
    }

    /// Lets the refresh token end in less than a day, as the next page of the tab finds it.
    pub async fn lets_the_sign_in_end_soon(&self) {
        self.evaluate(
            "const info = JSON.parse(sessionStorage.getItem('sightline.access_info'));
             info.refresh_expires_at = Date.now() + 20 * 3_600_000;
             sessionStorage.setItem('sightline.access_info', JSON.stringify(info));
             return null",
        )
        .await;
    }

    /// Signs in again from a page whose session is over, and waits until it is left and the next one
    /// has its session: both may look alike.
    pub async fn signs_in_again(&self) {
        self.press(SIGN_IN_AGAIN).await;
        self.sees_standing("Signed in").await;
    }

    /// Signs out, and sees the sign-in page.
    pub async fn signs_out(&self) {
        self.press("Sign out").await;
        self.sees_door().await;
    }
}
