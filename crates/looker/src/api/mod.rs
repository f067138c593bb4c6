//! Calls of the Looker API 4.0.

mod apps;
mod call;
mod credentials;
mod error;
mod get;
mod login;
mod logout;
mod path;
mod setting;
mod user;
mod versions;

pub(crate) use apps::app_path;
pub use apps::{
    App, AppChange, AppChanges, app, apps, invalidate_tokens, refused_fields, register_app, remove_app, update_app,
};
pub use call::Call;
pub use credentials::{NewCredentials, create_credentials, remove_credentials};
pub use error::ApiError;
pub use get::get;
pub use login::{ApiCredentials, LoginError, LoginRequest, read_login_answer};
pub use logout::logout;
pub use setting::{allowlist, set_allowlist};
pub use user::{User, remove_user, user};
pub use versions::{Versions, versions};
