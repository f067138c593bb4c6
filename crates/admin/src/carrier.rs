//! Carries requests to one API host, and brings the answers back.

use std::time::Duration;

use looker::{
    Answer, BaseUrl, Body, MediaType, Request,
    api::{ApiCredentials, LoginError, LoginRequest, read_login_answer},
    oauth::AccessToken,
};
use reqwest::{
    Certificate, Client, Method, RequestBuilder,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
    redirect::Policy,
};

use crate::{json, transport_error::TransportError};

/// More than Looker's answers to anything asked here ever have, in bytes.
const LARGEST: usize = 16 << 20;

/// How the host is called.
pub struct Carrier {
    client: Client,
    base_url: BaseUrl,
}

/// What a host has to show, and how long it may take.
pub struct Terms {
    /// Whether its certificate is checked.
    pub verify_ssl: bool,
    /// Authorities to trust besides this machine's own.
    pub authorities: Vec<Certificate>,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// Why there is no token.
#[derive(Debug)]
pub enum NoToken {
    /// No answer came.
    Transport(TransportError),
    /// Looker's answer is none.
    Login(LoginError),
}

impl Carrier {
    /// Redirects are not followed: credentials and tokens go to this host or nowhere. The proxies of the environment
    /// serve https alone, of which they see nothing; by http, which is for this machine, they would read everything.
    pub fn new(base_url: BaseUrl, terms: Terms) -> Result<Self, reqwest::Error> {
        let mut builder = Client::builder()
            .user_agent(concat!("looker-admin/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(terms.timeout)
            // A little less, so that nothing counts as sent where nobody could be reached.
            .connect_timeout(terms.timeout * 9 / 10)
            .danger_accept_invalid_certs(!terms.verify_ssl);
        for authority in terms.authorities {
            builder = builder.add_root_certificate(authority);
        }
        if base_url.as_str().starts_with("http:") {
            builder = builder.no_proxy();
        }
        Ok(Self { client: builder.build()?, base_url })
    }

    /// The host.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Trades credentials for a token.
    pub async fn log_in(&self, credentials: &ApiCredentials) -> Result<AccessToken, NoToken> {
        let login = LoginRequest::new(&self.base_url, credentials);
        let request = self.client.post(login.url()).header(CONTENT_TYPE, LoginRequest::CONTENT_TYPE);
        let answer = send(request.body(login.expose_form().to_owned())).await.map_err(NoToken::Transport)?;
        read_login_answer(&answer).map_err(NoToken::Login)
    }

    /// Gets what is there for everybody.
    pub async fn get(&self, path: &'static str) -> Result<Answer, TransportError> {
        send(self.client.get([self.base_url.as_str(), path].concat())).await
    }

    /// Sends a call's request, with its token if it has one.
    pub async fn send(&self, request: &Request) -> Result<Answer, TransportError> {
        // The names are those of HTTP's methods.
        let method = Method::from_bytes(request.method().as_str().as_bytes()).unwrap_or_default();
        let mut builder = self.client.request(method, request.url());
        if let Some(authorization) = request.api3_authorization() {
            // What can't be a header is refused by the request that it would be part of.
            builder = match HeaderValue::from_str(&authorization) {
                Ok(mut value) => {
                    value.set_sensitive(true);
                    builder.header(AUTHORIZATION, value)
                }
                Err(_) => builder.header(AUTHORIZATION, ""),
            };
        }
        if let Some(body) = request.body() {
            builder = builder.header(CONTENT_TYPE, Body::CONTENT_TYPE).body(body.expose().to_owned());
        }
        send(builder).await
    }
}

async fn send(request: RequestBuilder) -> Result<Answer, TransportError> {
    let failed = |error: reqwest::Error| TransportError::of(&error);
    let mut response = request.header(ACCEPT, "application/json").send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let media_type = MediaType::of(header(response.headers(), CONTENT_TYPE).unwrap_or_default());
    let retry_after = header(response.headers(), RETRY_AFTER).and_then(|seconds| seconds.parse().ok());
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(failed)? {
        if body.len() + part.len() > LARGEST {
            return Err(TransportError::too_large());
        }
        body.extend_from_slice(&part);
    }
    let json = if media_type == MediaType::Json { json::parse(&body).ok() } else { None };
    Ok(Answer { status, media_type, json, retry_after })
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use looker::api::{allowlist, set_allowlist};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;

    /// A host that gives one answer; what it was sent, and what became of it.
    async fn one_answer(
        answer: String,
        call: &looker::api::Call<Vec<String>>,
    ) -> (String, Result<u16, TransportError>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = BaseUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let terms = Terms { verify_ssl: true, authorities: Vec::new(), timeout: Duration::from_secs(20) };
        let carrier = Carrier::new(base_url, terms).unwrap();
        let request = call.request(carrier.base_url(), &AccessToken::new("s3cr3t".into()));
        let host = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut sent = Vec::new();
            while !sent.windows(4).any(|end| end == b"\r\n\r\n") {
                assert_ne!(stream.read_buf(&mut sent).await.unwrap(), 0);
            }
            // Whoever has heard enough hangs up.
            let _ = stream.write_all(answer.as_bytes()).await;
            String::from_utf8(sent).unwrap()
        };
        let (sent, answer) = tokio::join!(host, carrier.send(&request));
        (sent, answer.map(|answer| answer.status))
    }

    #[tokio::test]
    async fn the_token_goes_along_as_looker_documents_it_for_api3() {
        let (sent, status) = one_answer("HTTP/1.1 204 No Content\r\n\r\n".into(), &allowlist()).await;
        assert_eq!(status, Ok(204));
        assert!(sent.starts_with("GET /api/4.0/setting?fields=embed_config HTTP/1.1\r\n"), "{sent}");
        assert!(sent.contains("\r\nauthorization: token s3cr3t\r\n"), "{sent}");
        let (sent, _) = one_answer("HTTP/1.1 204 No Content\r\n\r\n".into(), &set_allowlist(&[])).await;
        assert!(
            sent.starts_with("PATCH ") && sent.contains("content-type: application/json;charset=UTF-8\r\n"),
            "{sent}"
        );
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let redirect = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        assert_eq!(one_answer(redirect.into(), &allowlist()).await.1, Ok(302));
    }

    #[tokio::test]
    async fn an_answer_without_end_is_left_at_a_limit() {
        let body = " ".repeat(LARGEST + 1);
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        assert_eq!(one_answer(answer, &allowlist()).await.1, Err(TransportError::too_large()));
    }
}
