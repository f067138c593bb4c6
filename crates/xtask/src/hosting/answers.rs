//! The headers of every answer, and how long browsers may keep what is in it.

use super::Site;

/// For files that are never changed, because another content has another name.
pub const A_YEAR: &str = "public, max-age=31536000, immutable";

/// For all others: kept, and asked for each time whether it is still so.
pub const ASK_AGAIN: &str = "no-cache";

/// Where a hash in a name is followed by what kind of file it is; for Go, PCRE and RE2 alike.
pub const HASHED: &str = r"-sha256-[0-9A-Za-z_-]{12}(_bg)?\.(js|css|wasm|svg)";

/// The kinds of files, by the ends of their names.
pub const MEDIA_TYPES: [(&str, &str); 7] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("svg", "image/svg+xml"),
    ("json", "application/json"),
    ("txt", "text/plain; charset=utf-8"),
];

/// The headers that every answer has.
pub fn headers<'a>(site: &Site<'a>) -> [(&'static str, &'a str); 6] {
    [
        ("Content-Security-Policy", site.policy),
        // The page has the hash of each of its scripts, and none is run that it has no hash of.
        ("Integrity-Policy", "blocked-destinations=(script)"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        // Browsers heed it by https alone.
        ("Strict-Transport-Security", "max-age=63072000"),
    ]
}

/// Whether a file has its hash in its name, as [`HASHED`] has it.
pub fn is_hashed(name: &str) -> bool {
    parts(name).is_some()
}

/// A file's name as it would be without the hash in it.
pub fn without_hash(name: &str) -> String {
    parts(name).map_or_else(|| name.to_owned(), |(before, after)| format!("{before}{after}"))
}

/// What stands before and behind the hash.
fn parts(name: &str) -> Option<(&str, &str)> {
    let (before, rest) = name.split_once("-sha256-")?;
    let (hash, after) = rest.split_at_checked(12)?;
    let is_hash = hash.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    let end = after.strip_prefix("_bg").unwrap_or(after).strip_prefix('.')?;
    (is_hash && ["js", "css", "wasm", "svg"].contains(&end)).then_some((before, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_in_a_name_is_known() {
        for (name, expected) in [
            ("sightline-sha256-0aZ_-f01965d.js", true),
            ("sightline-sha256-74cde3b286d1_bg.wasm", true),
            ("door-sha256-fdfef4d0fedc.css", true),
            ("workbench.js", false),
            ("workbench_bg.wasm", false),
            ("a-b.css", false),
            ("sightline-0e922f01965dc129.js", false),
            ("sightline-sha256-0e922f01965dc129.js", false),
            ("sightline-sha256-0aZ_-f01965d.js.br", false),
            ("sightline-sha256-0aZ+/f01965d.js", false),
            ("config.json", false),
            ("", false),
        ] {
            assert_eq!(is_hashed(name), expected, "{name}");
        }
        for (name, expected) in
            [("a-sha256-0aZ_-f01965d_bg.wasm", "a_bg.wasm"), ("a.js", "a.js"), ("a-b.css", "a-b.css")]
        {
            assert_eq!(without_hash(name), expected);
        }
    }
}
