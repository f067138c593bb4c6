//! A Looker on this machine, for trying and testing.
//!
//! Two hosts, as an instance has them: the UI host with `/auth`, login and disclosure, and the
//! API host with `/api/token` and the API. [`start`] runs both; `POST /_local/…` on the UI host
//! steers them. The README of this crate has the tables.
//!
//! - `serve`: sockets, and connections that end without an answer on purpose
//! - `tls`: the certificates for https
//! - `exchange`: what happens around every request: faults, CORS, the list of requests
//! - `ui`, `api`, `steering`: the three kinds of pages and endpoints
//! - `admin`: what `steering` does, and more, by hand
//! - `store`: what is remembered

mod admin;
mod api;
mod app_url;
mod clock;
mod exchange;
mod pkce;
mod secret;
mod serve;
mod settings;
mod state;
mod steering;
mod store;
mod tls;
mod ui;

pub use app_url::AppUrlProblem;
pub use serve::{LocalLooker, start};
pub use settings::{Settings, StartError};
pub use start_values::{API3_CLIENT_ID, API3_CLIENT_SECRET, EMAILS, PASSWORD};
pub use store::client_id;

mod start_values {
    //! What a fresh local Looker is filled with, for whoever prints or types it.

    /// The addresses people sign in with; the first is an admin.
    pub const EMAILS: [&str; 2] = ["ada@example.com", "grace@example.com"];
    /// The password of everybody.
    pub const PASSWORD: &str = crate::store::PASSWORD;
    /// The `client_id` of Ada's API3 credentials.
    pub const API3_CLIENT_ID: &str = crate::store::API3_CLIENT_ID;
    /// The `client_secret` of Ada's API3 credentials.
    pub const API3_CLIENT_SECRET: &str = crate::store::API3_CLIENT_SECRET;
}
