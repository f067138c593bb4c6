//! Failures that can happen anywhere, put into words for people.

use std::fmt::Display;

use looker::{AnswerError, Instance, api::ApiError};

use crate::{
    net::{TransportError, diagnosis::Reach},
    session::{CallError, Ending},
};

/// What happened, what it means, and what the machine saw of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What happened.
    pub headline: String,
    /// What it means, and what to do about it.
    pub meaning: String,
    /// What the browser or Looker said, for whoever has to look deeper.
    pub evidence: Option<String>,
}

impl Explanation {
    /// An explanation without evidence.
    pub fn new(headline: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self { headline: headline.into(), meaning: meaning.into(), evidence: None }
    }

    /// The same with what was seen.
    #[must_use]
    pub fn seen(mut self, evidence: &dyn Display) -> Self {
        self.evidence = Some(evidence.to_string());
        self
    }
}

/// Puts a failed call of a session into words. `reach` is how far requests get, where none was answered,
/// and `origin` is this page's.
pub fn call(error: &CallError, instance: &Instance, reach: Option<Reach>, origin: &str) -> Explanation {
    match error {
        // The tokens came from that host to this page, so this page is let in.
        CallError::Transport(TransportError::NoAnswer { .. }) if reach == Some(Reach::Answers) => Explanation::new(
            "Looker's answer can't be read",
            format!(
                "{} gave you tokens, but its answer to the first call can't be read. They may have been revoked, or your \
                 account may not use Looker's API. Try again; if this comes back, ask your Looker admin.",
                instance.name
            ),
        )
        .seen(error),
        CallError::Transport(error) => transport(error, instance, reach, origin),
        CallError::Api(ApiError::Unauthenticated) => Explanation::new(
            "Looker does not accept its own new token",
            format!("{} issued a token and refuses it. It may have been revoked this moment. Sign in again.", instance.name),
        )
        .seen(error),
        CallError::Api(ApiError::NotFoundOrForbidden { .. }) => Explanation::new(
            "Your account may not use Looker's API",
            format!("You are signed in, but {} does not say who you are. Your Looker admin can allow your account to use the API.", instance.name),
        )
        .seen(error),
        CallError::Api(ApiError::Answer(error)) => answer(error, instance),
        CallError::Renew(_) => Explanation::new(
            "The access token could not be renewed",
            format!(
                "It is no longer good, and {} gave no new one. Nothing is lost; try again in a moment.",
                instance.name
            ),
        )
        .seen(error),
    }
}

/// Puts a request without an answer into words.
pub fn transport(error: &TransportError, instance: &Instance, reach: Option<Reach>, origin: &str) -> Explanation {
    let (name, base_url) = (&instance.name, instance.base_url.as_str());
    match (error, reach) {
        (TransportError::TimedOut, _) => Explanation::new(
            format!("{name} takes too long"),
            format!("{base_url} did not answer in time. It may be busy; try again in a moment."),
        ),
        (TransportError::NoAnswer { .. }, Some(Reach::Offline)) => Explanation::new(
            "You are offline",
            "This device has no connection, so Looker could not be asked. Try again when it is back.",
        ),
        (TransportError::NoAnswer { .. }, Some(Reach::Answers)) => Explanation::new(
            format!("{name} does not let this page in"),
            format!(
                "{base_url} answers, but not to pages from {origin}. A Looker admin adds exactly {origin} under \
                 Admin, Platform, Embed, Embedded Domain Allowlist. If it stands there already, the connection broke off; try again."
            ),
        ),
        (TransportError::NoAnswer { .. }, None) => Explanation::new(
            format!("No answer from {name}"),
            "This device may be offline, or Looker may not be reachable at the moment. Nothing is lost; try again.",
        ),
        (TransportError::NoAnswer { .. }, Some(Reach::Silent)) => Explanation::new(
            format!("{name} can't be reached"),
            format!(
                "Nobody answers at {base_url}. The address or its port may be wrong, the server may be down, \
                 or this browser does not trust its certificate."
            ),
        ),
        (TransportError::BrokenOff { .. }, _) => Explanation::new(
            "The connection broke off",
            format!("The answer of {name} began and did not arrive whole. Try again."),
        ),
    }
    .seen(&format_args!("{base_url}: {error}"))
}

