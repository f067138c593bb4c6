//! Parses JSON into the tree that the `looker` crate reads.

use looker::json::Json;
use serde_json::{Error, Value};

/// The tree, or why the bytes are no JSON.
pub fn parse(bytes: &[u8]) -> Result<Json, Error> {
    Ok(serde_json::from_slice::<Value>(bytes)?.into())
}
