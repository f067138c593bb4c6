//! What came of a command.

use serde_json::Value;

use crate::exit::Exit;

/// What a command did, for people and for programs.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Lines for people, each with its end.
    pub text: String,
    /// The same for programs.
    pub json: Value,
    /// What the exit code says.
    pub exit: Exit,
}

impl Outcome {
    /// Done, or nothing to do.
    pub const fn done(text: String, json: Value) -> Self {
        Self { text, json, exit: Exit::Done }
    }
}
