//! A sign-in's life in a browser tab. The only code that touches tokens and `sessionStorage`.

mod farewell;
mod pending;
mod return_to;
#[expect(clippy::module_inception, reason = "the session is what this module is about")]
mod session;
mod storage;

pub use farewell::Farewell;
pub use pending::{Pending, PendingError};
pub use return_to::ReturnTo;
pub use session::{CallError, Deadlines, RedeemError, RenewError, Session, end};
pub use storage::{Storage, StorageError};
