//! Calls of the Looker API 4.0.

mod call;
mod error;
mod get;
mod logout;
mod user;
mod versions;

pub use call::Call;
pub use error::ApiError;
pub use get::get;
pub use logout::logout;
pub use user::{User, user};
pub use versions::{Versions, versions};
