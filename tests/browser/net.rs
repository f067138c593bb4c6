//! Requests that need no server to answer them.

use futures_util::future::{ready, select};
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

/// Begins a log, as in boot.js; an app that is built on this crate may have none, as every other test
/// here.
fn begin_log() -> js_sys::Array {
    let log = js_sys::Function::new_no_args(
        "const seen = []; globalThis.sightline = { log: (...entry) => seen.push(entry) }; return seen",
    );
    log.call0(&JsValue::NULL).unwrap().unchecked_into()
}

/// Ends the log; returns its entries.
fn end_log(seen: &js_sys::Array) -> Vec<js_sys::Array> {
    js_sys::Reflect::delete_property(&js_sys::global(), &"sightline".into()).unwrap();
    seen.iter().map(JsCast::unchecked_into).collect()
}

#[wasm_bindgen_test]
async fn a_request_that_is_cancelled_stands_in_the_log_once_and_without_an_answer() {
    let seen = begin_log();
    let request = api::user().request(&dead_host(), &AccessToken::new("t".into()));
    // Begun, and dropped before anything came of it.
    drop(select(Box::pin(send(&request, Try::First)), ready(())).await);
    // What was dropped has no way to come back; this has, and is recorded after it.
    assert!(send(&request, Try::Again).await.is_err());
    let seen = end_log(&seen);
    let told: Vec<_> = seen.iter().map(|entry| (entry.get(2).as_f64(), entry.get(5).as_bool())).collect();
    assert_eq!(told, [(Some(0.0), Some(false)), (Some(0.0), Some(true))]);
}

#[wasm_bindgen_test]
async fn an_exchange_is_recorded_where_there_is_a_log_and_carries_no_token() {
    let seen = begin_log();
    let request = api::user().request(&dead_host(), &AccessToken::new("s3cr3t".into()));
    for of in [Try::First, Try::Again] {
        assert!(send(&request, of).await.is_err());
    }
    let seen = end_log(&seen);
    assert_eq!(seen.len(), 2);
    for (entry, again) in seen.iter().zip([false, true]) {
        let url = entry.get(1).as_string();
        assert_eq!(
            (entry.get(0).as_string().as_deref(), url.as_deref()),
            (Some("GET"), Some("http://localhost:1/api/4.0/user"))
        );
        assert_eq!(
            (entry.get(2).as_f64(), entry.get(4).as_f64(), entry.get(5).as_bool()),
            (Some(0.0), Some(0.0), Some(again))
        );
        assert!(entry.get(3).as_f64().is_some_and(|start| start > 1.7e12));
        assert!(!js_sys::JSON::stringify(entry).unwrap().includes("s3cr3t", 0));
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
