//! A request, ready to be carried.

use crate::{BaseUrl, oauth::AccessToken, secret::Secret};

/// The HTTP methods that Looker's API uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, or asks for tokens.
    Post,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// The method as HTTP spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What a request carries; it may hold a code or a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(Secret);

impl Body {
    /// What Looker's documentation asks for with JSON.
    pub const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

    pub(crate) fn json(text: String) -> Self {
        Self(Secret::new(text))
    }

    /// The JSON text, for the transport alone.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// A request to an API host. It can't be made for one host with another host's token: whoever
/// names the token names the host with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    method: Method,
    url: String,
    token: Option<AccessToken>,
    body: Option<Body>,
}

impl Request {
    /// A request that carries no token.
    pub(crate) fn open(method: Method, base_url: &BaseUrl, path: &str, body: Option<Body>) -> Self {
        Self { method, url: join(base_url, path), token: None, body }
    }

    /// A request that carries `token`, which was issued by the instance at `base_url`.
    pub(crate) fn with_token(
        method: Method,
        base_url: &BaseUrl,
        path: &str,
        token: &AccessToken,
        body: Option<Body>,
    ) -> Self {
        Self { method, url: join(base_url, path), token: Some(token.clone()), body }
    }

    /// The HTTP method.
    pub const fn method(&self) -> Method {
        self.method
    }

    /// The whole address. No secret is ever part of it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The value of the `Authorization` header (RFC 6750, section 2.1), for the transport alone.
    pub fn authorization(&self) -> Option<String> {
        let token = self.token.as_ref()?.expose();
        Some(["Bearer ", token].concat())
    }

    /// The same in the spelling that Looker documents for API3 credentials: `token …`.
    pub fn api3_authorization(&self) -> Option<String> {
        let token = self.token.as_ref()?.expose();
        Some(["token ", token].concat())
    }

    /// What to send along.
    pub const fn body(&self) -> Option<&Body> {
        self.body.as_ref()
    }
}

/// `base_url` has no path, and what is put behind it begins with a slash, so that no path, however
/// odd, can change the host.
fn join(base_url: &BaseUrl, path: &str) -> String {
    let slash = if path.starts_with('/') { "" } else { "/" };
    [base_url.as_str(), slash, path].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_to_another_host() {
        let base_url = BaseUrl::parse("https://my.looker.com:19999").unwrap();
        for path in ["/api/token", ".evil.example/", "@evil.example/", "//evil.example/", ":80/", "\\evil"] {
            let request = Request::open(Method::Get, &base_url, path, None);
            assert!(request.url().starts_with("https://my.looker.com:19999/"), "{path}: {}", request.url());
        }
    }

    #[test]
    fn a_request_shows_neither_its_token_nor_its_body() {
        let base_url = BaseUrl::parse("https://my.looker.com").unwrap();
        let token = AccessToken::new("s3cr3t".into());
        let body = Body::json("{\"code\":\"s3cr3t\"}".into());
        let request = Request::with_token(Method::Post, &base_url, "/x", &token, Some(body));
        assert!(!format!("{request:?}").contains("s3cr3t"));
        assert_eq!(request.authorization().as_deref(), Some("Bearer s3cr3t"));
        assert_eq!(request.api3_authorization().as_deref(), Some("token s3cr3t"));
    }
}
