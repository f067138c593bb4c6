//! Sign-ins under way, in the tab's storage.

use looker::{
    Timestamp,
    oauth::{AuthorizationRequest, Redirect},
};
use sightline::session::{Pending, PendingError, ReturnTo, Storage};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{client_id, empty_storage, instance, redirect_uri};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn pending(started_at: Timestamp) -> Pending {
    let request = AuthorizationRequest::new(instance(), client_id(), redirect_uri()).unwrap();
    Pending { request, return_to: ReturnTo::parse("/account?x=1#y"), started_at }
}

fn redirect(state: &str) -> Redirect {
    Redirect::parse(&format!("?code=c&state={state}")).unwrap()
}

fn take(storage: &Storage, state: &str, now: Timestamp) -> Result<Pending, PendingError> {
    Pending::take(storage, &redirect(state), now)
}

#[wasm_bindgen_test]
fn a_stored_sign_in_is_taken_out_whole_and_only_once() {
    let storage = empty_storage();
    let stored = pending(NOW);
    stored.store(&storage).unwrap();
    let state = stored.request.state.expose().to_owned();
    let taken = take(&storage, &state, NOW.plus_seconds(60)).unwrap();
    assert_eq!(taken.request.instance, stored.request.instance);
    assert_eq!(taken.request.client_id, stored.request.client_id);
    assert_eq!(taken.request.redirect_uri, stored.request.redirect_uri);
    assert_eq!(taken.request.code_verifier, stored.request.code_verifier);
    assert_eq!((taken.return_to, taken.started_at), (stored.return_to, stored.started_at));
    assert_eq!(take(&storage, &state, NOW).err(), Some(PendingError::Unknown));
    assert!(storage.keys("").is_empty());
}

#[wasm_bindgen_test]
fn a_foreign_state_leaves_every_pending_sign_in_untouched() {
    let storage = empty_storage();
    let (one, two) = (pending(NOW), pending(NOW));
    one.store(&storage).unwrap();
    two.store(&storage).unwrap();
    assert_eq!(take(&storage, &"A".repeat(43), NOW).err(), Some(PendingError::Unknown));
    assert!(take(&storage, two.request.state.expose(), NOW).is_ok());
    assert!(take(&storage, one.request.state.expose(), NOW).is_ok());
}

#[wasm_bindgen_test]
fn after_ten_minutes_a_sign_in_is_over_and_gone() {
    let storage = empty_storage();
    let old = pending(NOW);
    old.store(&storage).unwrap();
    let later = NOW.plus_seconds(600);
    assert_eq!(take(&storage, old.request.state.expose(), later).err(), Some(PendingError::Expired));
    assert_eq!(take(&storage, old.request.state.expose(), later).err(), Some(PendingError::Unknown));
}

#[wasm_bindgen_test]
fn what_is_over_from_the_future_or_nonsense_is_swept_out() {
    let storage = empty_storage();
    pending(NOW).store(&storage).unwrap();
    storage.set("pending.nonsense", "{").unwrap();
    pending(NOW.plus_seconds(9_999)).store(&storage).unwrap();
    let fresh = pending(NOW.plus_seconds(601));
    fresh.store(&storage).unwrap();
    let last = Pending::sweep(&storage, NOW.plus_seconds(601)).unwrap();
    assert_eq!(last.request.state.expose(), fresh.request.state.expose());
    assert_eq!(storage.keys("pending."), [["pending.", fresh.request.state.expose()].concat()]);
}

#[wasm_bindgen_test]
fn of_several_that_are_under_way_the_one_that_began_last_is_told() {
    let storage = empty_storage();
    assert!(Pending::sweep(&storage, NOW).is_none());
    // In whichever order the browser lists them.
    for _ in 0..8 {
        for seconds in [3, 1, 9, 4] {
            pending(NOW.plus_seconds(seconds)).store(&storage).unwrap();
        }
        let last = Pending::sweep(&storage, NOW.plus_seconds(10)).unwrap();
        assert_eq!(last.started_at, NOW.plus_seconds(9));
        assert_eq!(storage.keys("pending.").len(), 4);
        Pending::forget_all(&storage);
    }
}

#[wasm_bindgen_test]
fn a_sign_in_edited_by_hand_is_unknown() {
    let storage = empty_storage();
    for (from, to) in [
        ("https://my.looker.com:19999", "http://my.looker.com:19999"),
        ("https://app.example/authenticated", "https://app.example"),
        ("\"sightline\"", "\"\""),
        ("\"code_verifier\":\"", "\"code_verifier\":\"x"),
        ("1700000000000", "\"1700000000000\""),
    ] {
        let edited = pending(NOW);
        edited.store(&storage).unwrap();
        let key = ["pending.", edited.request.state.expose()].concat();
        let stored = storage.get(&key).unwrap();
        assert!(stored.contains(from), "{from}");
        storage.set(&key, &stored.replacen(from, to, 1)).unwrap();
        let state = edited.request.state.expose();
        assert_eq!(take(&storage, state, NOW).err(), Some(PendingError::Unknown), "{to}");
    }
}
