//! `/_local/…` on the UI host: what tests steer this Looker with. The admin page does the same by hand.
//!
//! Every `POST` must be `application/json`. No web page can send that to another origin without
//! a preflight, which is never answered here, so a page cannot steer the server of its visitor.

pub(crate) mod answers;
pub(crate) mod commands;
pub(crate) mod faults;
pub(crate) mod guard;
pub(crate) mod requests;
pub(crate) mod sign_in;

use crate::state::Shared;
use axum::Router;
use axum::routing::{get, post};

/// The steering endpoints.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/_local/clock", post(commands::clock))
        .route("/_local/tokens", post(commands::tokens))
        .route("/_local/answers", get(answers::present).post(answers::change))
        .route("/_local/faults", get(faults::present).post(faults::add).put(faults::replace).delete(faults::clear))
        .route("/_local/requests", get(requests::list).delete(requests::forget))
        .route("/_local/apps", post(commands::apps))
        .route("/_local/groups", post(commands::groups))
        .route("/_local/allowlist", post(commands::allowlist))
        .route("/_local/sessions", post(commands::sessions))
        .route("/_local/sign_in", get(sign_in::present).post(sign_in::change))
        .route("/_local/reset", post(commands::reset))
}
