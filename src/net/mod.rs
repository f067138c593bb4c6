//! Everything that leaves this page leaves it here.

pub mod diagnosis;
mod exchange;
pub mod json;
mod limit;
pub mod log;
mod transport;

pub use exchange::{Exchange, Method, Outcome};
pub use log::Try;
pub use transport::{File, PATIENCE, TransportError, get_file, send};
