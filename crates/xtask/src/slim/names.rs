//! Short names for what only a program's two halves call each other by.

use std::collections::BTreeMap;

/// A new name for each, the first ones the shortest.
pub fn short<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, String> {
    let mut short = BTreeMap::new();
    for name in names {
        let next = nth(short.len());
        short.entry(name.to_owned()).or_insert(next);
    }
    short
}

/// `a` … `z`, `A` … `Z`, `aa` and so on.
fn nth(mut n: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut letters = Vec::new();
    loop {
        letters.extend(LETTERS.get(n % LETTERS.len()).map(|letter| char::from(*letter)));
        if n < LETTERS.len() {
            return letters.into_iter().rev().collect();
        }
        n = n / LETTERS.len() - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_short_and_no_two_the_same() {
        for (n, expected) in [(0, "a"), (26, "A"), (51, "Z"), (52, "aa"), (53, "ab"), (2_755, "ZZ"), (2_756, "aaa")] {
            assert_eq!(nth(n), expected, "{n}");
        }
        assert_eq!((0..5_000).map(nth).collect::<BTreeSet<_>>().len(), 5_000);
    }

    #[test]
    fn the_same_name_gets_one_name() {
        let names = short(["memory", "free", "memory", "start"]);
        let names: Vec<(&str, &str)> = names.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        assert_eq!(names, [("free", "b"), ("memory", "a"), ("start", "c")]);
    }
}
