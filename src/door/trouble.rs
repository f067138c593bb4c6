//! Everything that can go wrong before the workbench opens, and what to say about it.

use looker::{
    Instance, LookerUrl, UrlError,
    api::ApiError,
    oauth::{RedirectError, RefusalKind, TokenError},
};

use super::{Attempt, Next};
use crate::{
    config::ConfigTrouble,
    explain::{self, Explanation},
    net::diagnosis::Reach,
    page,
    session::{CallError, PendingError, RedeemError, ReturnTo, StorageError},
};

/// What went wrong, with what was seen of it.
///
/// It is large and rare, so functions return it boxed.
#[derive(Debug, PartialEq)]
pub enum Trouble {
    /// Nothing can be stored in this tab.
    Storage(StorageError),
    /// This tab has no room for a sign-in that was to lead there.
    NoRoom(ReturnTo),
    /// There are no random numbers.
    NoRandom,
    /// Looker could not send anybody back to this page's address.
    Address(UrlError),
    /// To the browser, the instance's address is none.
    NoAddress(LookerUrl),
    /// There is no usable `config.json`.
    Config(ConfigTrouble),
    /// The redirect yields no code.
    Redirect {
        /// Why.
        error: RedirectError,
        /// The sign-in that it answered, where it answered one.
        attempt: Option<Attempt>,
    },
    /// No sign-in of this tab waits for this redirect.
    Pending(PendingError),
    /// The code brought no session.
    Redeem {
        /// Why.
        error: RedeemError,
        /// The sign-in.
        attempt: Attempt,
        /// How far requests get, where none was answered.
        reach: Option<Reach>,
    },
    /// There is a session, but its first call failed.
    FirstCall {
        /// Why.
        error: CallError,
        /// The sign-in.
        attempt: Attempt,
        /// How far requests get, where none was answered.
        reach: Option<Reach>,
    },
    /// The person stopped it on the way back from Looker.
    Stopped {
        /// The sign-in.
        attempt: Attempt,
        /// Whether there was a session by then, and only the first call was waited for.
        is_signed_in: bool,
    },
    /// The workbench could not be loaded; in the browser's words.
    Workbench(String),
}

impl Trouble {
    /// What can be done about it, the most likely first. `signed_in` is whether this tab has a session.
    pub fn ways(&self, signed_in: bool) -> Vec<Next> {
        let mut ways = vec![self.next(signed_in)];
        let place = match ways.first() {
            // That session is the one that failed.
            _ if !signed_in || matches!(self, Self::FirstCall { .. }) => None,
            Some(Next::SignInAgain(Attempt { return_to, .. }) | Next::NewTab(return_to)) => Some(return_to.clone()),
            _ => None,
        };
        if place.is_some() {
            ways.push(Next::GoOn(place));
        }
        if let Some(path) = self.setup() {
            ways.push(Next::SetUp(path));
        }
        ways
    }

    fn next(&self, signed_in: bool) -> Next {
        match self {
            Self::Storage(_) | Self::NoRandom | Self::Config(_) | Self::NoAddress(_) | Self::Workbench(_) => {
                Next::Reload
            }
            Self::Address(UrlError::Insecure) => Next::Https,
            Self::Address(_) => Next::Reload,
            Self::NoRoom(return_to) => Next::NewTab(return_to.clone()),
            Self::Redeem { error: RedeemError::Storage(_), attempt, .. } => Next::NewTab(attempt.return_to.clone()),
            Self::Redirect { attempt: Some(attempt), .. } | Self::Redeem { attempt, .. } => {
                Next::SignInAgain(attempt.clone())
            }
            Self::Redirect { attempt: None, .. } | Self::Pending(_) if signed_in => Next::GoOn(None),
            Self::Redirect { attempt: None, .. } | Self::Pending(_) => Next::Door,
            Self::FirstCall { error: CallError::Api(ApiError::Unauthenticated), attempt, .. } => {
                Next::SignInAgain(attempt.clone())
            }
            Self::Stopped { attempt, is_signed_in: false } => Next::SignInAgain(attempt.clone()),
            Self::FirstCall { .. } | Self::Stopped { is_signed_in: true, .. } => Next::Reload,
        }
    }

