//! One call: where it goes, and how its answer is read.

use super::ApiError;
use crate::{Answer, AnswerError, BaseUrl, Body, MediaType, Method, Request, json::ObjectWriter, oauth::AccessToken};

/// A call of the API that answers with a `T`.
#[derive(Debug, Clone)]
pub struct Call<T> {
    method: Method,
    path: String,
    body: Option<Body>,
    read: fn(&Answer) -> Result<T, ApiError>,
}

impl<T> Call<T> {
    /// A call without a body. `path` begins behind `/api/4.0`: `/user`.
    pub(super) fn new(method: Method, path: &str, read: fn(&Answer) -> Result<T, ApiError>) -> Self {
        Self { method, path: ["/api/4.0", path].concat(), body: None, read }
    }

    /// A call that sends `body`.
    pub(super) fn with_body(
        method: Method,
        path: &str,
        body: ObjectWriter,
        read: fn(&Answer) -> Result<T, ApiError>,
    ) -> Self {
        Self { body: Some(Body::json(body.finish())), ..Self::new(method, path, read) }
    }

    /// Whether it changes nothing at Looker, so that it may be made again when nobody knows what came
    /// of it.
    pub fn is_safe(&self) -> bool {
        self.method == Method::Get
    }

    /// The request for it, at the instance that issued the token.
    pub fn request(&self, base_url: &BaseUrl, token: &AccessToken) -> Request {
        Request::with_token(self.method, base_url, &self.path, token, self.body.clone())
    }

    /// Reads its answer.
    pub fn read(&self, answer: &Answer) -> Result<T, ApiError> {
        match ApiError::of(answer) {
            Some(error) => Err(error),
            None => (self.read)(answer),
        }
    }
}

/// Reads the answer to a call that answers with nothing. A page with a status of success comes from
/// something else than the API: nothing was done.
pub(super) fn done(answer: &Answer) -> Result<(), ApiError> {
    match answer.media_type {
        MediaType::Html => Err(AnswerError::Page { status: answer.status }.into()),
        MediaType::Json | MediaType::Other => Ok(()),
    }
}
