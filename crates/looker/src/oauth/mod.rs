//! The authorization code flow with PKCE, as Looker speaks it.
//!
//! A sign-in is a chain of types, each made from the one before it:
//!
//! 1. [`AuthorizationRequest`]: which instance, which app, with a fresh [`State`] and
//!    [`CodeVerifier`]. Its [`url`](AuthorizationRequest::url) is where the browser goes; it
//!    itself stays in the tab.
//! 2. [`Redirect`]: what Looker said by sending the person back. Checked against the request that
//!    it answers it becomes a
//! 3. [`Grant`]: a code that may be redeemed, once: redeeming consumes it. Its answer is an
//! 4. [`AccessInfo`]: the tokens and their deadlines.
//!
//! ```
//! use looker::{Answer, BaseUrl, ClientId, Instance, LookerUrl, MediaType, RedirectUri, Timestamp, json::Json};
//! use looker::oauth::{AuthorizationRequest, Redirect, read_code_answer};
//!
//! let instance = Instance {
//!     name: "My Looker".into(),
//!     looker_url: LookerUrl::parse("https://my.looker.com")?,
//!     base_url: BaseUrl::parse("https://my.looker.com:19999")?,
//! };
//! let redirect_uri = RedirectUri::parse("https://your.page/authenticated")?;
//! let request = AuthorizationRequest::new(instance, ClientId::parse("sightline")?, redirect_uri)?;
//! assert!(request.url().starts_with("https://my.looker.com/auth?response_type=code&client_id=sightline&"));
//!
//! // The browser is back, with this behind the address of the page.
//! let query = format!("?code=c0de&state={}", request.state.expose());
//! let grant = Redirect::parse(&query)?.accept(request)?;
//! assert_eq!(grant.redeem().url(), "https://my.looker.com:19999/api/token");
//!
//! // What a transport brings back.
//! let text = |name: &str, text: &str| (name.to_owned(), Json::Text(text.into()));
//! let members = vec![text("access_token", "t0ken"), text("token_type", "Bearer"), ("expires_in".into(), Json::Number(3600.0))];
//! let answer = Answer { status: 200, media_type: MediaType::Json, json: Some(Json::Object(members)), retry_after: None };
//! let tokens = read_code_answer(&answer, Timestamp::from_millis(1_000))?;
//! assert_eq!(tokens.expires_at, Timestamp::from_millis(3_601_000));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access_info;
mod authorize;
mod pkce;
mod redirect;
mod state;
mod token;

pub(crate) use access_info::{AccessInfoError, read_token};

pub use access_info::{AccessInfo, AccessToken, RefreshToken};
pub use authorize::{AuthorizationRequest, SCOPE};
pub use pkce::{CodeChallenge, CodeVerifier};
pub use redirect::{Grant, Redirect, RedirectError, Refusal, RefusalKind};
pub use state::State;
pub use token::{TokenError, TokenRefusal, read_code_answer, read_refresh_answer, refresh_request};
