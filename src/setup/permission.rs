//! Whether this browser lets the page reach this machine and its network, where it asks people about that
//! (Local Network Access). <https://wicg.github.io/local-network-access/>

use js_sys::{Object, Reflect};
use looker::BaseUrl;
use wasm_bindgen::prelude::*;

use super::hindrance::{Hindrance, Place};

/// What the browser says of it, where it is not allowed already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// It asks the person, at the first request that leads there.
    Asks,
    /// The person, or who manages the browser, does not allow it.
    Denied,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "permissions"])]
    async fn query(descriptor: &Object) -> Result<JsValue, JsValue>;
}

impl Permission {
    /// What it is for a page of `origin` that asks `base_url`; nothing where it is allowed, or this browser or
    /// these addresses need no permission.
    pub async fn of(origin: &str, base_url: &BaseUrl) -> Option<Self> {
        if Place::of(origin) != Place::Elsewhere && Hindrance::of(origin, base_url).is_none() {
            return None;
        }
        // Before there were two, there was one for both.
        for name in [Place::of(base_url.as_str()).permission(), "local-network-access"] {
            if let Some(state) = state(name).await {
                return Self::named(&state);
            }
        }
        None
    }

    fn named(state: &str) -> Option<Self> {
        match state {
            "prompt" => Some(Self::Asks),
            "denied" => Some(Self::Denied),
            _ => None,
        }
    }
}

/// How this permission stands; nothing where the browser does not know it.
async fn state(name: &str) -> Option<String> {
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"name".into(), &name.into()).ok()?;
    Reflect::get(&query(&descriptor).await.ok()?, &"state".into()).ok()?.as_string()
}
