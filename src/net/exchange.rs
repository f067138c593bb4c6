//! One exchange with Looker, as the log keeps it.

use looker::{Timestamp, json::Json};

/// What this page asked of Looker, and what became of it. No secret is ever part of it, nor what
/// was sent or answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Its number in the log, by the order in which the exchanges ended.
    pub number: u64,
    /// How it was asked.
    pub method: Method,
    /// The address, with the names of query parameters and without their values.
    pub url: String,
    /// What became of it.
    pub outcome: Outcome,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// Whether it was asked before, and this is the same once more.
    pub again: bool,
}

/// How Looker was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The whole page went there, as the sign-in does, and came back.
    Navigate,
    /// By a request of this page.
    Request(looker::Method),
}

/// What became of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Looker sent the person back here. A page is not told with which status.
    CameBack,
    /// The whole answer arrived.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The length of the body, unpacked.
        bytes: u64,
    },
    /// No answer that this page may read arrived whole.
    NoAnswer,
}

/// The longest address that is shown.
const LONGEST_URL: usize = 2_000;

/// The last instant that JavaScript has a date for.
const LAST_INSTANT: Timestamp = Timestamp::from_millis(8_640_000_000_000_000);

impl Method {
    /// The method as the log writes it: HTTP's names, and fetch's name for going somewhere.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Navigate => "navigate",
            Self::Request(method) => method.as_str(),
        }
    }

    fn of(name: &str) -> Option<Self> {
        use looker::Method::{Delete, Get, Patch, Post};
        [Get, Post, Patch, Delete]
            .map(Self::Request)
            .into_iter()
            .chain([Self::Navigate])
            .find(|method| method.name() == name)
    }
}

impl Exchange {
    /// Reads the log, the latest last; what makes no sense is left out. Numbers rise, so that each
    /// names one exchange.
    pub fn list(json: &Json) -> Vec<Self> {
        let Json::List(entries) = json else { return Vec::new() };
        let mut read: Vec<Self> = Vec::new();
        for exchange in entries.iter().filter_map(Self::from_json) {
            if read.last().is_none_or(|last| last.number < exchange.number) {
                read.push(exchange);
            }
        }
        read
    }

    /// Reads what stood in the log; nothing where it can't have been written there. The log lies
    /// where somebody may have edited it.
    pub fn from_json(json: &Json) -> Option<Self> {
        let method = Method::of(json.text("method").ok()?)?;
        let status = u16::try_from(json.whole_number("status").ok()?).ok()?;
        let bytes = json.whole_number("bytes").ok()?;
        let url = json.text("url").ok()?;
        let is_address = url.starts_with("https://") || url.starts_with("http://");
        if !is_address || url.len() > LONGEST_URL {
            return None;
        }
        let started_at = Timestamp::from_millis(json.whole_number("start").ok()?);
        if started_at > LAST_INSTANT {
            return None;
        }
        Some(Self {
            number: json.whole_number("number").ok()?,
            method,
            // Once more: what lies there may not have been written by this app.
            url: without_values(url),
            outcome: match (method, status) {
                (Method::Navigate, 0) => Outcome::CameBack,
                (Method::Request(_), 0) => Outcome::NoAnswer,
                (Method::Request(_), 100..=599) => Outcome::Answered { status, bytes },
                _ => return None,
            },
            started_at,
            milliseconds: json.whole_number("duration").ok()?,
            again: json.optional_flag("again").ok()??,
        })
    }
}

