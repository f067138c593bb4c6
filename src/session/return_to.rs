//! The place that somebody came from, to go back to after the sign-in.

/// A place of this app: a path that begins with one slash, maybe a query and a fragment.
///
/// It is stored while the person is at Looker, and anybody can edit what is stored, so whatever
/// could lead elsewhere becomes `/`: other origins in all their spellings, dot segments, control
/// characters.
///
/// ```
/// # use sightline::session::ReturnTo;
/// assert_eq!(ReturnTo::parse("/looks/7?limit=5#top").as_str(), "/looks/7?limit=5#top");
/// assert_eq!(ReturnTo::parse("//elsewhere.example").as_str(), "/");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// Reads a place; `/` where it is none of this app's.
    pub fn parse(text: &str) -> Self {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let safe = path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains('\\')
            && !text.chars().any(|c| c.is_control() || c.is_whitespace())
            && !path.split('/').any(is_dot_segment);
        Self(if safe { text.into() } else { "/".into() })
    }

    /// The place, as an address of this origin.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a browser takes this segment of a path for `.` or `..` (WHATWG URL, section 4.1).
fn is_dot_segment(segment: &str) -> bool {
    const DOT: &str = ".";
    const ENCODED: &str = "%2e";
    let mut rest = segment;
    let mut dots = 0;
    while let Some(next) = rest.strip_prefix(DOT).or_else(|| {
        rest.get(..ENCODED.len()).filter(|c| c.eq_ignore_ascii_case(ENCODED)).and_then(|c| rest.strip_prefix(c))
    }) {
        rest = next;
        dots += 1;
    }
    rest.is_empty() && (dots == 1 || dots == 2)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_of_this_app_are_kept_with_query_and_fragment() {
        for place in [
            "/",
            "/account",
            "/looker/account",
            "/a?b=c#d",
            "/a?next=//evil.example",
            "/a..b/.c",
            "/#/../x",
            "/a?x=%0A",
        ] {
            assert_eq!(ReturnTo::parse(place).as_str(), place);
        }
    }

    #[test]
    fn rule_9_whatever_could_lead_elsewhere_becomes_the_root() {
        for place in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/a/../b",
            "/..",
            "/.",
            "/%2e%2E/b",
            "/.%2e/b",
            "/a\\b",
            "/a\nb",
            "/\t/evil.example",
            " /a",
            "/a b",
            "/\u{85}",
        ] {
            assert_eq!(ReturnTo::parse(place).as_str(), "/", "{place:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_given_the_place_is_on_this_origin(text in "[/\\\\.:@a%2eE?#\\t]{0,12}") {
            let place = ReturnTo::parse(&text);
            prop_assert!(place.as_str().starts_with('/'));
            prop_assert!(!place.as_str().starts_with("//") && !place.as_str().starts_with("/\\"));
        }
    }
}
