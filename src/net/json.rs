//! The browser's own JSON parser, for [`looker::json`].

use js_sys::{Array, JSON, JsString, Object};
use looker::json::Json;
use wasm_bindgen::{JsCast, JsValue};

/// The browser could not parse it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// Why, in the browser's words.
    pub message: String,
}

/// How deep a value may be nested. Nothing of Looker's comes near it, and a stack is finite.
const DEEPEST: u32 = 64;

/// Parses JSON text.
pub fn parse(text: &str) -> Result<Json, JsonError> {
    let value = JSON::parse(text).map_err(|error| JsonError { message: message_of(&error) })?;
    from_js(&value, DEEPEST).ok_or_else(|| JsonError { message: "it is nested too deeply".into() })
}

/// What a thrown value says of itself.
pub fn message_of(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_default(),
    }
}

fn from_js(value: &JsValue, deepest: u32) -> Option<Json> {
    let deeper = deepest.checked_sub(1)?;
    Some(if let Some(text) = value.as_string() {
        Json::Text(text)
    } else if let Some(number) = value.as_f64() {
        Json::Number(number)
    } else if let Some(flag) = value.as_bool() {
        Json::Flag(flag)
    } else if let Some(list) = value.dyn_ref::<Array>() {
        Json::List(list.iter().map(|item| from_js(&item, deeper)).collect::<Option<_>>()?)
    } else if let Some(object) = value.dyn_ref::<Object>() {
        let member = |entry: JsValue| {
            let entry: Array = entry.unchecked_into();
            let name: JsString = entry.get(0).unchecked_into();
            Some((name.into(), from_js(&entry.get(1), deeper)?))
        };
        Json::Object(Object::entries(object).iter().map(member).collect::<Option<_>>()?)
    } else {
        Json::Null
    })
}
