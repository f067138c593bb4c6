//! What copies of a tab say to each other.

use looker::{
    Timestamp,
    oauth::{AccessInfo, AccessToken, RefreshToken},
};
use sightline::{
    net::json,
    session::{Ending, Message, News},
};
use wasm_bindgen_test::wasm_bindgen_test;

fn news() -> News {
    News {
        generation: 3,
        access_info: AccessInfo {
            access_token: AccessToken::new("at".into()),
            expires_in: 3600,
            expires_at: Timestamp::from_millis(1_700_003_600_000),
            refresh_token: Some(RefreshToken::new("rt".into())),
            refresh_expires_at: Timestamp::from_millis(1_702_592_000_000),
        },
    }
}

fn read(text: &str) -> Option<Message> {
    Message::from_json(&json::parse(text).ok()?)
}

#[wasm_bindgen_test]
fn what_is_said_is_heard_the_same() {
    for message in [
        Message::Opened,
        Message::Ask { ask: 4_294_967_295, generation: 2 },
        Message::Answer { ask: 0, news: None, is_in_doubt: false, pause: None },
        Message::Answer { ask: 0, news: None, is_in_doubt: true, pause: Some(Timestamp::from_millis(1)) },
        Message::Answer { ask: 1, news: Some(news()), is_in_doubt: false, pause: None },
        Message::Renewed(news()),
        Message::Ended { generation: 0, ending: Ending::Refused },
        Message::Ended { generation: 1, ending: Ending::Lost },
        Message::Ended { generation: 2, ending: Ending::NoRefreshToken },
        Message::SignedOut,
    ] {
        assert_eq!(read(&message.to_json()), Some(message));
    }
}

#[wasm_bindgen_test]
fn what_makes_no_sense_is_not_heard() {
    let renewed = Message::Renewed(news()).to_json();
    let answer = Message::Answer { ask: 1, news: Some(news()), is_in_doubt: false, pause: None }.to_json();
    for text in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"say":"hello"}"#,
        r#"{"say":7}"#,
        r#"{"say":"ask","ask":1}"#,
        r#"{"say":"ask","ask":"1","generation":1}"#,
        r#"{"say":"ended"}"#,
        r#"{"say":"ended","generation":1}"#,
        r#"{"say":"ended","generation":1,"ending":"x"}"#,
        r#"{"say":"answer","ask":1,"in_doubt":1}"#,
        r#"{"say":"renewed","generation":1}"#,
        r#"{"say":"renewed","generation":1,"access_info":"at"}"#,
        &renewed.replace("Bearer", "mac"),
        &renewed.replace("\"at\"", "\"\""),
        &answer.replace("Bearer", "mac"),
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}
