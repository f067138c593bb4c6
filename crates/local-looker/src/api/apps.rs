//! `/oauth_client_apps`: registration, for admins.

use super::caller::Admin;
use super::errors::{ApiError, Problem};
use super::input::{self, Given, Members, only_fields};
use super::json;
use crate::app_url;
use crate::clock::rfc3339;
use crate::state::{Looker, Shared};
use crate::store::apps::App;
use crate::store::{Store, Stored};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde_json::{Value, json};

fn to_json(looker: &Looker, store: &Store, app: &App) -> Stored<Value> {
    let users: Vec<Value> = store
        .allowed_by(&app.client_guid)?
        .iter()
        .map(|person| {
            json!({
                "can": {},
                "id": person.id.to_string(),
                "first_name": person.first_name.clone().unwrap_or_default(),
                "last_name": person.last_name.clone().unwrap_or_default(),
                "display_name": person.display_name(),
                "avatar_url": "",
                "url": format!("{}/api/4.0/users/{}", looker.base_url, person.id),
            })
        })
        .collect();
    Ok(json!({
        "can": { "show": true, "update": true, "destroy": true },
        "client_guid": app.client_guid,
        "redirect_uri": app.redirect_uri,
        "display_name": app.display_name,
        "description": app.description,
        "enabled": app.enabled,
        "group_id": app.group_id,
        "tokens_invalid_before": rfc3339(app.tokens_invalid_before),
        "activated_users": users,
    }))
}

/// What a body makes of an app, or what is wrong with it.
fn read(body: &[u8], client_guid: &str, before: Option<App>) -> Result<App, ApiError> {
    let members = Members::read(body)?;
    let mut problems = Vec::new();
    let guid_is_fine = client_guid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte));
    if !guid_is_fine {
        problems.push(Problem::invalid("client_guid", "client_guid may have letters, digits and - . _ ~ : only"));
    }
    let mut required = |name, before: Option<String>| {
        match members.text(name, &mut problems).or(before).filter(|text| !text.trim().is_empty()) {
            Some(text) => text,
            None => {
                // A wrong type is said already.
                if !problems.iter().any(|problem| problem.field == name) {
                    problems.push(Problem::missing(name));
                }
                String::new()
            }
        }
    };
    let of = before.as_ref();
    let redirect_uri = required("redirect_uri", of.map(|app| app.redirect_uri.clone()));
    let display_name = required("display_name", of.map(|app| app.display_name.clone()));
    let description = required("description", of.map(|app| app.description.clone()));
    let enabled = members.flag("enabled", &mut problems);
    let group_id = match members.text("group_id", &mut problems) {
        Given::Absent => of.and_then(|app| app.group_id.clone()),
        Given::Null => None,
        Given::Value(group) => Some(group).filter(|group| !group.is_empty()),
    };
    if let Some(Err(problem)) =
        Some(&redirect_uri).filter(|given| !given.is_empty()).map(|given| app_url::registrable(given))
    {
        problems.push(Problem::invalid("redirect_uri", problem.to_string()));
    }
    input::valid(problems)?;
    Ok(App {
        client_guid: client_guid.to_owned(),
        redirect_uri,
        display_name,
        description,
        enabled: enabled.unwrap_or_else(|| of.is_none_or(|app| app.enabled)),
        group_id,
        tokens_invalid_before: of.map_or(0, |app| app.tokens_invalid_before),
    })
}

fn known(store: &Store, client_guid: &str) -> Result<App, ApiError> {
    store.app(client_guid)?.ok_or(ApiError::NotFound)
}

/// `GET /oauth_client_apps`
pub(super) async fn all(State(looker): State<Shared>, Admin(_): Admin, uri: Uri) -> Result<Response, ApiError> {
    let store = looker.store();
    let apps = store.apps()?.iter().map(|app| to_json(&looker, &store, app)).collect::<Stored<Vec<_>>>()?;
    Ok(json(StatusCode::OK, &only_fields(&uri, Value::Array(apps))))
}

/// `GET /oauth_client_apps/{client_guid}`
pub(super) async fn one(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path(client_guid): Path<String>,
    uri: Uri,
) -> Result<Response, ApiError> {
    let store = looker.store();
    let body = to_json(&looker, &store, &known(&store, &client_guid)?)?;
    Ok(json(StatusCode::OK, &only_fields(&uri, body)))
}

/// `POST /oauth_client_apps/{client_guid}`
pub(super) async fn register(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path(client_guid): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Result<Response, ApiError> {
    let store = looker.store();
    if store.app(&client_guid)?.is_some() {
        return Err(ApiError::Exists(format!("An app {client_guid} already exists.")));
    }
    let app = read(&body, &client_guid, None)?;
    store.put_app(&app)?;
    Ok(json(StatusCode::OK, &only_fields(&uri, to_json(&looker, &store, &app)?)))
}

/// `PATCH /oauth_client_apps/{client_guid}`
pub(super) async fn change(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path(client_guid): Path<String>,
    uri: Uri,
    body: Bytes,
) -> Result<Response, ApiError> {
    let store = looker.store();
    let before = known(&store, &client_guid)?;
    let was_enabled = before.enabled;
    let mut app = read(&body, &client_guid, Some(before))?;
    if was_enabled && !app.enabled {
        app.tokens_invalid_before = looker.now();
    }
    store.put_app(&app)?;
    Ok(json(StatusCode::OK, &only_fields(&uri, to_json(&looker, &store, &app)?)))
}

/// `DELETE /oauth_client_apps/{client_guid}`
pub(super) async fn remove(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path(client_guid): Path<String>,
) -> Result<StatusCode, ApiError> {
    if looker.store().delete_app(&client_guid)? { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::NotFound) }
}

/// `DELETE /oauth_client_apps/{client_guid}/tokens`
pub(super) async fn invalidate(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path(client_guid): Path<String>,
) -> Result<StatusCode, ApiError> {
    let store = looker.store();
    let app = known(&store, &client_guid)?;
    store.invalidate_app(&app.client_guid, looker.now())?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /oauth_client_apps/{client_guid}/users/{user_id}`
pub(super) async fn activate(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path((client_guid, user_id)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let store = looker.store();
    let app = known(&store, &client_guid)?;
    let person = store.person(input::id(&user_id)?)?.ok_or(ApiError::NotFound)?;
    store.allow(&app.client_guid, person.id)?;
    Ok(json(StatusCode::OK, &json!("")))
}

/// `DELETE /oauth_client_apps/{client_guid}/users/{user_id}`
pub(super) async fn deactivate(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path((client_guid, user_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let store = looker.store();
    let app = known(&store, &client_guid)?;
    let person = store.person(input::id(&user_id)?)?.ok_or(ApiError::NotFound)?;
    store.disallow(&app.client_guid, person.id)?;
    Ok(StatusCode::NO_CONTENT)
}