/// An address with the names of its query's parameters, but without their values, which may be
/// anybody's data, and without a fragment.
pub fn without_values(url: &str) -> String {
    let mut kept = String::new();
    let (mut in_query, mut in_value) = (false, false);
    for c in url.chars() {
        match c {
            '#' => break,
            '?' => in_query = true,
            '&' => in_value = false,
            '=' if in_query && !in_value => {
                kept.push_str("=…");
                in_value = true;
            }
            _ => {}
        }
        if !in_value {
            kept.push(c);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Vec<(String, Json)> {
        [
            ("number", Json::Number(7.0)),
            ("method", Json::Text("GET".into())),
            ("url", Json::Text("https://my.looker.com:19999/api/4.0/user?fields=…".into())),
            ("status", Json::Number(200.0)),
            ("start", Json::Number(1_700_000_000_000.0)),
            ("duration", Json::Number(123.0)),
            ("bytes", Json::Number(456.0)),
            ("again", Json::Flag(false)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    fn with(changes: &[(&str, Json)]) -> Option<Exchange> {
        let mut entry = entry();
        for (name, value) in changes {
            entry.retain(|(other, _)| other != name);
            entry.push(((*name).to_owned(), value.clone()));
        }
        Exchange::from_json(&Json::Object(entry))
    }

    fn text(text: &str) -> Json {
        Json::Text(text.into())
    }

    #[test]
    fn an_exchange_is_read_back_whole() {
        let read = Exchange {
            number: 7,
            method: Method::Request(looker::Method::Get),
            url: "https://my.looker.com:19999/api/4.0/user?fields=…".into(),
            outcome: Outcome::Answered { status: 200, bytes: 456 },
            started_at: Timestamp::from_millis(1_700_000_000_000),
            milliseconds: 123,
            again: false,
        };
        assert_eq!(with(&[]), Some(read));
    }

    #[test]
    fn the_outcome_follows_from_method_and_status() {
        for (method, status, outcome) in [
            ("GET", 200, Some(Outcome::Answered { status: 200, bytes: 456 })),
            ("POST", 599, Some(Outcome::Answered { status: 599, bytes: 456 })),
            ("DELETE", 0, Some(Outcome::NoAnswer)),
            ("navigate", 0, Some(Outcome::CameBack)),
            ("navigate", 200, None),
            ("PATCH", 99, None),
            ("GET", 600, None),
        ] {
            let read = with(&[("method", text(method)), ("status", Json::Number(status.into()))]);
            assert_eq!(read.map(|exchange| exchange.outcome), outcome, "{method} {status}");
        }
    }

    #[test]
    fn stored_nonsense_is_no_exchange() {
        for json in [Json::Null, Json::Flag(true), Json::Number(1.0), text("x"), Json::List(vec![])] {
            assert_eq!(Exchange::from_json(&json), None);
        }
        for (name, value) in [
            ("number", Json::Null),
            ("number", Json::Number(-1.0)),
            ("number", Json::Number(1.5)),
            ("method", text("get")),
            ("method", text("<b>")),
            ("method", Json::Null),
            ("url", Json::Number(1.0)),
            ("url", text("javascript:alert(1)")),
            ("url", text("/api/4.0/user")),
            ("url", text(&["https://my.looker.com/", &"x".repeat(2_000)].concat())),
            ("status", text("200")),
            ("status", Json::Number(1e9)),
            ("start", Json::Number(9e15)),
            ("start", Json::Number(f64::NAN)),
            ("start", Json::Null),
            ("duration", Json::Number(-5.0)),
            ("duration", text("soon")),
            ("bytes", Json::Number(f64::INFINITY)),
            ("again", Json::Number(1.0)),
            ("again", Json::Null),
        ] {
            assert_eq!(with(&[(name, value)]), None, "{name}");
        }
    }

    #[test]
    fn what_makes_no_sense_in_the_log_is_left_out() {
        let number = |number: u32| {
            let mut entry = entry();
            entry.push(("number".into(), Json::Number(number.into())));
            Json::Object(entry)
        };
        let log = Json::List(vec![number(3), Json::Null, number(3), number(9), number(4), number(10)]);
        let numbers: Vec<_> = Exchange::list(&log).iter().map(|exchange| exchange.number).collect();
        assert_eq!(numbers, [3, 9, 10]);
        for nonsense in [Json::Null, text("[]"), Json::Object(entry())] {
            assert_eq!(Exchange::list(&nonsense), []);
        }
    }

    #[test]
    fn of_a_query_only_the_names_are_kept() {
        for (url, kept) in [
            ("https://l.example/api/4.0/user", "https://l.example/api/4.0/user"),
            ("https://l.example/looks?limit=10&title=salaries", "https://l.example/looks?limit=…&title=…"),
            ("https://l.example/x?a=b=c?d=e&f", "https://l.example/x?a=…&f"),
            ("https://l.example/x?=s3cr3t", "https://l.example/x?=…"),
            ("https://l.example/x?a=1#code=s3cr3t", "https://l.example/x?a=…"),
            ("https://l.example/x#s3cr3t", "https://l.example/x"),
            ("https://l.example/a=b/c?d", "https://l.example/a=b/c?d"),
            ("https://l.example/x?code=é%26s3cr3t", "https://l.example/x?code=…"),
            ("https://l.example/x?a=…&b=…", "https://l.example/x?a=…&b=…"),
            ("", ""),
        ] {
            assert_eq!(without_values(url), kept);
        }
    }

    #[test]
    fn values_in_a_stored_address_are_not_shown() {
        let read = with(&[("url", text("https://l.example/authenticated?code=s3cr3t"))]);
        assert_eq!(read.map(|exchange| exchange.url), Some("https://l.example/authenticated?code=…".into()));
    }
}