    /// The set-up page, with what it is to find out, where it can.
    fn setup(&self) -> Option<String> {
        let (trouble, attempt) = match self {
            Self::Redirect { error: RedirectError::Refused(refusal), attempt: Some(attempt), .. }
                if refusal.kind == RefusalKind::SetUp =>
            {
                ("refused", attempt)
            }
            Self::Redeem { error: RedeemError::Token(TokenError::Refused(refusal)), attempt, .. }
                if !refusal.is_invalid_grant() =>
            {
                ("refused", attempt)
            }
            Self::Redeem {
                error: RedeemError::Transport(_) | RedeemError::Token(TokenError::Answer(_)),
                attempt,
                ..
            }
            | Self::FirstCall { attempt, .. }
            | Self::Stopped { attempt, .. } => ("check", attempt),
            // Looker may be known under two names, of which one is the issuer's.
            Self::Redirect { error: RedirectError::ForeignIssuer, attempt: Some(attempt), .. } => ("check", attempt),
            // A person may have added it there.
            Self::NoAddress(_) => return Some(page::SETUP_PATH.into()),
            _ => return None,
        };
        Some(page::checks_of(trouble, &attempt.instance))
    }

    /// What to say about it. `origin` is this page's.
    pub fn explain(&self, origin: &str) -> Explanation {
        match self {
            Self::Storage(StorageError::Blocked) => Explanation::new(
                "This browser blocks storage for this page",
                "A sign-in is kept in this tab's session storage, and the browser does not allow it. \
                 Allow site data (cookies) for this page, or open it outside of a private or embedded window, then try again.",
            )
            .seen(&StorageError::Blocked),
            Self::Storage(StorageError::Full) => Explanation::new(
                "There is no room to keep the sign-in",
                "This tab's session storage is full, so the sign-in could not be kept. \
                 Open the page in a new tab and sign in there; this one can be closed.",
            )
            .seen(&StorageError::Full),
            Self::NoRoom(_) => Self::Storage(StorageError::Full).explain(origin),
            Self::NoRandom => Explanation::new(
                "This browser has no secure random numbers",
                "A sign-in needs numbers that nobody can guess, so none was begun. Use an up-to-date browser.",
            ),
            Self::Address(error) => Explanation::new(
                "Looker can't send you back to this page",
                "Looker sends people back only to plain https addresses, or to pages on this machine (localhost). \
                 Open this page by such an address.",
            )
            .seen(error),
            Self::NoAddress(looker_url) => Explanation::new(
                "The browser can't go to that Looker",
                format!(
                    "{} is no address to it. Whoever runs this page mends looker_url in config.json.",
                    looker_url.as_str()
                ),
            ),
            Self::Config(error) => explain_config(error),
            Self::Redirect { error, .. } => explain_redirect(error),
            Self::Pending(PendingError::Unknown) => Explanation::new(
                "This way back from Looker leads to no sign-in",
                "It was used already, or it belongs to another tab. Nothing was sent to Looker, and nothing is lost.",
            ),
            Self::Pending(PendingError::Expired) => Explanation::new(
                "That sign-in took too long",
                "By this device's clock more than ten minutes went by at Looker, so its answer is no longer accepted, and nothing was sent.",
            ),
            Self::Redeem { error, attempt, reach } => explain_redeem(error, &attempt.instance, *reach, origin),
            Self::FirstCall { error, attempt, reach } => explain::call(error, &attempt.instance, *reach, origin),
            Self::Stopped { attempt, is_signed_in } => explain_stopped(&attempt.instance.name, *is_signed_in),
            Self::Workbench(evidence) => Explanation::new(
                "A part of this page could not be loaded",
                "You are signed in, but the workbench did not arrive. Check the connection and try again.",
            )
            .seen(evidence),
        }
    }
}

