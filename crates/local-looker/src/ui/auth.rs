//! `GET /auth`: the authorization endpoint.

use super::disclosure;
use super::login::{self, Broken, see};
use super::pages;
use super::request::{Forged, Refusal, Request};
use super::visitor::Visitor;
use crate::state::{Looker, Shared};
use crate::store::apps::App;
use crate::store::codes::CodeFor;
use crate::store::people::Person;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;

/// `GET /auth`
pub(super) async fn auth(State(looker): State<Shared>, visitor: Visitor, uri: Uri) -> Result<Response, Broken> {
    let query = uri.query().unwrap_or_default();
    let (request, app) = match understood(&looker, query)? {
        Ok(understood) => understood,
        Err(forged) => return Ok(ends_here(forged)),
    };
    if let Err(refusal) = request.challenge(looker.answers().padding()) {
        return Ok(refused(&looker, &request, &app, refusal));
    }
    let Some(person) = visitor.person(&looker)? else {
        return login::form(&looker, visitor, query, None);
    };
    if !looker.store().may_use(&app, person.id)? {
        return Ok(ends_here(Forged::NotForThem));
    }
    if !looker.store().has_allowed(&app.client_guid, person.id)? {
        return disclosure::form(&looker, visitor, query, &app, &person);
    }
    granted(&looker, &request, &app, &person)
}

/// The request and the app it comes from, or why it cannot be believed.
pub(super) fn understood(looker: &Looker, query: &str) -> Result<Result<(Request, App), Forged>, Broken> {
    let request = match Request::read(query) {
        Ok(request) => request,
        Err(forged) => return Ok(Err(forged)),
    };
    let app = match request.client_id() {
        Ok(client_id) => looker.store().app(client_id)?,
        Err(forged) => return Ok(Err(forged)),
    };
    let verdict = request.is_from(app.as_ref());
    Ok(match (verdict, app) {
        (Ok(()), Some(app)) => Ok((request, app)),
        (Err(forged), _) => Err(forged),
        (Ok(()), None) => Err(Forged::UnknownClientId),
    })
}

/// A page instead of a redirect.
pub(super) fn ends_here(forged: Forged) -> Response {
    let status = match forged {
        Forged::Disabled | Forged::NotForThem => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    pages::error(status, "This app cannot sign you in", &forged.sentence())
}

/// Back to the app with an error.
pub(super) fn refused(looker: &Looker, request: &Request, app: &App, why: Refusal) -> Response {
    let parameters = [("error", why.code()), ("error_description", why.sentence())];
    back(looker, request, app, &parameters)
}

/// Back to the app with a code.
pub(super) fn granted(looker: &Looker, request: &Request, app: &App, person: &Person) -> Result<Response, Broken> {
    let challenge = match request.challenge(looker.answers().padding()) {
        Ok(challenge) => challenge,
        Err(refusal) => return Ok(refused(looker, request, app, refusal)),
    };
    let what = CodeFor { client_guid: &app.client_guid, person: person.id, redirect_uri: &app.redirect_uri, challenge };
    let code = looker.store().issue_code(&what, looker.now())?;
    Ok(back(looker, request, app, &[("code", code.reveal())]))
}

fn back(looker: &Looker, request: &Request, app: &App, parameters: &[(&str, &str)]) -> Response {
    let answers = looker.answers();
    let issuer = match (answers.wrong_issuer, answers.issuer_in_redirect) {
        (true, _) => Some("https://somebody-else.example"),
        (false, true) => Some(looker.looker_url.as_str()),
        (false, false) => None,
    };
    let location = request.way_back(&app.redirect_uri, parameters, issuer);
    // 303, so that no browser repeats a form's POST at the app.
    see(StatusCode::SEE_OTHER, &location)
}
