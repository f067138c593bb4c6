//! Signing in to Looker itself, by email and password.

use super::pages::{self, Login, escape, page};
use super::request::Request;
use super::visitor::{Form, Visitor, proof, set_cookie};
use crate::app_url;
use crate::secret::Secret;
use crate::state::{Looker, Shared};
use crate::store::StoreError;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The server could not do its work.
pub(super) struct Broken(StoreError);

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
pub(super) fn see(status: StatusCode, location: &str) -> Response {
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
    let person = looker.store().person_by_password(email, form_sent.get("password"))?;
    let Some(person) = person else {
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
    let main = match visitor.person(&looker)? {
        Some(person) => format!(
            "<h1>Looker</h1>\n<p id=\"who\">You are signed in as {}.</p>\n\
             <p><a id=\"logout\" href=\"/logout\">Sign out of Looker</a></p>\n",
            escape(&person.display_name())
        ),
        None => "<h1>Looker</h1>\n<p id=\"who\">Nobody is signed in.</p>\n\
                 <p><a id=\"login\" href=\"/login\">Sign in to Looker</a></p>\n"
            .to_owned(),
    };
    Ok(page(StatusCode::OK, "Looker", &main, None, None))
}
