//! The workbench: everything after sign-in. The door imports it and calls [`enter`].

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Takes the page over from the door. `first_answer` is what `GET /user` brought it, as JSON, if
/// the session is new.
#[wasm_bindgen]
pub fn enter(first_answer: Option<String>) {
    sightline::workbench::enter(first_answer.as_deref());
}
