//! `/oauth_client_apps`: registration, for admins.

use super::caller::{Admin, Visible};
use super::errors::{ApiError, Problem};
use super::input::{self, Fields, Given, Members};
use super::{json, users};
use crate::app_url;
use crate::clock::rfc3339;
use crate::state::{Looker, Shared};
use crate::store::apps::{App, is_client_guid};
use crate::store::{Store, Stored};
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};

fn to_json(looker: &Looker, store: &Store, app: &App) -> Stored<Value> {
    let users: Vec<Value> =
        store.allowed_by(&app.client_guid)?.iter().map(|person| users::public_json(looker, person)).collect();
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
    if !is_client_guid(client_guid) {
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

/// The app of the path's `client_guid`, named by an admin.
#[derive(Debug)]
pub(super) struct Named(App);

impl FromRequestParts<Shared> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, looker: &Shared) -> Result<Self, ApiError> {
        Admin::from_request_parts(parts, looker).await?;
        let client_guid = input::in_path(parts, "client_guid").await?;
        looker.store().app(&client_guid)?.map(Self).ok_or(ApiError::NotFound)
    }
}

/// `GET /oauth_client_apps`
pub(super) async fn all(State(looker): State<Shared>, Admin(_): Admin, fields: Fields) -> Result<Response, ApiError> {
    let store = looker.store();
    let apps = store.apps()?.iter().map(|app| to_json(&looker, &store, app)).collect::<Stored<Vec<_>>>()?;
    Ok(fields.of(Value::Array(apps)))
}

/// `GET /oauth_client_apps/{client_guid}`
pub(super) async fn one(State(looker): State<Shared>, Named(app): Named, fields: Fields) -> Result<Response, ApiError> {
    Ok(fields.of(to_json(&looker, &looker.store(), &app)?))
}

/// `POST /oauth_client_apps/{client_guid}`
pub(super) async fn register(
    State(looker): State<Shared>,
    Admin(_): Admin,
    Path(client_guid): Path<String>,
    fields: Fields,
    body: Bytes,
) -> Result<Response, ApiError> {
    if looker.store().app(&client_guid)?.is_some() {
        return Err(ApiError::Exists(format!("An app {client_guid} already exists.")));
    }
    put(&looker, read(&body, &client_guid, None)?, &fields)
}

/// `PATCH /oauth_client_apps/{client_guid}`
pub(super) async fn change(
    State(looker): State<Shared>,
    Named(app): Named,
    fields: Fields,
    body: Bytes,
) -> Result<Response, ApiError> {
    let client_guid = app.client_guid.clone();
    put(&looker, read(&body, &client_guid, Some(app))?, &fields)
}

fn put(looker: &Looker, app: App, fields: &Fields) -> Result<Response, ApiError> {
    let store = looker.store();
    let app = store.put_app(app, looker.now())?;
    Ok(fields.of(to_json(looker, &store, &app)?))
}

/// `DELETE /oauth_client_apps/{client_guid}`
pub(super) async fn remove(State(looker): State<Shared>, Named(app): Named) -> Result<StatusCode, ApiError> {
    looker.store().delete_app(&app.client_guid)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /oauth_client_apps/{client_guid}/tokens`
pub(super) async fn invalidate(State(looker): State<Shared>, Named(app): Named) -> Result<StatusCode, ApiError> {
    looker.store().invalidate_app(&app.client_guid, looker.now())?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /oauth_client_apps/{client_guid}/users/{user_id}`
pub(super) async fn activate(
    State(looker): State<Shared>,
    Named(app): Named,
    Visible(person): Visible,
) -> Result<Response, ApiError> {
    looker.store().allow(&app.client_guid, person.id)?;
    Ok(json(StatusCode::OK, &json!("")))
}

/// `DELETE /oauth_client_apps/{client_guid}/users/{user_id}`
pub(super) async fn deactivate(
    State(looker): State<Shared>,
    Named(app): Named,
    Visible(person): Visible,
) -> Result<StatusCode, ApiError> {
    looker.store().disallow(&app.client_guid, person.id)?;
    Ok(StatusCode::NO_CONTENT)
}
