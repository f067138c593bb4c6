//! `/setting`: of all of it, the Embedded Domain Allowlist.

use super::caller::Admin;
use super::errors::{ApiError, Problem};
use super::input::{Fields, Members};
use crate::state::{Looker, Shared};
use crate::store::settings::is_entry;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

fn to_json(looker: &Looker) -> Result<Value, ApiError> {
    Ok(json!({
        "extension_framework_enabled": false,
        "marketplace_enabled": false,
        "onboarding_enabled": false,
        "timezone": "UTC",
        "allow_user_timezones": false,
        "host_url": looker.looker_url,
        "embed_enabled": true,
        "embed_config": {
            "domain_allowlist": looker.store().allowlist()?,
            "alert_url_allowlist": [],
            "sso_auth_enabled": false,
            "embed_cookieless_v2": false,
            "embed_enabled": true,
        },
    }))
}

const ENTRIES: &str = "each entry must be a scheme, a host and, where it is not the usual one, a port";

/// The new allowlist, if the body has one.
fn read(body: &[u8]) -> Result<Option<Vec<String>>, ApiError> {
    let members = Members::read(body)?;
    let invalid = |field, why: &str| ApiError::Invalid(vec![Problem::invalid(field, why.to_owned())]);
    let given = match members.0.get("embed_config") {
        None => return Ok(None),
        Some(Value::Object(config)) => config.get("domain_allowlist"),
        Some(_) => return Err(invalid("embed_config", "embed_config must be an object")),
    };
    match given {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(Vec::new())),
        Some(Value::Array(entries)) => entries
            .iter()
            .map(|entry| entry.as_str().filter(|entry| is_entry(entry)).map(str::to_owned))
            .collect::<Option<Vec<_>>>()
            .map(Some)
            .ok_or_else(|| invalid("domain_allowlist", ENTRIES)),
        Some(_) => Err(invalid("domain_allowlist", "domain_allowlist must be a list")),
    }
}

/// `GET /setting`
pub(super) async fn present(
    State(looker): State<Shared>,
    Admin(_): Admin,
    fields: Fields,
) -> Result<Response, ApiError> {
    Ok(fields.of(to_json(&looker)?))
}

/// `PATCH /setting`
pub(super) async fn change(
    State(looker): State<Shared>,
    Admin(_): Admin,
    fields: Fields,
    body: Bytes,
) -> Result<Response, ApiError> {
    if let Some(allowlist) = read(&body)? {
        looker.store().set_allowlist(&allowlist)?;
    }
    Ok(fields.of(to_json(&looker)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowlist_entries_are_origins() {
        for (body, fine) in [
            (r#"{"embed_config":{"domain_allowlist":["http://localhost:8080"]}}"#, true),
            (r#"{"embed_config":{"domain_allowlist":["https://*.example.com"]}}"#, true),
            (r#"{"embed_config":{"domain_allowlist":[]}}"#, true),
            (r#"{"embed_config":{"domain_allowlist":null}}"#, true),
            (r#"{"embed_config":{}}"#, true),
            (r#"{"embed_config":{"domain_allowlist":["https://example.com/"]}}"#, false),
            (r#"{"embed_config":{"domain_allowlist":["example.com"]}}"#, false),
            (r#"{"embed_config":{"domain_allowlist":[1]}}"#, false),
            (r#"{"embed_config":{"domain_allowlist":"https://example.com"}}"#, false),
            (r#"{"embed_config":[]}"#, false),
        ] {
            assert_eq!(read(body.as_bytes()).is_ok(), fine, "{body}");
        }
    }
}