fn explain_config(error: &ConfigTrouble) -> Explanation {
    match error {
        ConfigTrouble::Unreachable(_) | ConfigTrouble::Status { .. } => Explanation::new(
            "The settings of this page could not be read",
            "config.json, which names the Looker instances, did not arrive. Check the connection and try again.",
        ),
        ConfigTrouble::Missing => Explanation::new(
            "This page has no settings yet",
            "config.json, which names the Looker instances, is not there. Whoever runs this page puts it beside index.html.",
        ),
        ConfigTrouble::NotJson(_) => Explanation::new(
            "The settings of this page can't be read",
            "config.json is not valid JSON. Whoever runs this page mends it; the technical details say where.",
        ),
        ConfigTrouble::Invalid(error) => Explanation::new(
            "The settings of this page don't fit",
            format!("In config.json, {error}. Whoever runs this page mends it there."),
        ),
    }
    .seen(error)
}

fn explain_redirect(error: &RedirectError) -> Explanation {
    match error {
        RedirectError::Empty => Explanation::new(
            "There is no sign-in to finish here",
            "This is the page that Looker sends you back to, and no sign-in of this tab waits for it: it was opened by itself, or loaded again. Begin at the sign-in page.",
        ),
        RedirectError::NoState | RedirectError::Duplicate(_) | RedirectError::ForeignState => Explanation::new(
            "That was not an answer to a sign-in from here",
            "The address does not look as Looker makes it, so nothing in it was believed and nothing was sent. \
             A sign-in that is under way is untouched.",
        ),
        RedirectError::ForeignIssuer => Explanation::new(
            "Another server answered than the one you asked",
            "The answer names another issuer than your Looker, so its code was not used. \
             Sign in again; if this comes back, tell your Looker admin.",
        ),
        RedirectError::NoCode => Explanation::new(
            "Looker sent you back without an answer",
            "There was neither a code nor a reason. Sign in again.",
        ),
        RedirectError::Refused(refusal) => match refusal.kind {
            RefusalKind::AccessDenied => Explanation::new(
                "The sign-in was declined",
                "Access was denied at Looker, by you or by a rule of your Looker. Nothing was changed; \
                 you can sign in again at any time.",
            ),
            RefusalKind::TryLater => Explanation::new(
                "Looker can't sign anybody in right now",
                "It reports trouble of its own. Try again in a moment.",
            ),
            RefusalKind::SetUp => Explanation::new(
                "Looker refused the way this page asks",
                "This page and its registration at Looker don't agree.",
            ),
        }
        .seen(&match &refusal.description {
            Some(description) => [&*refusal.error, ": ", description].concat(),
            None => refusal.error.clone(),
        }),
    }
}

fn explain_stopped(name: &str, is_signed_in: bool) -> Explanation {
    Explanation::new(
        format!("You stopped waiting for {name}"),
        if is_signed_in {
            "You are signed in, but Looker has not said yet who you are. Try again, or find out why it takes so long."
        } else {
            "Looker may have the code of this sign-in already. A code works once, so it is not sent again. \
             Sign in for a new one, or find out why it takes so long."
        },
    )
}

fn explain_redeem(error: &RedeemError, instance: &Instance, reach: Option<Reach>, origin: &str) -> Explanation {
    match error {
        RedeemError::Transport(error) => explain::transport(error, instance, reach, origin),
        RedeemError::Storage(error) => Trouble::Storage(*error).explain(origin),
        RedeemError::Token(error) => match error {
            TokenError::Refused(refusal) if refusal.is_invalid_grant() => Explanation::new(
                "Looker did not accept the sign-in's code",
                "A code works once and for about a minute; this one was used or is too old. Sign in again.",
            ),
            TokenError::Refused(_) => Explanation::new(
                "Looker refused this app",
                format!("Its registration at {} does not fit what this page sends.", instance.name),
            ),
            TokenError::Token(_) => Explanation::new(
                "Looker sent tokens that can't be used",
                format!(
                    "The answer of {} is not what its documentation says. Sign in again; if this comes back, \
                         tell your Looker admin.",
                    instance.name
                ),
            ),
            TokenError::Answer(error) => return explain::answer(error, instance),
        }
        .seen(error),
    }
}

#[cfg(test)]
mod tests {
    use looker::{BaseUrl, ClientId, oauth::TokenRefusal};

    use super::*;
    use crate::{net::TransportError, session::ReturnTo};

