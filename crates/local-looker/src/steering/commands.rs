//! What an operator can do to this Looker in one go. Each is a function that `/_local` and the admin
//! page share, and a handler that reads JSON for it.

use crate::app_url;
use crate::state::{Looker, Shared};
use crate::store::apps::{App, is_client_guid};
use crate::store::tokens::Kind;
use crate::store::{StoreError, Stored};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

/// Why a command was not carried out.
pub(crate) enum CommandError {
    Store(StoreError),
    /// What is wrong with it, as a sentence.
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

/// Short for what most handlers answer.
pub(super) type Done = Result<StatusCode, CommandError>;

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

/// What can be done to the tokens of everybody.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokensDo {
    ExpireAccess,
    ExpireRefresh,
    RevokeAll,
}

/// Does it.
pub(crate) fn do_to_tokens(looker: &Looker, what: TokensDo) -> Stored<()> {
    let (store, now) = (looker.store(), looker.now());
    match what {
        TokensDo::ExpireAccess => store.expire_tokens(Kind::Access, now),
        TokensDo::ExpireRefresh => store.expire_tokens(Kind::Refresh, now),
        TokensDo::RevokeAll => store.revoke_all(),
    }
}

/// `POST /_local/tokens`
pub(super) async fn tokens(State(looker): State<Shared>, Json(tokens): Json<Tokens>) -> Done {
    do_to_tokens(&looker, tokens.what)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What an app is to be; what is absent stays as it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppChange {
    pub(crate) client_guid: String,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) enabled: Option<bool>,
    /// Empty: for everybody.
    pub(crate) group_id: Option<String>,
}

/// Registers an app, or changes one.
pub(crate) fn put_app(looker: &Looker, to: AppChange) -> Result<(), CommandError> {
    if let Some(Err(problem)) = to.redirect_uri.as_deref().map(app_url::registrable) {
        return Err(CommandError::Nonsense(format!("redirect_uri: {problem}")));
    }
    let store = looker.store();
    let (app, redirect_uri) = match (store.app(&to.client_guid)?, to.redirect_uri) {
        (Some(app), given) => {
            let redirect_uri = given.unwrap_or_else(|| app.redirect_uri.clone());
            (app, redirect_uri)
        }
        (None, _) if !is_client_guid(&to.client_guid) => {
            let why = "client_guid: it may have letters, digits and - . _ ~ : only";
            return Err(CommandError::Nonsense(why.to_owned()));
        }
        (None, Some(redirect_uri)) => (App::named(to.client_guid), redirect_uri),
        (None, None) => return Err(CommandError::Nonsense("redirect_uri: a new app needs one".to_owned())),
    };
    let app = App {
        redirect_uri,
        display_name: to.display_name.unwrap_or(app.display_name),
        description: to.description.unwrap_or(app.description),
        enabled: to.enabled.unwrap_or(app.enabled),
        group_id: to.group_id.map_or(app.group_id, |group| Some(group).filter(|group| !group.is_empty())),
        ..app
    };
    store.put_app(app, looker.now())?;
    Ok(())
}

/// `POST /_local/apps`
pub(super) async fn apps(State(looker): State<Shared>, Json(to): Json<AppChange>) -> Done {
    put_app(&looker, to)?;
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

/// Somebody who has signed in to Looker in a browser, and has allowed an app.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Visit {
    email: String,
    client_guid: String,
}

/// What that browser sends along.
#[derive(Serialize)]
pub(super) struct Cookie {
    name: String,
    value: String,
}

/// `POST /_local/sessions`: what the login page and the disclosure page come to, without them.
pub(super) async fn sessions(
    State(looker): State<Shared>,
    Json(visit): Json<Visit>,
) -> Result<Json<Cookie>, CommandError> {
    let store = looker.store();
    let Some(person) = store.person_by_email(&visit.email)? else {
        return Err(CommandError::Nonsense(format!("nobody is {}", visit.email)));
    };
    let Some(app) = store.app(&visit.client_guid)? else {
        return Err(CommandError::Nonsense(format!("no app is {}", visit.client_guid)));
    };
    store.allow(&app.client_guid, person.id)?;
    let session = store.open_session(person.id)?;
    Ok(Json(Cookie { name: looker.cookie_name.clone(), value: session.reveal().to_owned() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowlist {
    origins: Vec<String>,
}

/// `POST /_local/allowlist`: replaces it, also by what Looker would not take.
pub(super) async fn allowlist(State(looker): State<Shared>, Json(list): Json<Allowlist>) -> Done {
    looker.store().set_allowlist(&list.origins)?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /_local/reset`: everything back to the start state. The body is any JSON.
pub(super) async fn reset(State(looker): State<Shared>, Json(_): Json<serde_json::Value>) -> Done {
    looker.reset()?;
    Ok(StatusCode::NO_CONTENT)
}
