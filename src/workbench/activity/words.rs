//! Exchanges in words.

use std::time::Duration;

use crate::{
    net::{Exchange, Method, Outcome},
    workbench::clock,
};

/// The method as people know it.
pub fn method(method: Method) -> &'static str {
    match method {
        // A page is always fetched so.
        Method::Navigate => "GET",
        Method::Request(method) => method.as_str(),
    }
}

/// What became of it, in a few words: `200 OK`.
pub fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::CameBack => "Came back".into(),
        Outcome::NoAnswer => "No answer".into(),
        Outcome::Answered { status, .. } => [&*status.to_string(), " ", status_name(status)].concat().trim_end().into(),
    }
}

/// How that is to be taken: whether it is well, wants attention, or is trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Looker said no.
    Attention,
    /// Looker did not answer, or is in trouble itself.
    Trouble,
}

impl Tone {
    /// Its name in the style.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Attention => "attention",
            Self::Trouble => "failed",
        }
    }
}

/// How an outcome is to be taken.
pub const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::CameBack | Outcome::Answered { status: 100..=399, .. } => Tone::Good,
        Outcome::Answered { status: 400..=499, .. } => Tone::Attention,
        Outcome::NoAnswer | Outcome::Answered { .. } => Tone::Trouble,
    }
}

const fn status_name(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No content",
        400 => "Bad request",
        401 => "Not signed in",
        403 => "Forbidden",
        404 => "Not found",
        409 => "Exists already",
        422 => "Invalid",
        429 => "Too many requests",
        500 => "Server error",
        502 => "Bad gateway",
        503 => "Unavailable",
        504 => "Gateway timeout",
        _ => "",
    }
}

/// What it means, in a sentence.
pub fn meaning(exchange: &Exchange) -> &'static str {
    match exchange.outcome {
        Outcome::CameBack => "You went to Looker to sign in, and Looker sent you back to this page.",
        Outcome::NoAnswer => {
            "No whole answer arrived that this page may read: Looker may be out of reach, too slow, or not let this page in."
        }
        Outcome::Answered { status: 200..=299, .. } => "Looker did what it was asked.",
        Outcome::Answered { status: 400, .. } => {
            "Looker did not accept the request. At /api/token: the code or the refresh token is no longer good."
        }
        Outcome::Answered { status: 401, .. } => {
            "Looker did not accept the access token. Sightline then gets a new one and asks once more."
        }
        Outcome::Answered { status: 403 | 404, .. } => {
            "There is nothing at this address, or your account may not see it: Looker answers both alike."
        }
        Outcome::Answered { status: 409, .. } => "It exists already.",
        Outcome::Answered { status: 422, .. } => "Something in the request is missing or not valid.",
        Outcome::Answered { status: 429, .. } => "Looker gets too many requests at the moment and asks for a pause.",
        Outcome::Answered { status: 400..=499, .. } => "Looker did not accept the request.",
        Outcome::Answered { status: 500..=599, .. } => "Looker, or something in front of it, has trouble of its own.",
        Outcome::Answered { .. } => "Looker answered with a status that says neither yes nor no.",
    }
}

/// A span of time as short as it can be read: `45 ms`, `1.24 s`, `12.4 s`, `2 min 5 s`.
pub fn span(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..10_000 => format!("{}.{:02} s", milliseconds / 1_000, milliseconds % 1_000 / 10),
        10_000..60_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => clock::duration(Duration::from_millis(milliseconds)),
    }
}

/// A length in bytes: `312 bytes`, `4.1 kB`, `1.2 MB`.
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64, name: &str| {
        let tenths = bytes / (unit / 10);
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    };
    match bytes {
        1 => "1 byte".into(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => tenths(1_000, "kB"),
        _ => tenths(1_000_000, "MB"),
    }
}

/// How long ago something was, in its largest unit.
pub fn ago(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    let said = |count: u64, unit: &str| format!("{count} {unit} ago");
    match seconds {
        0..2 => "just now".into(),
        2..60 => said(seconds, "s"),
        60..3_600 => said(seconds / 60, "min"),
        3_600..86_400 => said(seconds / 3_600, "h"),
        _ => said(seconds / 86_400, "d"),
    }
}