    fn attempt() -> Attempt {
        Attempt {
            instance: Instance {
                name: "L".into(),
                looker_url: LookerUrl::parse("https://l.example").unwrap(),
                base_url: BaseUrl::parse("https://l.example:19999").unwrap(),
            },
            client_id: ClientId::parse("sightline").unwrap(),
            return_to: ReturnTo::parse("/looks/7"),
        }
    }

    #[test]
    fn a_session_that_outlives_a_sign_in_is_led_back_to_and_no_other() {
        let attempt = attempt();
        let again = || Next::SignInAgain(attempt.clone());
        let to_the_session = || Next::GoOn(Some(attempt.return_to.clone()));
        let set_up = || Next::SetUp("setup#check=https://l.example,https://l.example:19999".into());
        let redirect = |attempt| Trouble::Redirect { error: RedirectError::NoCode, attempt };
        let redeem = |error| Trouble::Redeem { error, attempt: attempt.clone(), reach: None };
        let first_call = |error| Trouble::FirstCall { error, attempt: attempt.clone(), reach: None };
        let stopped = |is_signed_in| Trouble::Stopped { attempt: attempt.clone(), is_signed_in };
        for (trouble, without_session, with_session) in [
            (redirect(Some(attempt.clone())), vec![again()], vec![again(), to_the_session()]),
            (redirect(None), vec![Next::Door], vec![Next::GoOn(None)]),
            (Trouble::Pending(PendingError::Unknown), vec![Next::Door], vec![Next::GoOn(None)]),
            (
                redeem(RedeemError::Transport(TransportError::TimedOut)),
                vec![again(), set_up()],
                vec![again(), to_the_session(), set_up()],
            ),
            (stopped(false), vec![again(), set_up()], vec![again(), to_the_session(), set_up()]),
            (
                Trouble::NoRoom(attempt.return_to.clone()),
                vec![Next::NewTab(attempt.return_to.clone())],
                vec![Next::NewTab(attempt.return_to.clone()), to_the_session()],
            ),
            (Trouble::NoRandom, vec![Next::Reload], vec![Next::Reload]),
        ] {
            assert_eq!(trouble.ways(false), without_session, "{trouble:?}");
            assert_eq!(trouble.ways(true), with_session, "{trouble:?}");
        }
        // Of the session that there is then.
        for (trouble, next) in [
            (first_call(CallError::Api(ApiError::Unauthenticated)), again()),
            (first_call(CallError::Transport(TransportError::TimedOut)), Next::Reload),
            (stopped(true), Next::Reload),
        ] {
            assert_eq!(trouble.ways(true), [next, set_up()], "{trouble:?}");
        }
    }

    #[test]
    fn what_the_set_up_page_can_find_out_leads_there_and_nothing_else() {
        let attempt = attempt();
        let redeem = |error| Trouble::Redeem { error, attempt: attempt.clone(), reach: None };
        let refused = |error: &str| {
            redeem(RedeemError::Token(TokenError::Refused(TokenRefusal { error: error.into(), description: None })))
        };
        let check = Some("setup#check=https://l.example,https://l.example:19999");
        for (trouble, fragment) in [
            (redeem(RedeemError::Transport(TransportError::TimedOut)), check),
            (
                Trouble::FirstCall {
                    error: CallError::Api(ApiError::Unauthenticated),
                    attempt: attempt.clone(),
                    reach: None,
                },
                check,
            ),
            (Trouble::Stopped { attempt: attempt.clone(), is_signed_in: false }, check),
            (Trouble::NoAddress(attempt.instance.looker_url.clone()), Some("setup")),
            (Trouble::Redirect { error: RedirectError::ForeignIssuer, attempt: Some(attempt.clone()) }, check),
            (Trouble::Redirect { error: RedirectError::ForeignIssuer, attempt: None }, None),
            (refused("invalid_client"), Some("setup#refused=https://l.example,https://l.example:19999")),
            (refused("invalid_grant"), None),
            (redeem(RedeemError::Storage(StorageError::Full)), None),
            (Trouble::Redirect { error: RedirectError::NoCode, attempt: Some(attempt.clone()) }, None),
            (Trouble::NoRandom, None),
        ] {
            assert_eq!(trouble.setup().as_deref(), fragment, "{trouble:?}");
        }
    }
}
