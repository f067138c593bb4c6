//! Everything that leaves this page leaves it here.

pub mod diagnosis;
pub mod json;
mod transport;

pub use transport::{File, PATIENCE, TransportError, get_file, send};
