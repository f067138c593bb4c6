//! What a person does in the browser, and sees there.

use std::{collections::BTreeMap, fmt::Display, future::Future, ops::RangeInclusive, time::Duration};

use fantoccini::{Locator, error::CmdError};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{
    mouse::At,
    stage::{PATIENCE, Stage},
};

/// How the page calls her.
pub const NAME: &str = "Ada Lovelace";
/// What the button of the door says.
pub const SIGN_IN: &str = "Sign in to Local Looker";
/// What the button says that tries it once more.
pub const SIGN_IN_AGAIN: &str = "Sign in to Local Looker again";
/// The keys of a session in `sessionStorage`.
pub const SESSION: [&str; 2] = ["sightline.access_info", "sightline.instance"];

/// How soon the page is looked at again while something is waited for. A look costs the page time, so there
/// are fewer the longer it takes.
const GLANCES: RangeInclusive<Duration> = Duration::from_millis(20)..=Duration::from_millis(250);
/// How long the app itself waits for an answer, and then some.
const LONG: Duration = Duration::from_secs(45);

/// What came of one look at the page.
pub(crate) type Seen<T> = Result<T, CmdError>;

impl Stage {
    /// Opens a page of the app; `path` begins with a slash.
    pub async fn open_page(&self, path: &str) {
        self.open_address(&[&*self.site.app, path].concat()).await;
    }

    /// Opens an address.
    pub async fn open_address(&self, address: &str) {
        self.acts(format!("opened {address}"));
        let opened = self.browser.client.goto(address).await;
        self.must(opened, "the browser opens it").await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.acts("reloaded");
        let reloaded = self.browser.client.refresh().await;
        self.must(reloaded, "the browser reloads").await;
    }

    /// Presses the browser's Back.
    pub async fn go_back(&self) {
        self.acts("went back");
        let went = self.browser.client.back().await;
        self.must(went, "the browser goes back").await;
    }

    /// Minimises the window, which hides its page.
    pub async fn hides(&self) {
        self.acts("hid the page");
        let minimised = self.browser.command("window/minimize", &json!({})).await;
        if minimised.is_none() {
            self.fail("the browser does not minimise its window").await;
        }
        self.sees_that("a hidden page", "return document.visibilityState === 'hidden'").await;
    }

    /// Brings the window back.
    pub async fn comes_back(&self) {
        self.acts("brought the page back");
        self.browser.command("window/rect", &json!({ "width": 1000, "height": 800 })).await;
        self.sees_that("a page that is seen", "return document.visibilityState === 'visible'").await;
    }

    /// Types into the field at this selector.
    pub async fn types(&self, selector: &str, text: &str) {
        self.trail.note(format!("types “{text}”"));
        self.wait_for(&format!("a field {selector}"), || async {
            let Some(field) = self.shown(At::Selector(selector)).await? else { return Ok(None) };
            field.send_keys(text).await.map(Some)
        })
        .await;
    }

