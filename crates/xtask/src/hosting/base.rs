//! The path that an app is served below, as it is asked for and as a build has it.

use std::fs;
use std::path::Path;

use crate::trouble::Trouble;

/// The path that an app is served below, with a slash at both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasePath(String);

impl BasePath {
    /// The root of a site.
    pub fn root() -> Self {
        Self("/".into())
    }

    /// Takes `/`, `/looker/`, or either without a slash at an end; nothing that would have to be escaped anywhere.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.trim_matches('/');
        let is_plain = |part: &str| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain)
        };
        match inner {
            "" => Some(Self::root()),
            _ if inner.split('/').all(is_plain) => Some(Self(format!("/{inner}/"))),
            _ => None,
        }
    }

    /// The path that a build is for: what its page says.
    pub fn of_build(dist: &Path) -> Result<Self, Trouble> {
        let path = dist.join("index.html");
        let html = fs::read_to_string(&path).map_err(Trouble::file(&path))?;
        said_by(&html).ok_or_else(|| Trouble::Unreadable {
            what: path.display().to_string(),
            why: "its script does not say the path it is for (data-base)".into(),
            remedy: "Build it anew: cargo xtask build.".into(),
        })
    }

    /// With a slash at both ends.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the slash at the end; nothing for the root.
    pub(super) fn below(&self) -> &str {
        self.0.trim_end_matches('/')
    }

    pub(super) fn is_root(&self) -> bool {
        self.0 == "/"
    }
}

/// The attribute of the page's script that says it (Trunk.toml).
const SAYS: &str = " data-base=\"";

fn said_by(html: &str) -> Option<BasePath> {
    let (_, rest) = html.split_once(SAYS)?;
    BasePath::parse(rest.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_has_a_slash_at_both_ends() {
        for (text, expected) in [
            ("", Some("/")),
            ("/", Some("/")),
            ("/looker/", Some("/looker/")),
            ("looker", Some("/looker/")),
            ("/a/b-1/", Some("/a/b-1/")),
            ("/a//b/", None),
            ("/../", None),
            ("/.well-known/", None),
            ("/a b/", None),
            ("/a;b/", None),
            ("https://x.example/", None),
            ("/ä/", None),
        ] {
            assert_eq!(BasePath::parse(text).as_ref().map(BasePath::as_str), expected, "{text}");
        }
    }

    #[test]
    fn a_page_says_what_path_it_is_for() {
        for (html, expected) in [
            ("<script type=\"module\" data-base=\"/\" data-js=\"x\">", Some("/")),
            ("<script data-base=\"/looker/\">", Some("/looker/")),
            ("<script data-base=\"/a b/\">", None),
            ("<script data-base=\"/", None),
            ("<script>", None),
        ] {
            assert_eq!(said_by(html).as_ref().map(BasePath::as_str), expected, "{html}");
        }
    }

    #[test]
    fn the_attribute_is_the_one_that_trunk_writes() {
        let trunk = fs::read_to_string(crate::place::root().join("Trunk.toml")).unwrap();
        assert!(trunk.contains(&format!("{SAYS}{{base}}\"")));
    }
}