/// An address in its host, with the port where there is one, and its path with all that follows.
pub fn host_and_path(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()))
}

/// Whether an exchange has all these words in what the list shows of it.
pub fn matches(exchange: &Exchange, words: &str) -> bool {
    let again = if exchange.again { "again" } else { "" };
    let shown =
        [method(exchange.method), &exchange.url, &outcome(exchange.outcome), again].join(" ").to_ascii_lowercase();
    words.to_ascii_lowercase().split_whitespace().all(|word| shown.contains(word))
}

#[cfg(test)]
mod tests {
    use looker::Timestamp;

    use super::*;

    fn answered(status: u16) -> Outcome {
        Outcome::Answered { status, bytes: 0 }
    }

    #[test]
    fn a_status_has_its_number_and_words() {
        for (of, said, taken) in [
            (answered(200), "200 OK", Tone::Good),
            (answered(204), "204 No content", Tone::Good),
            (answered(401), "401 Not signed in", Tone::Attention),
            (answered(418), "418", Tone::Attention),
            (answered(503), "503 Unavailable", Tone::Trouble),
            (Outcome::NoAnswer, "No answer", Tone::Trouble),
            (Outcome::CameBack, "Came back", Tone::Good),
        ] {
            assert_eq!((outcome(of).as_str(), tone(of)), (said, taken));
        }
    }

    #[test]
    fn spans_are_as_short_as_they_can_be_read() {
        for (milliseconds, said) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_000, "1.00 s"),
            (1_249, "1.24 s"),
            (9_999, "9.99 s"),
            (12_480, "12.4 s"),
            (60_000, "1 min 0 s"),
            (125_900, "2 min 5 s"),
        ] {
            assert_eq!(span(milliseconds), said);
        }
    }

    #[test]
    fn sizes_have_their_unit() {
        for (bytes, said) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 kB"),
            (4_190, "4.1 kB"),
            (999_999, "999.9 kB"),
            (1_250_000, "1.2 MB"),
            (u64::MAX, "18446744073709.5 MB"),
        ] {
            assert_eq!(size(bytes), said);
        }
    }

    #[test]
    fn what_was_is_said_in_its_largest_unit() {
        for (milliseconds, said) in [
            (0, "just now"),
            (1_999, "just now"),
            (2_000, "2 s ago"),
            (59_999, "59 s ago"),
            (60_000, "1 min ago"),
            (3_600_000, "1 h ago"),
            (86_400_000, "1 d ago"),
            (900_000_000, "10 d ago"),
        ] {
            assert_eq!(ago(milliseconds), said);
        }
    }

    #[test]
    fn an_address_is_split_behind_its_host() {
        for (url, split) in [
            ("https://my.looker.com:19999/api/token", ("my.looker.com:19999", "/api/token")),
            ("https://my.looker.com/a://b", ("my.looker.com", "/a://b")),
            ("https://my.looker.com", ("my.looker.com", "")),
            ("https://my.looker.com?a", ("my.looker.com", "?a")),
            ("http://[::1]:1/x", ("[::1]:1", "/x")),
        ] {
            assert_eq!(host_and_path(url), split);
        }
    }

    #[test]
    fn the_filter_looks_for_every_word_in_what_is_shown() {
        let exchange = Exchange {
            number: 1,
            method: Method::Request(looker::Method::Post),
            url: "https://my.looker.com/api/token".into(),
            outcome: answered(401),
            started_at: Timestamp::from_millis(0),
            milliseconds: 0,
            again: true,
        };
        for (words, found) in [
            ("", true),
            ("  ", true),
            ("token", true),
            ("POST 401", true),
            ("Signed AGAIN", true),
            ("post 200", false),
            ("user", false),
        ] {
            assert_eq!(matches(&exchange, words), found, "{words}");
        }
        assert!(!matches(&Exchange { again: false, ..exchange }, "again"));
    }
}
