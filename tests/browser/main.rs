//! What needs a browser, and no server: storage, the browser's JSON, fetch that fails, views.
//!
//! `cargo xtask test --only browser` runs this in three engines.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on has failed")]

mod calls;
mod face;
mod json;
mod net;
mod pending;
mod session;
mod tabs;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use looker::{BaseUrl, ClientId, Instance, LookerUrl, RedirectUri};

/// An instance to try things with.
fn instance() -> Instance {
    Instance {
        name: "My Looker".into(),
        looker_url: LookerUrl::parse("https://my.looker.com").unwrap(),
        base_url: BaseUrl::parse("https://my.looker.com:19999").unwrap(),
    }
}

/// A client_id to try things with.
fn client_id() -> ClientId {
    ClientId::parse("sightline").unwrap()
}

/// A redirect_uri to try things with.
fn redirect_uri() -> RedirectUri {
    RedirectUri::parse("https://app.example/authenticated").unwrap()
}

/// The tab's storage without anything of another test's.
fn empty_storage() -> sightline::session::Storage {
    web_sys::window().unwrap().session_storage().unwrap().unwrap().clear().unwrap();
    sightline::session::Storage::open().unwrap()
}