/// Puts an answer that makes no sense into words.
pub fn answer(error: &AnswerError, instance: &Instance) -> Explanation {
    let (name, base_url) = (&instance.name, instance.base_url.as_str());
    match error {
        AnswerError::Page { .. } => Explanation::new(
            "That is not Looker's API",
            format!(
                "A web page came from {base_url}, where the API should be. It is often on port 19999; \
                     whoever runs this page can set base_url in config.json."
            ),
        ),
        AnswerError::NotJson { .. } | AnswerError::Field(_) => Explanation::new(
            "Looker's answer makes no sense",
            format!(
                "What came from {base_url} is not what Looker's API answers. Try again; \
                     if this comes back, the address may not be Looker's."
            ),
        ),
        AnswerError::TooManyRequests { .. } => Explanation::new(
            "Looker asks for a pause",
            format!("{name} gets too many requests at the moment. Wait a minute, then try again."),
        ),
        AnswerError::Server { .. } => Explanation::new(
            format!("{name} has trouble of its own"),
            "Looker could not do what was asked, through no fault of yours. Try again in a moment.",
        ),
        AnswerError::Status { .. } => Explanation::new(
            "Looker said no",
            format!(
                "{name} gave an answer that this page knows no remedy for. Try again; \
                     if this comes back, your Looker admin will know what the technical details mean."
            ),
        ),
    }
    .seen(error)
}

/// Puts the end of a session into words. `kept` says what the person who comes back finds there, behind “you are back
/// here”: nothing, or with a space before it.
pub fn ended(ending: Ending, kept: &str) -> Explanation {
    let (headline, why) = match ending {
        Ending::Refused => (
            "Your session ended at Looker",
            "Looker no longer accepts this sign-in: a month has gone by, or somebody revoked it.",
        ),
        Ending::Rejected => (
            "Your session ended at Looker",
            "Looker renewed this session a moment ago and refuses it all the same: somebody may have ended it just then, \
             or the API does not let your account in.",
        ),
        Ending::Lost => (
            "Your session could not be renewed",
            "Looker no longer accepts this sign-in. Most likely its answer with the new tokens did not get here: the page \
             was left or loaded again just then, or the connection broke. Else a month has gone by, or somebody revoked it.",
        ),
        Ending::NoRefreshToken => {
            ("Your session has ended", "The access token is over, and Looker gave none to renew it with.")
        }
    };
    Explanation::new(headline, format!("{why} This page stays as it is; sign in again, and you are back here{kept}."))
}

/// What to say before a new sign-in that would lose what was typed. The next press goes on all the same.
pub fn no_room_for_draft() -> Explanation {
    Explanation::new(
        "This tab has no room for what you typed",
        "While you are at Looker the browser keeps it in this tab, whose storage is full. Copy what you need before you \
         sign in: the rest has to be typed anew.",
    )
}

#[cfg(test)]
mod tests {
    use looker::{BaseUrl, LookerUrl};

    use super::*;

    #[test]
    fn the_allowlist_is_blamed_only_where_no_token_came_from_there() {
        let instance = Instance {
            name: "L".into(),
            looker_url: LookerUrl::parse("https://l.example").unwrap(),
            base_url: BaseUrl::parse("https://l.example").unwrap(),
        };
        let no_answer = TransportError::NoAnswer { evidence: "Failed to fetch".into() };
        for (reach, of_a_token_request, of_a_call) in [
            (None, "No answer from L", "No answer from L"),
            (Some(Reach::Offline), "You are offline", "You are offline"),
            (Some(Reach::Silent), "L can't be reached", "L can't be reached"),
            (Some(Reach::Answers), "L does not let this page in", "Looker's answer can't be read"),
        ] {
            let origin = "https://app.example";
            assert_eq!(transport(&no_answer, &instance, reach, origin).headline, of_a_token_request);
            let explanation = call(&CallError::Transport(no_answer.clone()), &instance, reach, origin);
            assert_eq!(explanation.headline, of_a_call);
            assert!(explanation.evidence.is_some_and(|evidence| evidence.contains("Failed to fetch")));
        }
    }
}
