//! The page that tells what an app may do, once for each person.

use super::auth::{ends_here, granted, refused, understood};
use super::form::Form;
use super::login::{Broken, form as login_form, origin, stale};
use super::pages::{Disclosure, page};
use super::request::{Forged, Refusal};
use super::visitor::{Visitor, proof};
use crate::state::{Looker, Shared};
use crate::store::apps::App;
use crate::store::people::Person;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

/// The page.
pub(super) fn form(
    looker: &Looker,
    visitor: Visitor,
    continue_with: &str,
    app: &App,
    person: &Person,
) -> Result<Response, Broken> {
    let (cookie, header) = visitor.with_cookie(looker)?;
    let disclosure = Disclosure {
        csrf: &proof(&cookie),
        continue_with,
        app: &app.display_name,
        description: &app.description,
        person: &person.display_name(),
    };
    let onward = origin(&app.redirect_uri);
    Ok(page(StatusCode::OK, "Allow an app", &disclosure.html(), onward.as_deref(), header))
}

/// `POST /disclosure`: everything is looked at again, for the form carries the whole request.
pub(super) async fn decide(State(looker): State<Shared>, visitor: Visitor, body: Bytes) -> Result<Response, Broken> {
    let sent = Form::read(&body);
    if !visitor.sent(&sent) {
        return Ok(stale());
    }
    let query = sent.get("continue");
    let (request, app) = match understood(&looker, query)? {
        Ok(understood) => understood,
        Err(forged) => return Ok(ends_here(forged)),
    };
    let Some(person) = visitor.person(&looker)? else {
        return login_form(&looker, visitor, query, None);
    };
    if !looker.store().may_use(&app, person.id)? {
        return Ok(ends_here(Forged::NotForThem));
    }
    if sent.get("answer") != "allow" {
        return Ok(refused(&looker, &request, &app, Refusal::Denied));
    }
    looker.store().allow(&app.client_guid, person.id)?;
    granted(&looker, &request, &app, &person)
}
