//! What a person does in the browser, and sees there.

use std::{collections::BTreeMap, fmt::Display, future::Future, time::Duration};

use fantoccini::{Locator, elements::Element, error::CmdError};
use serde_json::Value;

use crate::stage::{PATIENCE, Stage};

/// Whom people sign in as.
pub const EMAIL: &str = local_looker::EMAILS[0];
/// How the page calls her.
pub const NAME: &str = "Ada Lovelace";
/// What the button of the door says.
pub const SIGN_IN: &str = "Sign in to Local Looker";

/// How often the page is looked at while something is waited for.
const GLANCE: Duration = Duration::from_millis(50);

type Seen<T> = Result<T, CmdError>;

impl Stage {
    /// Opens a page of the app; `path` begins with a slash.
    pub async fn open_page(&self, path: &str) {
        self.open_address(&[&*self.site.origin, path].concat()).await;
    }

    /// Opens an address.
    pub async fn open_address(&self, address: &str) {
        self.trail.note(format!("opened {address}"));
        let opened = self.browser.client.goto(address).await;
        self.must(opened, "the browser opens it").await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.trail.note("reloaded");
        let reloaded = self.browser.client.refresh().await;
        self.must(reloaded, "the browser reloads").await;
    }

    /// Presses the browser's Back.
    pub async fn go_back(&self) {
        self.trail.note("went back");
        let went = self.browser.client.back().await;
        self.must(went, "the browser goes back").await;
    }

    /// Presses the button, or follows the link, with this text.
    pub async fn press(&self, label: &str) {
        self.trail.note(format!("presses “{label}”"));
        let path = format!("(//button | //a)[normalize-space() = '{label}']");
        self.click(Locator::XPath(&path), &format!("a button “{label}”")).await;
    }

    async fn click(&self, locator: Locator<'_>, what: &str) {
        self.wait_for(what, || async {
            let Some(element) = self.shown(locator).await? else { return Ok(None) };
            // Between the look and the click the page may have replaced it.
            Ok(element.click().await.ok())
        })
        .await;
    }

