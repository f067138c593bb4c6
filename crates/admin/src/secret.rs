//! A text that is never printed.

/// What stands in a file with secrets, or in a variable: no `Debug`, no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for whoever makes something of it that may be seen, or hides it again.
    pub fn expose(&self) -> &str {
        &self.0
    }
}
