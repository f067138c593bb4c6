//! Version numbers: read out of what a tool prints, and compared.

use std::fmt;

/// `major.minor.patch`; what a tool leaves out counts as 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Third number.
    pub patch: u32,
}

impl Version {
    /// A version from its three numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// The first word of `text` that begins like a version: `trunk 0.21.14`, `wasm-opt version 132 (…)`, `v20.1.0`.
    pub fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::read)
    }

    fn read(word: &str) -> Option<Self> {
        let word = word.trim_start_matches(['v', '(']);
        let end = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
        let mut numbers = word[..end].split('.').map(|n| n.parse().ok());
        let major = numbers.next()??;
        let minor = numbers.next().unwrap_or(Some(0))?;
        let patch = numbers.next().unwrap_or(Some(0))?;
        Some(Self::new(major, minor, patch))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Which versions of a tool will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// This one and no other.
    Exactly(Version),
    /// Any with the same major and minor number.
    SameMinor(Version),
    /// This one and all after it.
    AtLeast(Version),
    /// Whatever there is.
    Any,
}

impl Accepts {
    /// Whether a tool that printed `text` when asked for its version will do.
    pub fn what_says(self, text: &str) -> bool {
        match (self, Version::find(text)) {
            (Self::Any, _) => true,
            (_, None) => false,
            (Self::Exactly(wanted), Some(found)) => found == wanted,
            (Self::SameMinor(wanted), Some(found)) => (found.major, found.minor) == (wanted.major, wanted.minor),
            (Self::AtLeast(wanted), Some(found)) => found >= wanted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_tools_print() {
        for (text, expected) in [
            ("trunk 0.21.14", Some(Version::new(0, 21, 14))),
            ("wasm-opt version 132 (version_132)", Some(Version::new(132, 0, 0))),
            ("wasm-bindgen 0.2.130", Some(Version::new(0, 2, 130))),
            ("v20.20.2\n", Some(Version::new(20, 20, 2))),
            ("geckodriver 0.36.0 (a3d508507022 2025-02-24)", Some(Version::new(0, 36, 0))),
            ("trunk 0.22.0-beta.1", Some(Version::new(0, 22, 0))),
            ("no number here", None),
            ("", None),
            ("99999999999999", None),
        ] {
            assert_eq!(Version::find(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_tool_is_used_only_when_its_version_will_do() {
        let trunk = Accepts::SameMinor(Version::new(0, 21, 14));
        let bindgen = Accepts::Exactly(Version::new(0, 2, 130));
        let opt = Accepts::AtLeast(Version::new(116, 0, 0));
        for (accepts, text, expected) in [
            (trunk, "trunk 0.21.0", true),
            (trunk, "trunk 0.22.1", false),
            (bindgen, "wasm-bindgen 0.2.130", true),
            (bindgen, "wasm-bindgen 0.2.129", false),
            (opt, "wasm-opt version 132", true),
            (opt, "wasm-opt version 116", true),
            (opt, "wasm-opt version 108", false),
            (opt, "", false),
            (Accepts::Any, "", true),
        ] {
            assert_eq!(accepts.what_says(text), expected, "{accepts:?} {text:?}");
        }
    }
}
