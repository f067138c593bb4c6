//! Signing in to Looker itself, by email and password.

use super::form::Form;
use super::pages::{self, Login, page};
use super::request::Request;
use super::visitor::{Visitor, proof, set_cookie};
use crate::secret::Secret;
use crate::state::{Looker, Shared};
use crate::steering::sign_in::{CODE, DIRECTORY_PASSWORD, SignIn};
use crate::store::people::Person;
use crate::store::{StoreError, Stored};
use crate::{admin, app_url};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;

/// The server could not do its work.
pub(crate) struct Broken(StoreError);

impl<E: Into<StoreError>> From<E> for Broken {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        let sentence = self.0.to_string();
        pages::error(StatusCode::INTERNAL_SERVER_ERROR, "Looker has a problem", &sentence)
    }
}

/// A redirect, if the address can be written in a header.
pub(crate) fn see(status: StatusCode, location: &str) -> Response {
    match axum::http::HeaderValue::try_from(location) {
        Ok(location) => {
            let headers = [
                (header::LOCATION, location),
                (header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store")),
                (header::REFERRER_POLICY, axum::http::HeaderValue::from_static("no-referrer")),
            ];
            (status, headers).into_response()
        }
        Err(_) => pages::error(
            StatusCode::BAD_REQUEST,
            "This address cannot be opened",
            "It has characters that no address can have.",
        ),
    }
}

/// Where the app that a query of `/auth` names is, and how it is called.
fn app_behind(looker: &Looker, query: &str) -> Result<(Option<String>, Option<String>), Broken> {
    let request = Request::read(query).ok();
    let Some(client_id) = request.as_ref().and_then(|request| request.client_id().ok()) else {
        return Ok((None, None));
    };
    let Some(app) = looker.store().app(client_id)? else { return Ok((None, None)) };
    Ok((Some(app.display_name), origin(&app.redirect_uri)))
}

/// The origin of an address that was registered.
pub(super) fn origin(redirect_uri: &str) -> Option<String> {
    let url = app_url::registrable(redirect_uri).ok()?;
    Some(url.origin().ascii_serialization())
}

/// The login page; the query of `/auth` goes with the form.
pub(super) fn form(
    looker: &Looker,
    visitor: Visitor,
    continue_with: &str,
    typed: Option<&str>,
) -> Result<Response, Broken> {
    let (app, onward) = app_behind(looker, continue_with)?;
    let (cookie, header) = visitor.with_cookie(looker)?;
    let login = Login {
        csrf: &proof(&cookie),
        continue_with,
        email: typed.unwrap_or_default(),
        app: app.as_deref(),
        wrong: typed.is_some(),
        settings: looker.sign_in(),
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(page(status, "Sign in", &login.html(), onward.as_deref(), header))
}

/// `GET /login`
pub(super) async fn show(State(looker): State<Shared>, visitor: Visitor) -> Result<Response, Broken> {
    form(&looker, visitor, "", None)
}

/// `POST /login`
pub(super) async fn sign_in(State(looker): State<Shared>, visitor: Visitor, body: Bytes) -> Result<Response, Broken> {
    let form_sent = Form::read(&body);
    if !visitor.sent(&form_sent) {
        return Ok(stale());
    }
    let (email, continue_with) = (form_sent.get("email"), form_sent.get("continue"));
    let Some(person) = known_by(&looker, email, form_sent.get("password"), form_sent.get("code"))? else {
        return form(&looker, visitor, continue_with, Some(email));
    };
    // A new cookie: whoever knew the one from before signing in knows nothing.
    visitor.leave(&looker)?;
    let session: Secret = looker.store().open_session(person.id)?;
    let next = match continue_with {
        "" => "/".to_owned(),
        query => format!("/auth?{query}"),
    };
    let mut response = see(StatusCode::SEE_OTHER, &next);
    let cookie = set_cookie(&looker, &session).map(|cookie| (header::SET_COOKIE, cookie));
    response.headers_mut().extend(cookie);
    Ok(response)
}

/// Who signs in with this, as people presently do; nobody who is disabled.
fn known_by(looker: &Looker, email: &str, password: &str, code: &str) -> Stored<Option<Person>> {
    let SignIn { two_factor, directory } = looker.sign_in();
    let store = looker.store();
    let person = match directory {
        true if password != DIRECTORY_PASSWORD => None,
        true => store.person_by_email(email)?.filter(|person| !person.is_disabled),
        false => store.person_by_password(email, password)?,
    };
    Ok(person.filter(|_| !two_factor || code.trim() == CODE))
}

/// A form without its proof: from another site, or from before the cookie was lost.
pub(super) fn stale() -> Response {
    pages::error(
        StatusCode::FORBIDDEN,
        "This form is out of date",
        "Go back to the app and start again. If it happens each time, allow cookies for Looker.",
    )
}

/// `GET /logout`
pub(super) async fn sign_out(State(looker): State<Shared>, visitor: Visitor) -> Result<Response, Broken> {
    visitor.leave(&looker)?;
    Ok(see(StatusCode::SEE_OTHER, "/"))
}

/// `GET /`: who is signed in.
pub(super) async fn home(State(looker): State<Shared>, visitor: Visitor) -> Result<Response, Broken> {
    let person = visitor.person(&looker)?;
    let content = html! {
        main {
            h1 { "Looker" }
            @if let Some(person) = person {
                p id="who" { "You are signed in as " (person.display_name()) "." }
                p { a id="logout" href="/logout" { "Sign out of Looker" } }
            } @else {
                p id="who" { "Nobody is signed in." }
                p { a id="login" href="/login" { "Sign in to Looker" } }
            }
            p { a id="admin" href=(admin::PATH) { "Admin page" } }
        }
    };
    Ok(page(StatusCode::OK, "Looker", &content, None, None))
}
