//! The sign-in of this tab, read from the log.

use super::words;
use crate::net::{Exchange, Method, Outcome};

/// Who takes part in a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// This page in the browser.
    Page,
    /// Looker's pages, where people sign in.
    Looker,
    /// Looker's API.
    Api,
}

/// One arrow of the diagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who says something.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// When, in milliseconds since the sign-in began.
    pub at: u64,
    /// What is said.
    pub said: String,
    /// The number of its exchange in the log.
    pub number: u64,
}

/// A sign-in as it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The host of Looker's pages.
    pub looker: String,
    /// The host of Looker's API.
    pub api: String,
    /// What was said, in order.
    pub steps: Vec<Step>,
    /// How long the person was at Looker, in milliseconds.
    pub at_looker: u64,
    /// How long all of it took, in milliseconds.
    pub in_all: u64,
}

/// The latest sign-in in the log that came as far as the token request; the log is in order.
pub fn latest(log: &[Exchange]) -> Option<SignIn> {
    let begin = log.windows(2).rposition(|pair| pair[0].method == Method::Navigate && asks_for_tokens(&pair[1]))?;
    let (way, token) = (&log[begin], &log[begin + 1]);
    let first_call = log.get(begin + 2).filter(|call| asks_who_it_is(call));
    let since = |instant: u64| instant.saturating_sub(way.started_at.as_millis());
    let end_of = |exchange: &Exchange| exchange.started_at.as_millis().saturating_add(exchange.milliseconds);
    let step = |from, to, at, said, number| Step { from, to, at: since(at), said, number };
    let there_and_back = |exchange: &Exchange, party, asked: String, answered: String| {
        [
            step(Party::Page, party, exchange.started_at.as_millis(), asked, exchange.number),
            step(party, Party::Page, end_of(exchange), answered, exchange.number),
        ]
    };
    let mut steps = Vec::from(there_and_back(way, Party::Looker, asked(way), "Back with a code".into()));
    for call in [Some(token), first_call].into_iter().flatten() {
        steps.extend(there_and_back(call, Party::Api, asked(call), answered(call)));
    }
    Some(SignIn {
        looker: words::host_and_path(&way.url).0.to_owned(),
        api: words::host_and_path(&token.url).0.to_owned(),
        steps,
        at_looker: way.milliseconds,
        in_all: since(end_of(first_call.unwrap_or(token))),
    })
}

fn asks_for_tokens(exchange: &Exchange) -> bool {
    let (_, path) = words::host_and_path(&exchange.url);
    exchange.method == Method::Request(looker::Method::Post) && path == "/api/token"
}

fn asks_who_it_is(exchange: &Exchange) -> bool {
    let (_, path) = words::host_and_path(&exchange.url);
    exchange.method == Method::Request(looker::Method::Get) && path.ends_with("/user")
}

fn asked(exchange: &Exchange) -> String {
    let (_, path) = words::host_and_path(&exchange.url);
    [words::method(exchange.method), " ", path].concat()
}

fn answered(exchange: &Exchange) -> String {
    let took = words::span(exchange.milliseconds);
    match exchange.outcome {
        Outcome::NoAnswer => format!("No answer, {took}"),
        outcome => format!("{}, {took}", words::outcome(outcome)),
    }
}

#[cfg(test)]
mod tests {
    use looker::{
        Method::{Get, Post},
        Timestamp,
    };

    use super::*;

    const BEGIN: u64 = 1_700_000_000_000;

    fn exchange(number: u64, method: Method, path: &str, status: u16, at: u64, milliseconds: u64) -> Exchange {
        let host = if method == Method::Navigate { "my.looker.com" } else { "my.looker.com:19999" };
        Exchange {
            number,
            method,
            url: format!("https://{host}{path}"),
            outcome: match (method, status) {
                (Method::Navigate, _) => Outcome::CameBack,
                (_, 0) => Outcome::NoAnswer,
                (_, status) => Outcome::Answered { status, bytes: 10 },
            },
            started_at: Timestamp::from_millis(BEGIN + at),
            milliseconds,
            again: false,
        }
    }

    fn way(number: u64, at: u64) -> Exchange {
        exchange(number, Method::Navigate, "/auth", 0, at, 2_000)
    }

    fn token(number: u64, at: u64) -> Exchange {
        exchange(number, Method::Request(Post), "/api/token", 200, at, 40)
    }

    fn user(number: u64, at: u64) -> Exchange {
        exchange(number, Method::Request(Get), "/api/4.0/user", 200, at, 15)
    }

    fn versions(number: u64, at: u64) -> Exchange {
        exchange(number, Method::Request(Get), "/versions", 200, at, 5)
    }

    #[test]
    fn a_sign_in_is_drawn_from_the_button_to_the_name() {
        use Party::{Api, Looker, Page};
        let log = [way(1, 0), token(2, 2_100), user(3, 2_150), versions(4, 2_300), token(5, 9_000)];
        let sign_in = latest(&log).unwrap();
        assert_eq!((sign_in.looker.as_str(), sign_in.api.as_str()), ("my.looker.com", "my.looker.com:19999"));
        assert_eq!((sign_in.at_looker, sign_in.in_all), (2_000, 2_165));
        let steps: Vec<_> =
            sign_in.steps.iter().map(|step| (step.from, step.to, step.at, step.said.as_str(), step.number)).collect();
        assert_eq!(
            steps,
            [
                (Page, Looker, 0, "GET /auth", 1),
                (Looker, Page, 2_000, "Back with a code", 1),
                (Page, Api, 2_100, "POST /api/token", 2),
                (Api, Page, 2_140, "200 OK, 40 ms", 2),
                (Page, Api, 2_150, "GET /api/4.0/user", 3),
                (Api, Page, 2_165, "200 OK, 15 ms", 3),
            ]
        );
    }

    #[test]
    fn the_latest_sign_in_that_came_to_tokens_is_taken() {
        let two = [way(1, 0), token(2, 2_100), user(3, 2_150), way(4, 5_000), token(5, 7_000), user(6, 7_100)];
        for (log, first) in [
            (&two[..], Some(4)),
            (&two[..4], Some(1)),
            (&two[..3], Some(1)),
            // The first call may have failed at once, or the page may have been left.
            (&two[..2], Some(1)),
            (&two[..1], None),
            // The log was cut behind its beginning.
            (&two[1..3], None),
            (&[], None),
        ] {
            assert_eq!(latest(log).map(|sign_in| sign_in.steps[0].number), first, "{log:?}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_breaks_nothing() {
        let log = [way(1, 5_000), token(2, 100), user(3, 200)];
        let sign_in = latest(&log).unwrap();
        assert_eq!(sign_in.in_all, 0);
        assert!(sign_in.steps.iter().all(|step| step.at <= 2_000));
    }
}
