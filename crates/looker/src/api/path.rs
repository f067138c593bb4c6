//! What names one thing in a path.

use std::fmt::Write as _;

/// Adds a name to a path. It may have a slash or a question mark in it; in a path they would be something
/// else. What escapes can't help, dots alone, is [refused](crate::ClientId::parse) before.
pub(super) fn push_segment(path: &mut String, name: &str) {
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => path.push(char::from(byte)),
            // Writing to a string can't fail.
            _ => drop(write!(path, "%{byte:02X}")),
        }
    }
}
