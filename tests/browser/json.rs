//! JSON as the browser parses it.

use looker::json::Json;
use sightline::net::json::parse;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn every_kind_of_value_is_read() {
    let json =
        parse(r#"{"t":"é\u0000","n":-1.5,"f":false,"z":null,"l":[1,"2"],"o":{"__proto__":"p","a":{}}}"#).unwrap();
    let Json::Object(members) = &json else { panic!("not an object") };
    let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["t", "n", "f", "z", "l", "o"]);
    assert!(json.text("t") == Ok("é\0"));
    assert!(json.get("n") == Some(&Json::Number(-1.5)));
    assert!(json.get("f") == Some(&Json::Flag(false)));
    assert!(members[3].1 == Json::Null);
    assert!(json.list("l").is_ok_and(|l| l == [Json::Number(1.0), Json::Text("2".into())]));
    assert!(json.object("o").is_ok_and(|o| o.text("__proto__") == Ok("p")));
}

#[wasm_bindgen_test]
fn what_is_no_json_is_said_in_the_browsers_words() {
    for text in ["", "{", "{'a':1}", "undefined", "<!doctype html>"] {
        assert!(parse(text).is_err_and(|error| !error.message.is_empty()), "{text}");
    }
}

#[wasm_bindgen_test]
fn deep_nesting_is_refused_and_not_followed() {
    let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    assert!(parse(&nested(60)).is_ok());
    assert!(parse(&nested(5_000)).is_err());
}
