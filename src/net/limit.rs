//! What ends a request before its answer.

use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{AbortController, AbortSignal, RequestInit};

/// Aborts a request when its time is up, and when nobody waits for it any more: when this is dropped. What has ended
/// is not touched by it.
pub struct Limit {
    patience: AbortSignal,
    controller: Option<AbortController>,
}

impl Limit {
    /// Limits the request that is made with `init` to so many milliseconds.
    pub fn set(init: &RequestInit, milliseconds: u32) -> Self {
        let limit =
            Self { patience: AbortSignal::timeout_with_u32(milliseconds), controller: AbortController::new().ok() };
        let either = limit.controller.as_ref().and_then(|controller| either(&limit.patience, controller));
        init.set_signal(Some(either.as_ref().unwrap_or(&limit.patience)));
        limit
    }

    /// Whether its time is up.
    pub fn is_up(&self) -> bool {
        self.patience.aborted()
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        self.patience.set_onabort(None);
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

/// Aborts when patience ends, and when the controller says so. (Browsers of before 2024 have no `AbortSignal.any`.)
fn either(patience: &AbortSignal, controller: &AbortController) -> Option<AbortSignal> {
    let abort: Function = Reflect::get(controller, &"abort".into()).ok()?.unchecked_into();
    patience.set_onabort(Some(&abort.bind0(controller)));
    Some(controller.signal())
}
