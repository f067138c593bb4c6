//! The steering commands that do one thing and are done.

use crate::app_url;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::apps::App;
use crate::store::tokens::Kind;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// Why a command was not carried out.
pub(super) enum CommandError {
    Store(StoreError),
    Nonsense(String),
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for CommandError {
    fn into_response(self) -> Response {
        match self {
            Self::Store(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
            Self::Nonsense(why) => (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
        }
    }
}

type Done = Result<StatusCode, CommandError>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Clock {
    advance_seconds: i64,
}

/// `POST /_local/clock`
pub(super) async fn clock(State(looker): State<Shared>, Json(by): Json<Clock>) -> StatusCode {
    looker.clock.advance(by.advance_seconds);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tokens {
    #[serde(rename = "do")]
    what: TokensDo,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TokensDo {
    ExpireAccess,
    ExpireRefresh,
    RevokeAll,
}

/// `POST /_local/tokens`
pub(super) async fn tokens(State(looker): State<Shared>, Json(tokens): Json<Tokens>) -> Done {
    let (store, now) = (looker.store(), looker.now());
    match tokens.what {
        TokensDo::ExpireAccess => store.expire_tokens(Kind::Access, now)?,
        TokensDo::ExpireRefresh => store.expire_tokens(Kind::Refresh, now)?,
        TokensDo::RevokeAll => store.revoke_all()?,
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppChange {
    client_guid: String,
    redirect_uri: Option<String>,
    display_name: Option<String>,
    description: Option<String>,
    enabled: Option<bool>,
    #[serde(default)]
    group_id: Option<String>,
}

/// `POST /_local/apps`: registers an app, or changes the members that are given.
pub(super) async fn apps(State(looker): State<Shared>, Json(to): Json<AppChange>) -> Done {
    if let Some(Err(problem)) = to.redirect_uri.as_deref().map(app_url::registrable) {
        return Err(CommandError::Nonsense(format!("redirect_uri: {problem}")));
    }
    let store = looker.store();
    let known = store.app(&to.client_guid)?;
    let redirect_uri = to.redirect_uri.or(known.as_ref().map(|app| app.redirect_uri.clone()));
    let Some(redirect_uri) = redirect_uri else {
        return Err(CommandError::Nonsense("redirect_uri: a new app needs one".to_owned()));
    };
    let app = known.unwrap_or_else(|| App {
        client_guid: to.client_guid.clone(),
        redirect_uri: String::new(),
        display_name: to.client_guid.clone(),
        description: String::new(),
        enabled: true,
        group_id: None,
        tokens_invalid_before: 0,
    });
    let app = App {
        redirect_uri,
        display_name: to.display_name.unwrap_or(app.display_name),
        description: to.description.unwrap_or(app.description),
        enabled: to.enabled.unwrap_or(app.enabled),
        group_id: to.group_id.or(app.group_id),
        ..app
    };
    store.put_app(app, looker.now())?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Groups {
    email: String,
    group_ids: Vec<String>,
}

/// `POST /_local/groups`: puts somebody into exactly these groups.
pub(super) async fn groups(State(looker): State<Shared>, Json(groups): Json<Groups>) -> Done {
    let store = looker.store();
    let Some(person) = store.person_by_email(&groups.email)? else {
        return Err(CommandError::Nonsense(format!("nobody is {}", groups.email)));
    };
    store.set_groups(person.id, &groups.group_ids)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowlist {
    origins: Vec<String>,
}

/// `POST /_local/allowlist`: replaces it.
pub(super) async fn allowlist(State(looker): State<Shared>, Json(list): Json<Allowlist>) -> Done {
    looker.store().set_allowlist(&list.origins)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /_local/reset`: everything back to the start state. The body is any JSON.
pub(super) async fn reset(State(looker): State<Shared>, Json(_): Json<serde_json::Value>) -> Done {
    looker.reset()?;
    Ok(StatusCode::NO_CONTENT)
}
