//! Which terms the crates in the build may have: those that `deny.toml` allows.

use super::packages::Package;

/// The crates whose terms are not among those allowed, each with its terms.
pub fn not_allowed(packages: &[Package], allowed: &[String]) -> Vec<String> {
    let others = packages.iter().filter(|package| !is_met(&package.license, allowed));
    others.map(|package| format!("{} ({})", package.name, package.license)).collect()
}

/// What stands behind `allow` in a line of its own in `deny.toml`.
pub fn allowed(deny: &str) -> Vec<String> {
    let list = deny.lines().find_map(|line| line.strip_prefix("allow = ["));
    list.unwrap_or_default().split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met by these licences.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    // Cargo once took a slash for OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = Words { words: spaced.split_whitespace().collect(), at: 0, allowed };
    words.any_of() == Some(true) && words.next().is_none()
}

struct Words<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a [String],
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.words.get(self.at) == Some(&word);
        self.at += usize::from(is_next);
        is_next
    }

    fn any_of(&mut self) -> Option<bool> {
        let mut met = self.all_of()?;
        while self.takes("OR") {
            met |= self.all_of()?;
        }
        Some(met)
    }

    fn all_of(&mut self) -> Option<bool> {
        let mut met = self.one()?;
        while self.takes("AND") {
            met &= self.one()?;
        }
        Some(met)
    }

    fn one(&mut self) -> Option<bool> {
        if self.takes("(") {
            let met = self.any_of()?;
            return self.takes(")").then_some(met);
        }
        let mut licence = self.next()?.to_owned();
        if self.takes("WITH") {
            licence = format!("{licence} WITH {}", self.next()?);
        }
        Some(self.allowed.contains(&licence))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::place;

    #[test]
    fn terms_are_met_by_what_is_allowed() {
        let allowed = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(String::from);
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("MIT OR GPL-3.0", true),
            ("GPL-3.0/MIT", true),
            ("MIT AND GPL-3.0", false),
            ("GPL-3.0 OR MIT AND Zlib", true),
            ("(GPL-3.0 OR MIT) AND Zlib", true),
            ("(GPL-3.0 OR MIT) AND ISC", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("Apache-2.0", false),
            ("", false),
            ("(MIT", false),
            ("MIT)", false),
            ("MIT OR", false),
            ("MIT MIT", false),
        ] {
            assert_eq!(is_met(expression, &allowed), expected, "{expression}");
        }
    }

    #[test]
    fn the_licences_that_are_allowed_are_found() {
        let deny = fs::read_to_string(place::root().join("deny.toml")).unwrap();
        let allowed = allowed(&deny);
        assert!(allowed.len() > 3 && allowed.contains(&"MIT".to_owned()), "{allowed:?}");
        assert!(!allowed.iter().any(|licence| licence.contains("GPL") || licence.contains("MPL")), "{allowed:?}");
    }
}
