//! Calls of the Looker API 4.0.
//!
//! ```
//! use looker::{Answer, BaseUrl, MediaType, api, json::Json, oauth::AccessToken};
//!
//! let call = api::user();
//! let request = call.request(&BaseUrl::parse("https://my.looker.com:19999")?, &AccessToken::new("t0ken".into()));
//! assert_eq!(request.url(), "https://my.looker.com:19999/api/4.0/user");
//! assert_eq!(request.authorization().as_deref(), Some("Bearer t0ken"));
//!
//! let text = |name: &str, text: &str| (name.to_owned(), Json::Text(text.into()));
//! let ada = Json::Object(vec![text("id", "7"), text("display_name", "Ada Lovelace")]);
//! let answer = Answer { status: 200, media_type: MediaType::Json, json: Some(ada), retry_after: None };
//! assert_eq!(call.read(&answer).unwrap().display_name, "Ada Lovelace");
//! # Ok::<(), looker::UrlError>(())
//! ```

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