    /// Presses a button that copies the text above it, and returns what a person has then: pasted by the
    /// keyboard, or selected where the browser lets the page copy nothing.
    pub async fn copies(&self, label: &str) -> String {
        // All browsers of a display have one clipboard.
        static CLIPBOARD: Mutex<()> = Mutex::const_new(());
        let _mine = CLIPBOARD.lock().await;
        self.press(label).await;
        let paste = format!(
            "const paste = [...document.querySelectorAll('.paste')]
                .find((paste) => paste.querySelector('button').innerText.trim() === '{label}');"
        );
        let said = self
            .sees_that(
                &format!("what came of “{label}”"),
                &format!("{paste} return paste.querySelector('[role=status]').innerText || null"),
            )
            .await;
        if said != "Copied" {
            assert_eq!(said, "Selected: copy it with your keyboard");
            let selected = self.evaluate("return getSelection().toString()").await;
            return selected.as_str().unwrap_or_default().trim().to_owned();
        }
        self.evaluate(
            "const place = document.createElement('textarea');
             place.id = 'pasted-here';
             document.querySelector('main').append(place);
             return null",
        )
        .await;
        // Control and V, and no key any more.
        self.types("#pasted-here", "\u{e009}v\u{e000}").await;
        let pasted =
            self.sees_that("a pasted text", "return document.getElementById('pasted-here').value || null").await;
        self.evaluate("document.getElementById('pasted-here').remove(); return null").await;
        pasted.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page's heading is this.
    pub async fn sees_heading(&self, heading: &str) {
        self.trail.note(format!("looks for the heading “{heading}”"));
        self.wait_for(&format!("the heading “{heading}”"), || async {
            Ok((self.heading().await?.as_deref() == Some(heading)).then_some(()))
        })
        .await;
    }

    /// Waits until the page's heading is this, longer than the app waits for any answer.
    pub async fn sees_heading_at_last(&self, heading: &str) {
        self.wait_within(LONG, &format!("the heading “{heading}”"), || async {
            Ok((self.heading().await?.as_deref() == Some(heading)).then_some(()))
        })
        .await;
    }

    /// Waits until the page tells of this trouble: as an alert that has the focus, with nothing of
    /// a redirect left in the address.
    pub async fn sees_trouble(&self, headline: &str) {
        self.sees_heading(headline).await;
        self.sees_that(
            "the headline to have the focus, in an alert",
            "return document.activeElement.matches('[role=alert] h1')",
        )
        .await;
        self.sees_no_secret_in_the_address().await;
        self.is_for_everybody().await;
    }

    /// Makes sure that the address has no code, state or error in it.
    pub async fn sees_no_secret_in_the_address(&self) {
        let address = self.address().await;
        let names = ["code=", "state=", "error=", "iss="];
        assert!(!names.iter().any(|name| address.contains(name)), "the address bar shows {address}");
    }

    /// Makes sure that this is all the app has in this tab's `sessionStorage`.
    pub async fn has_stored(&self, keys: &[&str]) {
        let stored = self.stored_keys().await;
        if stored != keys {
            self.fail(&format!("stored is {stored:?}, not {keys:?}")).await;
        }
    }

    /// Makes sure that this many token requests reached Looker so far.
    pub async fn has_sent_token_requests(&self, count: usize) {
        // One that has begun counts, too.
        self.sees_that("no renewal under way", "return document.querySelector('.state')?.innerText !== 'Renewing…'")
            .await;
        let sent = self.looker.token_requests().await;
        if sent != count {
            self.fail(&format!("{sent} token requests were sent, not {count}")).await;
        }
    }

    /// Waits until this text is on the page.
    pub async fn sees(&self, text: &str) {
        self.trail.note(format!("looks for “{text}”"));
        self.wait_for(&format!("the text “{text}”"), || async {
            Ok(self.text().await?.contains(text).then_some(()))
        })
        .await;
    }

    /// Waits until this text is on the page, longer than the app waits for anything.
    pub async fn sees_at_last(&self, text: &str) {
        self.trail.note(format!("looks for “{text}” at last"));
        self.wait_within(LONG, &format!("the text “{text}”"), || async {
            Ok(self.text().await?.contains(text).then_some(()))
        })
        .await;
    }

    /// Waits until this is all the text of an element; for pages where nothing runs, no script of
    /// WebDriver's either. White space is not compared: drivers differ there.
    pub async fn sees_all_of(&self, locator: Locator<'_>, text: &str) {
        self.trail.note(format!("looks for “{text}” without a script"));
        self.wait_for(&format!("only the text “{text}”"), || async {
            let seen = self.browser.client.find(locator).await?.text().await?;
            Ok(seen.split_whitespace().eq(text.split_whitespace()).then_some(()))
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

    /// Waits until `what` is true of the page, longer than the app waits for anything.
    pub async fn sees_at_last_that(&self, what: &str, script: &str) {
        self.wait_within(LONG, what, || async { Ok((self.script(script).await? == Value::Bool(true)).then_some(())) })
            .await;
    }

    /// Waits until this many token requests reached Looker.
    pub async fn waits_for_token_requests(&self, count: usize) {
        self.waits_until(&format!("{count} token requests"), || async { self.looker.token_requests().await == count })
            .await;
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

    /// The address bar, without what all addresses of this app begin with.
    pub async fn place(&self) -> String {
        let address = self.address().await;
        address.strip_prefix(&self.site.app).map_or(address.clone(), str::to_owned)
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

    /// Runs a script in the page and returns what it gives to its last argument, a function.
    pub async fn evaluate_async(&self, script: &str) -> Value {
        let value = self.browser.client.execute_async(script, vec![]).await;
        self.must(value, "the script runs").await
    }

    async fn script(&self, script: &str) -> Seen<Value> {
        self.browser.client.execute(script, vec![]).await
    }

    /// Types into the field with this name.
    pub async fn types_into(&self, name: &str, text: &str) {
        self.trail.note(format!("types “{text}”"));
        let field = self.browser.client.find(Locator::Css(&format!("[name={name}]"))).await;
        let field = self.must(field, "there is a field to type into").await;
        let typed = field.send_keys(text).await;
        self.must(typed, "it can be typed into").await;
    }

    /// Opens the local Looker's admin page by the link on its start page.
    pub async fn opens_the_admin_page(&self) {
        self.open_address(&self.looker_url).await;
        self.press("Admin page").await;
        self.sees_heading("People").await;
    }

    /// Waits until the admin page says this of the button that was pressed, where it has the focus so that it is heard.
    pub async fn hears_from_the_admin_page(&self, sentence: &str) {
        self.sees(sentence).await;
        let has_focus = "return document.activeElement.matches('#notice[role=status]')";
        self.sees_that("what was done to have the focus", has_focus).await;
    }

    /// Waits until the header says this of the session.
    pub async fn sees_standing(&self, words: &str) {
        let standing = format!("return document.querySelector('.state')?.innerText === '{words}'");
        self.sees_that(&format!("“{words}” in the header"), &standing).await;
    }

    /// Sees the sign-in page, ready to be used.
    pub async fn sees_door(&self) {
        self.sees_heading("Sightline").await;
        self.sees_that(
            "a sign-in button that can be pressed",
            "const button = document.querySelector('button');
             return button?.innerText.startsWith('Sign in to') && button.getAttribute('aria-disabled') !== 'true'",
        )
        .await;
        self.is_for_everybody().await;
    }

    /// Waits for the account page with the person's name.
    pub async fn sees_account(&self) {
        self.sees_heading("Account").await;
        self.sees(NAME).await;
        self.is_for_everybody().await;
    }

    /// Looks at the page, and takes a picture; `name` tells the journey and the moment.
    pub async fn screenshot(&self, name: &str) {
        self.is_for_everybody().await;
        self.picture(name).await;
    }

    /// Takes a picture of the page as it is.
    pub async fn picture(&self, name: &str) {
        // What is in the document is not yet painted; a tab in the background paints nothing.
        let painted = "const done = arguments[0];
            requestAnimationFrame(() => requestAnimationFrame(() => done(null)));
            setTimeout(() => done(null), 500)";
        // A page on its way out can't say when; then it is pictured as it is.
        if self.browser.runs_scripts {
            let _ = self.browser.client.execute_async(painted, vec![]).await;
        }
        if let Ok(picture) = self.browser.client.screenshot().await {
            let path = self.setting.screenshots.join(format!("{name}.png"));
            std::fs::write(&path, picture).expect("pictures can be written");
        }
    }

    /// Polls until `look` finds something. What is found wrong meanwhile may be a page on its way
    /// out, and counts as not found yet.
    pub(crate) async fn wait_for<T, F: Future<Output = Seen<Option<T>>>>(&self, what: &str, look: impl Fn() -> F) -> T {
        self.wait_within(PATIENCE, what, look).await
    }

    async fn wait_within<T, F>(&self, patience: Duration, what: &str, look: impl Fn() -> F) -> T
    where
        F: Future<Output = Seen<Option<T>>>,
    {
        if patience > PATIENCE {
            self.leaves_its_place();
        }
        let deadline = tokio::time::Instant::now() + patience;
        let mut trouble = String::new();
        let mut glance = *GLANCES.start();
        while tokio::time::Instant::now() < deadline {
            match look().await {
                Ok(Some(found)) => return found,
                Ok(None) => {}
                Err(error) => trouble = error.to_string(),
            }
            tokio::time::sleep(glance).await;
            glance = (glance * 3 / 2).min(*GLANCES.end());
        }
        self.fail(&format!("{what} was not seen in {} s. {trouble}", patience.as_secs())).await
    }

    pub(crate) async fn must<T, E: Display>(&self, result: Result<T, E>, what: &str) -> T {
        match result {
            Ok(value) => value,
            Err(error) => self.fail(&format!("{what}: {error}")).await,
        }
    }

    /// Ends the journey with everything that helps to see why.
    pub async fn fail(&self, why: &str) -> ! {
        let name = std::thread::current().name().unwrap_or("journey").replace("::", "-");
        self.picture(&format!("failed-{name}")).await;
        let picture = self.setting.screenshots.join(format!("failed-{name}.png"));
        let address = self.browser.client.current_url().await.map_or_else(|e| e.to_string(), Into::into);
        // With what is folded.
        let _ = self.script("for (const folded of document.querySelectorAll('details')) folded.open = true").await;
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
            self.console().await,
            self.site.violations(),
        )
    }
}
