//! What Looker speaks, with no browser and no I/O.
//!
//! This crate builds requests and reads answers; somebody else carries them. Building and
//! reading are pure functions, so the whole protocol is tested natively and in tables.
//!
//! - [`oauth`]: the authorization code flow with PKCE ([RFC 6749], [RFC 7636]) as Looker
//!   speaks it: the authorization URL, the redirect, the token requests, the tokens.
//! - [`api`]: calls of the Looker API 4.0 and what their answers mean.
//! - [`Request`] and [`Answer`]: what is handed to a transport, and what it brings back.
//! - [`discovery`] and [`registration`]: which Looker an address means, and what lets this app in there.
//! - [`Config`] and [`Instance`]: which Looker, and how this app is known there.
//!
//! [RFC 6749]: https://www.rfc-editor.org/rfc/rfc6749
//! [RFC 7636]: https://www.rfc-editor.org/rfc/rfc7636

mod answer;
pub mod api;
mod config;
pub mod discovery;
mod instance;
pub mod json;
pub mod oauth;
mod random;
pub mod registration;
mod request;
mod secret;
mod time;
mod url;

pub use answer::{Answer, AnswerError, MediaType};
pub use config::{Config, ConfigError};
pub use instance::{ClientId, ClientIdError, Instance};
pub use random::RandomError;
pub use request::{Body, Method, Request};
pub use time::Timestamp;
pub use url::{AllowlistEntry, BaseUrl, LookerUrl, RedirectUri, UrlError};
