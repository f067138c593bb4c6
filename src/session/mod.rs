//! A sign-in's life in a browser tab. The only code that touches tokens and `sessionStorage`.

mod claim;
mod draft;
mod error;
mod farewell;
mod id;
mod keeper;
mod pending;
mod renewal;
mod return_to;
#[expect(clippy::module_inception, reason = "the session is what this module is about")]
mod session;
mod storage;
mod stored;
mod tabs;
mod within;

pub use draft::Draft;
pub use error::{CallError, RedeemError, RenewError};
pub use farewell::Farewell;
pub use id::SessionId;
pub use keeper::keep;
pub use pending::{Pending, PendingError, read_instance};
pub use renewal::{Asker, Ending, Hindrance, Outcome, Phase, Renewal, Step, Turn};
pub use return_to::ReturnTo;
pub use session::{Deadlines, Session, end};
pub use storage::{Storage, StorageError};
pub use stored::Stored;
pub use tabs::{Message, News};
pub use within::within;
