//! A session, read back from the tab's storage.

use looker::Timestamp;
use sightline::session::{Farewell, Session, Storage, end};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{empty_storage, instance};

pub const ACCESS_INFO: &str = r#"{"access_token":"at","token_type":"Bearer","expires_in":3600,"expires_at":1700003600000,"refresh_token":"rt","refresh_expires_at":1702592000000}"#;
pub const INSTANCE: &str = r#"{"name":"My Looker","looker_url":"https://my.looker.com","base_url":"https://my.looker.com:19999","client_id":"sightline","session_id":"01234567-89ab-cdef-0123-456789abcdef","generation":7}"#;

pub fn store(access_info: &str, instance: &str) -> Storage {
    let storage = empty_storage();
    storage.set("access_info", access_info).unwrap();
    storage.set("instance", instance).unwrap();
    storage
}

#[wasm_bindgen_test]
fn a_stored_session_is_resumed_with_its_deadlines() {
    let storage = store(ACCESS_INFO, INSTANCE);
    assert!(Session::is_stored(&storage));
    let session = Session::resume(&storage).unwrap();
    assert_eq!(session.instance(), &instance());
    let deadlines = session.deadlines();
    assert_eq!(deadlines.access, Timestamp::from_millis(1_700_003_600_000));
    assert_eq!(deadlines.refresh, Some(Timestamp::from_millis(1_702_592_000_000)));
}

#[wasm_bindgen_test]
fn stored_nonsense_is_no_session_and_is_removed() {
    for (access_info, instance) in [
        ("", INSTANCE),
        ("null", INSTANCE),
        ("{\"access_token\":\"at\"}", INSTANCE),
        (&*ACCESS_INFO.replace("Bearer", "mac"), INSTANCE),
        (ACCESS_INFO, ""),
        (ACCESS_INFO, "[]"),
        (ACCESS_INFO, &*INSTANCE.replace("https://my.looker.com:19999", "http://evil.example")),
        (ACCESS_INFO, &*INSTANCE.replace("sightline", "")),
        (ACCESS_INFO, &*INSTANCE.replace("01234567-", "<b>")),
        (ACCESS_INFO, &*INSTANCE.replace(":7", ":-7")),
    ] {
        let storage = store(access_info, instance);
        assert!(Session::resume(&storage).is_none(), "{access_info} {instance}");
        assert!(storage.keys("").is_empty());
    }
}

#[wasm_bindgen_test]
fn the_end_of_a_session_leaves_nothing_but_word_of_it() {
    let storage = store(ACCESS_INFO, INSTANCE);
    storage.set("pending.x", "{}").unwrap();
    storage.set("draft", "{}").unwrap();
    end(Farewell::SignedOut);
    assert_eq!(storage.keys(""), ["farewell"]);
    assert_eq!(Farewell::take(&storage), Some(Farewell::SignedOut));
    assert_eq!(Farewell::take(&storage), None);
}

#[wasm_bindgen_test]
fn a_farewell_that_nobody_left_is_none() {
    let storage = empty_storage();
    storage.set("farewell", "<b>hello</b>").unwrap();
    assert_eq!(Farewell::take(&storage), None);
}