    async fn shown(&self, locator: Locator<'_>) -> Seen<Option<Element>> {
        for element in self.browser.client.find_all(locator).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Waits until the page's heading is this.
    pub async fn sees_heading(&self, heading: &str) {
        self.trail.note(format!("looks for the heading “{heading}”"));
        self.wait_for(&format!("the heading “{heading}”"), || async {
            Ok((self.heading().await?.as_deref() == Some(heading)).then_some(()))
        })
        .await;
    }

    /// Waits until this text is on the page.
    pub async fn sees(&self, text: &str) {
        self.trail.note(format!("looks for “{text}”"));
        self.wait_for(&format!("the text “{text}”"), || async {
            Ok(self.text().await?.contains(text).then_some(()))
        })
        .await;
    }

    /// Waits until this text is gone from the page.
    pub async fn no_longer_sees(&self, text: &str) {
        self.wait_for(&format!("the text “{text}” to go"), || async {
            Ok((!self.text().await?.contains(text)).then_some(()))
        })
        .await;
    }

    /// The text of the page as it is now.
    pub async fn page_text(&self) -> String {
        let text = self.text().await;
        self.must(text, "the page has text").await
    }

    async fn text(&self) -> Seen<String> {
        self.script("return document.body.innerText").await.map(|text| text.as_str().unwrap_or_default().to_owned())
    }

    async fn heading(&self) -> Seen<Option<String>> {
        let heading = self.script("return document.querySelector('h1')?.innerText ?? null").await?;
        Ok(heading.as_str().map(|text| text.trim().to_owned()))
    }

    /// Waits until `what` is true of the page: `script` returns something other than false or null.
    pub async fn sees_that(&self, what: &str, script: &str) -> Value {
        self.wait_for(what, || async {
            let value = self.script(script).await?;
            Ok((!value.is_null() && value != Value::Bool(false)).then_some(value))
        })
        .await
    }

    /// Waits until a condition outside of the page holds.
    pub async fn waits_until<F: Future<Output = bool>>(&self, what: &str, holds: impl Fn() -> F) {
        self.wait_for(what, || async { Ok(holds().await.then_some(())) }).await;
    }

    /// The address bar.
    pub async fn address(&self) -> String {
        let address = self.browser.client.current_url().await;
        self.must(address, "there is an address").await.into()
    }

    /// The address bar, without this app's origin.
    pub async fn place(&self) -> String {
        let address = self.address().await;
        address.strip_prefix(&self.site.origin).map_or(address.clone(), str::to_owned)
    }

    /// Waits until the browser is at this place of the app.
    pub async fn is_at(&self, place: &str) {
        self.wait_for(&format!("the address {place}"), || async { Ok((self.place().await == place).then_some(())) })
            .await;
    }

    /// What the app has in this tab's `sessionStorage`.
    pub async fn stored(&self) -> BTreeMap<String, String> {
        let entries = self.evaluate("return Object.fromEntries(Object.entries(sessionStorage))").await;
        serde_json::from_value(entries).expect("storage holds texts")
    }

    /// The keys of what the app has in this tab's `sessionStorage`; the state in those of pending
    /// sign-ins is left out.
    pub async fn stored_keys(&self) -> Vec<String> {
        let keys = self.stored().await.into_keys();
        keys.map(|key| if key.starts_with("sightline.pending.") { "sightline.pending.*".into() } else { key }).collect()
    }

    /// The stored tokens.
    pub async fn access_info(&self) -> Value {
        let stored = self.stored().await;
        let info = stored.get("sightline.access_info").expect("there is a session");
        serde_json::from_str(info).expect("what is stored is JSON")
    }

    /// Runs a script in the page and returns what it returns.
    pub async fn evaluate(&self, script: &str) -> Value {
        let value = self.script(script).await;
        self.must(value, "the script runs").await
    }

    async fn script(&self, script: &str) -> Seen<Value> {
        self.browser.client.execute(script, vec![]).await
    }

    /// Signs in at Looker's login page.
    pub async fn log_in_at_looker(&self) {
        self.sees_heading("Sign in to Looker").await;
        self.trail.note("logs in at Looker");
        for (id, text) in [("#email", EMAIL), ("#password", local_looker::PASSWORD)] {
            let field = self.browser.client.find(Locator::Css(id)).await;
            let field = self.must(field, "the login page has its fields").await;
            let typed = field.send_keys(text).await;
            self.must(typed, "it can be typed into").await;
        }
        self.click(Locator::Css("#sign-in"), "the login's button").await;
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

    /// Goes from the sign-in button to Looker and through all of its pages.
    pub async fn passes_looker(&self) {
        self.press(SIGN_IN).await;
        self.log_in_at_looker().await;
        self.allow().await;
    }

    /// Signs in from the app's root, and sees the account page.
    pub async fn signs_in(&self) {
        self.open_page("/").await;
        self.passes_looker().await;
        self.sees_account().await;
    }

    /// Waits for the account page with the person's name.
    pub async fn sees_account(&self) {
        self.sees_heading("Account").await;
        self.sees(NAME).await;
    }

    /// Takes a picture; `name` tells the journey and the moment.
    pub async fn screenshot(&self, name: &str) {
        if let Ok(picture) = self.browser.client.screenshot().await {
            let path = self.setting.screenshots.join(format!("{name}.png"));
            std::fs::write(&path, picture).expect("pictures can be written");
        }
    }

    /// Polls until `look` finds something. What is found wrong meanwhile may be a page on its way
    /// out, and counts as not found yet.
    async fn wait_for<T, F: Future<Output = Seen<Option<T>>>>(&self, what: &str, look: impl Fn() -> F) -> T {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut trouble = String::new();
        while tokio::time::Instant::now() < deadline {
            match look().await {
                Ok(Some(found)) => return found,
                Ok(None) => {}
                Err(error) => trouble = error.to_string(),
            }
            tokio::time::sleep(GLANCE).await;
        }
        self.fail(&format!("{what} was not seen in {} s. {trouble}", PATIENCE.as_secs())).await
    }

    async fn must<T, E: Display>(&self, result: Result<T, E>, what: &str) -> T {
        match result {
            Ok(value) => value,
            Err(error) => self.fail(&format!("{what}: {error}")).await,
        }
    }

    /// Ends the journey with everything that helps to see why.
    pub async fn fail(&self, why: &str) -> ! {
        let name = std::thread::current().name().unwrap_or("journey").replace("::", "-");
        self.screenshot(&format!("failed-{name}")).await;
        let picture = self.setting.screenshots.join(format!("failed-{name}.png"));
        let address = self.browser.client.current_url().await.map_or_else(|e| e.to_string(), Into::into);
        let text = self.text().await.unwrap_or_else(|error| error.to_string());
        let requests: String = self
            .looker
            .requests()
            .await
            .iter()
            .map(|x| format!("  {} {} {:?}\n", x.method, x.path, x.status))
            .collect();
        panic!(
            "{why}\n\nthe journey so far:\n{}\nat {address}, the page says:\n{text}\n\npicture: {}\n\n\
             Looker was asked:\n{requests}\nthe console says: {:#?}\npolicy violations: {:#?}",
            self.trail.tell(),
            picture.display(),
            self.browser.console().await,
            self.site.violations(),
        )
    }
}
