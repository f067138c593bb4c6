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
