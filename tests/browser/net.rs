//! Requests that need no server to answer them.

use looker::{BaseUrl, MediaType, api, oauth::AccessToken};
use sightline::net::{TransportError, Try, diagnosis, get_file, send};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// A port of this machine that no browser connects to: it is on fetch's list of bad ports.
fn dead_host() -> BaseUrl {
    BaseUrl::parse("http://localhost:1").unwrap()
}

#[wasm_bindgen_test]
async fn a_host_that_nobody_answers_at_is_an_error_without_a_panic() {
    let request = api::user().request(&dead_host(), &AccessToken::new("t".into()));
    assert!(matches!(send(&request, Try::First).await, Err(TransportError::NoAnswer { .. })));
}

#[wasm_bindgen_test]
async fn a_rejection_with_something_that_is_no_error_is_no_answer_either() {
    let window = web_sys::window().unwrap();
    let name = JsValue::from("fetch");
    let fetch = js_sys::Reflect::get(&window, &name).unwrap();
    // What somebody's extension may put in its place.
    for (rejection, evidence) in [("'gone'", "gone"), ("undefined", ""), ("5", ""), ("{}", "")] {
        let body = format!("return Promise.reject({rejection})");
        let odd: JsValue = js_sys::Function::new_no_args(&body).unchecked_into();
        js_sys::Reflect::set(&window, &name, &odd).unwrap();
        let answer = get_file("data:,").await;
        js_sys::Reflect::set(&window, &name, &fetch).unwrap();
        assert_eq!(answer.err(), Some(TransportError::NoAnswer { evidence: evidence.into() }), "{rejection}");
    }
}

#[wasm_bindgen_test]
async fn the_probe_tells_a_silent_host() {
    assert_eq!(diagnosis::reach(&dead_host()).await, diagnosis::Reach::Silent);
}

#[wasm_bindgen_test]
async fn a_file_comes_with_its_status_and_its_kind() {
    let file = get_file("data:application/json,{\"a\":1}").await.unwrap();
    assert_eq!((file.status, file.media_type, file.text.as_str()), (200, MediaType::Json, "{\"a\":1}"));
}
