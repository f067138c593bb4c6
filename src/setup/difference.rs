//! Where two texts differ that should be equal.

/// Two texts: what both begin with, what each has in between, and what both end with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What both begin with.
    pub begins: String,
    /// What only the one at Looker has there.
    pub at_looker: String,
    /// What only the one of this page has there.
    pub here: String,
    /// What both end with.
    pub ends: String,
}

impl Difference {
    /// Compares them, character by character; nothing where they are equal.
    pub fn of(at_looker: &str, here: &str) -> Option<Self> {
        if at_looker == here {
            return None;
        }
        let (one, other): (Vec<char>, Vec<char>) = (at_looker.chars().collect(), here.chars().collect());
        let same = |(a, b): &(&char, &char)| a == b;
        let begins = one.iter().zip(&other).take_while(same).count();
        let rest = one.len().min(other.len()) - begins;
        let ends = one.iter().rev().zip(other.iter().rev()).take(rest).take_while(same).count();
        let middle = |text: &[char]| text.iter().skip(begins).take(text.len() - begins - ends).collect();
        Some(Self {
            begins: one.iter().take(begins).collect(),
            at_looker: middle(&one),
            here: middle(&other),
            ends: one.iter().skip(one.len() - ends).collect(),
        })
    }

    /// The same in words.
    pub fn told(&self) -> String {
        let Self { at_looker, here, .. } = self;
        match (at_looker.is_empty(), here.is_empty()) {
            (true, _) => format!("Looker's lacks “{here}”"),
            (false, true) => format!("Looker's has “{at_looker}” too much"),
            (false, false) => format!("Looker's has “{at_looker}” where this page has “{here}”"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_found_to_the_character() {
        for (at_looker, here, found) in [
            ("https://a.example/x", "https://a.example/x", None),
            ("https://a.example/x/", "https://a.example/x", Some(("https://a.example/x", "/", "", ""))),
            ("https://a.example/x", "https://a.example/x/", Some(("https://a.example/x", "", "/", ""))),
            ("http://a.example/x", "https://a.example/x", Some(("http", "", "s", "://a.example/x"))),
            ("http://localhost:8080/x", "http://localhost:8081/x", Some(("http://localhost:808", "0", "1", "/x"))),
            ("aa", "a", Some(("a", "a", "", ""))),
            ("", "ä", Some(("", "", "ä", ""))),
            ("abc", "xyz", Some(("", "abc", "xyz", ""))),
        ] {
            let found = found.map(|(begins, at_looker, here, ends)| Difference {
                begins: begins.into(),
                at_looker: at_looker.into(),
                here: here.into(),
                ends: ends.into(),
            });
            assert_eq!(Difference::of(at_looker, here), found, "{at_looker} {here}");
        }
    }

    #[test]
    fn it_is_told_in_words() {
        for (at_looker, here, told) in [
            ("a/", "a", "Looker's has “/” too much"),
            ("a", "a/", "Looker's lacks “/”"),
            ("a0", "a1", "Looker's has “0” where this page has “1”"),
        ] {
            assert_eq!(Difference::of(at_looker, here).map(|found| found.told()).as_deref(), Some(told));
        }
    }
}
