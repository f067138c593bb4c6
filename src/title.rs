//! What a page is called, in the browser's tab and for screen readers: what it is, and what the app calls itself.
//! The door's sign-in page and the set-up page read `config.json`, and remember the name for all others; `boot.js`
//! calls a page by it that nothing else has called yet.

use crate::{page, session::Storage};

const APP_NAME: &str = "app_name";

/// Remembers the app's name for other pages. It is no secret.
pub fn remember(app_name: &str) {
    // Where it can't be kept, pages are called Sightline's.
    let _ = Storage::lasting().and_then(|storage| storage.set(APP_NAME, app_name));
}

/// Calls the page so, in the app of the name that is remembered.
pub fn set(name: &str) {
    let app_name = Storage::lasting().ok().and_then(|storage| storage.get(APP_NAME));
    set_in(name, app_name.as_deref().unwrap_or("Sightline"));
}

/// Calls the page so, in the app of this name.
pub fn set_in(name: &str, app_name: &str) {
    page::set_title(&[name, " · ", app_name].concat());
}
