//! Web Locks: held by one page of this origin at a time, or by several together.
//! <https://w3c.github.io/web-locks/>
//!
//! web-sys has them only behind a compiler flag, so what is used of them stands here.

use std::{cell::RefCell, rc::Rc};

use futures_channel::oneshot;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::page;

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`
    pub type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &Function,
    ) -> Result<Promise<JsValue>, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise<JsValue>, JsValue>;
}

/// A lock that is held until this is dropped.
pub struct Held {
    release: Function,
}

impl Drop for Held {
    fn drop(&mut self) {
        // To resolve a promise never throws.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

impl LockManager {
    /// The browser's; nothing where it has none.
    pub fn of_this_browser() -> Option<Self> {
        let locks = Reflect::get(&page::window().navigator(), &"locks".into()).ok()?;
        locks.is_object().then(|| locks.unchecked_into())
    }

    /// Waits, at most `patience` milliseconds, until no other page holds the lock.
    pub async fn exclusive(&self, name: &str, patience: u32) -> Option<Held> {
        let (granted, held) = oneshot::channel();
        let granted = Rc::new(RefCell::new(Some(granted)));
        let on_granted = {
            let granted = granted.clone();
            Closure::once_into_js(move |_lock: JsValue| {
                Promise::<JsValue>::new(&mut |release, _| {
                    if let Some(granted) = granted.take() {
                        // Nobody waits any longer: what is sent is dropped, and so releases it.
                        let _ = granted.send(Held { release: release.unchecked_into() });
                    }
                })
            })
        };
        let options = Object::new();
        set(&options, "signal", &AbortSignal::timeout_with_u32(patience));
        let request = self.request(name, &options, on_granted.unchecked_ref()).ok()?;
        wasm_bindgen_futures::spawn_local(async move {
            // Ends when the lock is released, or when it is waited for in vain; then whoever
            // waits learns it by this.
            let _ = JsFuture::from(request).await;
            granted.take();
        });
        held.await.ok()
    }

    /// Holds the lock together with all others who hold it so, for as long as the page lives and is
    /// not put aside; `held` is called when it does.
    pub fn share(&self, name: &str, held: impl FnOnce() + 'static) {
        let forever = Closure::once_into_js(move |_lock: JsValue| {
            held();
            Promise::<JsValue>::new(&mut |_, _| {})
        });
        let options = Object::new();
        set(&options, "mode", &"shared".into());
        // Refused only where the page is on its way out.
        let _ = self.request(name, &options, forever.unchecked_ref());
    }

    /// How many hold the lock; nothing where the browser does not say.
    pub async fn holders(&self, name: &str) -> Option<usize> {
        let snapshot = JsFuture::from(self.query().ok()?).await.ok()?;
        let held: Array = Reflect::get(&snapshot, &"held".into()).ok()?.dyn_into().ok()?;
        let is_it = |lock: &JsValue| Reflect::get(lock, &"name".into()).is_ok_and(|held| held == name);
        Some(held.iter().filter(is_it).count())
    }
}

fn set(options: &Object, name: &str, value: &JsValue) {
    // A plain object takes everything.
    let _ = Reflect::set(options, &name.into(), value);
}
