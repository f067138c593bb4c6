//! What calls send: bodies, `fields`, ids.

use super::errors::{ApiError, Problem};
use super::json;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde_json::{Map, Value};
use std::convert::Infallible;
use url::form_urlencoded;

/// A JSON body: an object, or nothing.
#[derive(Debug)]
pub(super) struct Members(pub(super) Map<String, Value>);

impl Members {
    /// Reads it. Looker does not ask for a content type.
    pub(super) fn read(body: &[u8]) -> Result<Self, ApiError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self(Map::new()));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(ApiError::BadRequest("Body should be a JSON object".to_owned())),
            Err(_) => Err(ApiError::BadRequest("Problems parsing JSON".to_owned())),
        }
    }

    /// A member that is a text, null or absent.
    pub(super) fn text(&self, name: &'static str, problems: &mut Vec<Problem>) -> Given<String> {
        match self.0.get(name) {
            None => Given::Absent,
            Some(Value::Null) => Given::Null,
            Some(Value::String(text)) => Given::Value(text.clone()),
            Some(_) => {
                problems.push(Problem::invalid(name, format!("{name} must be a string")));
                Given::Absent
            }
        }
    }

    /// A member that is true or false, or absent.
    pub(super) fn flag(&self, name: &'static str, problems: &mut Vec<Problem>) -> Option<bool> {
        match self.0.get(name) {
            None => None,
            Some(Value::Bool(flag)) => Some(*flag),
            Some(_) => {
                problems.push(Problem::invalid(name, format!("{name} must be true or false")));
                None
            }
        }
    }
}

/// What a member of a body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given<T> {
    Absent,
    Null,
    Value(T),
}

impl<T> Given<T> {
    /// What is given, or else what was there before.
    pub(super) fn or(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Absent => before,
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }
}

/// No problems: go on.
pub(super) fn valid(problems: Vec<Problem>) -> Result<(), ApiError> {
    if problems.is_empty() { Ok(()) } else { Err(ApiError::Invalid(problems)) }
}

/// A member of the query string.
pub(super) fn query(uri: &Uri, name: &str) -> Option<String> {
    form_urlencoded::parse(uri.query()?.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The members that a call asks for with `?fields=a,b(c)`; all, where it does not.
#[derive(Debug)]
pub(super) struct Fields(Option<String>);

impl Fields {
    fn asked(uri: &Uri) -> Self {
        Self(query(uri, "fields").filter(|fields| !fields.trim().is_empty()))
    }

    /// 200, with these members of `value`.
    pub(super) fn of(&self, value: Value) -> Response {
        let value = match &self.0 {
            Some(fields) => only(fields, value),
            None => value,
        };
        json(StatusCode::OK, &value)
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::asked(&parts.uri))
    }
}

/// Only the members named; the whole of what has parts.
fn only(fields: &str, value: Value) -> Value {
    let mut depth = 0_u32;
    let top: String = fields
        .chars()
        .filter(|char| {
            match char {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    let wanted: Vec<&str> = top.split(',').map(str::trim).collect();
    let pick = |value: Value| match value {
        Value::Object(members) => {
            Value::Object(members.into_iter().filter(|(name, _)| wanted.contains(&name.as_str())).collect())
        }
        other => other,
    };
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(pick).collect()),
        other => pick(other),
    }
}

/// A parameter of the path.
pub(super) async fn in_path(parts: &mut Parts, name: &str) -> Result<String, ApiError> {
    let all = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| ApiError::NotFound)?;
    let found = all.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    found.ok_or(ApiError::NotFound)
}

/// An id in a path. What is no number is nobody's.
pub(super) fn id(text: &str) -> Result<i64, ApiError> {
    text.parse().map_err(|_| ApiError::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_choose_members() {
        let user = json!({ "id": "1", "email": "a", "can": { "x": true } });
        for (query, asked, expected) in [
            ("", None, user.clone()),
            ("?fields=", None, user.clone()),
            ("?fields=id", Some("id"), json!({ "id": "1" })),
            ("?fields=id,%20email", Some("id, email"), json!({ "id": "1", "email": "a" })),
            ("?fields=can(x,y),id", Some("can(x,y),id"), json!({ "can": { "x": true }, "id": "1" })),
            ("?fields=none", Some("none"), json!({})),
        ] {
            let uri: Uri = format!("/user{query}").parse().unwrap();
            let fields = Fields::asked(&uri).0;
            assert_eq!(fields.as_deref(), asked, "{query}");
            assert_eq!(fields.map_or(user.clone(), |fields| only(&fields, user.clone())), expected, "{query}");
        }
    }

    #[test]
    fn a_body_is_an_object_or_nothing() {
        for (body, fine) in [("", true), (" \n", true), ("{}", true), ("[]", false), ("{", false)] {
            assert_eq!(Members::read(body.as_bytes()).is_ok(), fine, "{body:?}");
        }
    }
}
