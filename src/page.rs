//! What this page knows of its own address.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use looker::{Instance, RedirectUri, Timestamp, UrlError};
use wasm_bindgen::{
    JsCast, JsValue,
    prelude::{Closure, wasm_bindgen},
};
use web_sys::{Document, Event, EventTarget, HtmlElement, Window};

use crate::session::ReturnTo;

/// The path, below the base path, that Looker sends people back to.
pub const REDIRECT_PATH: &str = "authenticated";

/// The path, below the base path, of the set-up page.
pub const SETUP_PATH: &str = "setup";

/// The browser's window.
///
/// # Panics
/// Outside of a browser's page, where nothing of this app runs.
pub fn window() -> Window {
    leptos::prelude::window()
}

/// The window's document.
pub fn document() -> Document {
    leptos::prelude::document()
}

/// The time by the clock of this machine.
pub fn now() -> Timestamp {
    // Whole milliseconds since 1970 fit for the next 285,000 years.
    Timestamp::from_millis(js_sys::Date::now() as u64)
}

/// How long a page that was about to go is taken to be going, in milliseconds: as long as the next one may
/// take to answer.
const LONGEST_GOING: u64 = 30_000;

/// When this page was last about to go, by [`uptime`]; 0 where it never was.
static WENT_AT: AtomicU64 = AtomicU64::new(0);

/// Notes that this page is about to go, unless the person stays after all.
pub fn note_going() {
    WENT_AT.store(uptime().max(1), Ordering::Relaxed);
}

/// Notes that this page is seen again after all.
pub fn note_staying() {
    WENT_AT.store(0, Ordering::Relaxed);
}

/// Whether this page is on its way out, as far as was [noted](note_going).
pub fn is_going() -> bool {
    let went_at = WENT_AT.load(Ordering::Relaxed);
    went_at != 0 && uptime().saturating_sub(went_at) < LONGEST_GOING
}

/// Milliseconds since the page was loaded, by a clock that nobody sets.
pub fn uptime() -> u64 {
    window().performance().map_or(0, |performance| performance.now() as u64)
}

/// Some number, good enough to spread load, and for nothing that must not be guessed.
pub fn random() -> u64 {
    // Whole and exact: below 2^32.
    (js_sys::Math::random() * f64::from(u32::MAX)) as u64
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = sightline, js_name = basePath)]
    fn base_path_of_boot() -> Result<String, JsValue>;

    #[wasm_bindgen(catch, js_namespace = sightline, js_name = takeQuery)]
    fn take_query_of_boot() -> Result<String, JsValue>;
}

/// The path that the app is served below, with a slash at both ends: `/` or `/looker/`. Where there
/// is no `boot.js`, as in an app that is built on this crate, it is `/`.
pub fn base_path() -> String {
    base_path_of_boot().unwrap_or_else(|_| "/".into())
}

/// The query that the page was opened with, with its question mark; empty from the second call on.
/// It is out of the address then: `boot.js` has taken it before anything was loaded, and where there
/// is none it is taken here.
pub fn take_query() -> String {
    take_query_of_boot().unwrap_or_else(|_| {
        let location = window().location();
        let query = location.search().unwrap_or_default();
        replace_address(&location.pathname().unwrap_or_default());
        query
    })
}

/// The address of a page of this app; `path` begins behind the base path.
pub fn address(path: &str) -> String {
    [&*base_path(), path].concat()
}

/// What leads from a trouble to the set-up page, which checks this instance at once: its path below the base
/// path, with the trouble in the fragment. Both hosts are named, since instances may have one in common.
pub fn checks_of(trouble: &str, instance: &Instance) -> String {
    [SETUP_PATH, "#", trouble, "=", instance.looker_url.as_str(), ",", instance.base_url.as_str()].concat()
}

/// Where the page is now, as it can be stored and gone back to.
pub fn here() -> ReturnTo {
    let location = window().location();
    let part = |part: Result<String, _>| part.unwrap_or_default();
    ReturnTo::parse(&[part(location.pathname()), part(location.search()), part(location.hash())].concat())
}

/// The page's origin, as it must stand in Looker's allowlist.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Whether this is the page that Looker sends people back to.
pub fn is_redirect() -> bool {
    is_at(REDIRECT_PATH)
}

/// Whether the address is the set-up page's.
pub fn is_setup() -> bool {
    is_at(SETUP_PATH)
}

fn is_at(path: &str) -> bool {
    window().location().pathname().unwrap_or_default() == address(path)
}

/// The address that Looker must send people back to. The same in every request of this page.
pub fn redirect_uri() -> Result<RedirectUri, UrlError> {
    RedirectUri::parse(&[&*origin(), &*base_path(), REDIRECT_PATH].concat())
}

/// Changes the address without loading anything and without leaving the old one in the history.
pub fn replace_address(path: &str) {
    // Browsers refuse only addresses of other origins and, in a loop, too many changes; neither
    // is at hand, and the address bar is not worth failing a sign-in for.
    let _ = window().history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(path)));
}

/// How long a button says that the browser is on its way: nobody tells a page that the person stopped
/// it.
pub const LONGEST_WAY: Duration = Duration::from_secs(10);

/// The browser does not go there: to it, that is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoAddress;

/// Loads `address` as a new page.
pub fn go(address: &str) -> Result<(), NoAddress> {
    window().location().assign(address).map_err(|_| NoAddress)
}

/// Loads `address` in place of this page, so that Back does not lead here.
pub fn go_instead(address: &str) {
    let _ = window().location().replace(address);
}

/// The address of this page by https.
pub fn by_https() -> String {
    let address = window().location().href().unwrap_or_default();
    ["https:", address.strip_prefix("http:").unwrap_or_default()].concat()
}

/// Loads this page anew.
pub fn reload() {
    let _ = window().location().reload();
}

/// Names the page, in the browser's tab and for screen readers.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// The theme that the page is shown in; none is the device's.
pub fn theme() -> Option<String> {
    document().document_element()?.get_attribute("data-theme")
}

/// Shows the page in one of the themes of `style/tokens.css`, or as the device does.
pub fn set_theme(theme: &str) {
    if let Some(root) = document().document_element() {
        // Fails only for a name that is none.
        let _ = root.set_attribute("data-theme", theme);
    }
}

/// Where `index.html` has the door.
pub fn door() -> Option<HtmlElement> {
    document().get_element_by_id("door").and_then(|door| door.dyn_into().ok())
}

/// Removes the door's place, with all that is in it.
pub fn remove_door() {
    if let Some(door) = door() {
        door.remove();
    }
}

/// Whether `index.html` says already that a part of the page could not be loaded.
pub fn is_given_up() -> bool {
    is_told("not-loaded")
}

/// Whether `index.html` says already that a module trapped.
pub fn has_stopped() -> bool {
    is_told("stopped")
}

fn is_told(id: &str) -> bool {
    document().get_element_by_id(id).is_some_and(|told| !told.has_attribute("hidden"))
}

/// Removes what `index.html` shows in the door's place before anything runs.
pub fn remove_shell() {
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
}

/// Listens for an event for as long as the page lives.
pub fn listen(target: &EventTarget, event: &str, hear: impl Fn(Event) + 'static) {
    let hear = Closure::<dyn Fn(Event)>::new(hear).into_js_value();
    // What is a function is always taken.
    let _ = target.add_event_listener_with_callback(event, hear.unchecked_ref());
}

/// Puts the focus on the element with this id.
pub fn focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails only where the element is gone again.
        let _ = element.focus();
    }
}
