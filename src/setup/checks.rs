//! What is checked of an instance, and what each finding means. Decided by pure functions of what was
//! seen.

use looker::{
    Answer, BaseUrl, LookerUrl, UrlError,
    api::{ApiError, App},
    discovery::{self, Hosts},
    registration::Registration,
};

use super::difference::Difference;
use crate::{
    net::{TransportError, diagnosis::Reach},
    session::CallError,
};

/// What is checked, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// Both addresses can be ones of Looker's hosts, and are encrypted.
    Addresses,
    /// The browser lets a page such as this one ask such a host.
    Browser,
    /// Somebody answers at the API's host.
    Reachable,
    /// Looker lets this page read its answers.
    Allowed,
    /// It is Looker's API that answers.
    Api,
    /// The release serves the API 4.0.
    Version,
    /// The app is registered with this page's address.
    Registration,
}

/// How a check stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Others come first.
    Waiting,
    /// It goes on.
    Running,
    /// It has ended.
    Done(Finding),
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found, what it means, and what to do.
    pub text: String,
    /// Where Looker's `redirect_uri` differs from this page's.
    pub difference: Option<Box<Difference>>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Good,
    /// It could not be found out, or may become a trouble.
    Attention,
    /// No sign-in comes past this.
    Trouble,
}

/// What came of asking the API's host for `/versions`.
#[derive(Clone)]
pub enum Seen {
    /// An answer that the page may read.
    Answer(Answer),
    /// None; and how far requests get.
    Nothing(TransportError, Reach),
}

impl Check {
    /// All, in their order.
    pub const ALL: [Self; 7] =
        [Self::Addresses, Self::Browser, Self::Reachable, Self::Allowed, Self::Api, Self::Version, Self::Registration];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Addresses => "Addresses are well-formed and encrypted",
            Self::Browser => "This browser lets the page ask",
            Self::Reachable => "The API host can be reached",
            Self::Allowed => "This page's origin is allowed",
            Self::Api => "It is Looker's API",
            Self::Version => "The release serves API 4.0",
            Self::Registration => "The app is registered",
        }
    }
}

impl State {
    /// How it stands, in a word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Running => "Running",
            Self::Done(Finding { verdict: Verdict::Good, .. }) => "Good",
            Self::Done(Finding { verdict: Verdict::Attention, .. }) => "Attention",
            Self::Done(Finding { verdict: Verdict::Trouble, .. }) => "Trouble",
        }
    }
}

impl Finding {
    fn good(text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Good, text: text.into(), difference: None }
    }

    fn attention(text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Attention, ..Self::good(text) }
    }

    fn trouble(text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Trouble, ..Self::good(text) }
    }
}

/// What is to be said of addresses that were read, or of why they were not.
pub fn addresses(looker: Result<&LookerUrl, &UrlError>, base: Result<&BaseUrl, &UrlError>) -> Finding {
    match (looker, base) {
        (Err(error), _) => Finding::trouble(format!(
            "The address of the pages can't be used: {error}. It stands above, under “Addresses”."
        )),
        (_, Err(error)) => Finding::trouble(format!(
            "The address of the API can't be used: {error}. It stands above, under “Addresses”."
        )),
        (Ok(looker), Ok(base)) => {
            let http = |url: &str| url.starts_with("http://");
            if http(looker.as_str()) || http(base.as_str()) {
                Finding::good("They are on this machine, where http will do.")
            } else {
                Finding::good("Both are https.")
            }
        }
    }
}

/// Whether browsers let a page of `origin` ask this host.
pub fn browser(origin: &str, base_url: &BaseUrl) -> Finding {
    let base = base_url.as_str();
    if origin.starts_with("https://") && base.starts_with("http://") {
        return Finding::attention(
            "This page is https and Looker's API is http on this machine. Some browsers block that as mixed content; \
             open the page by http on this machine, or give Looker a certificate.",
        );
    }
    if is_private(host(base)) && !is_private(host(origin)) {
        return Finding::attention(
            "Looker's API is in a private network, and this page is not. Some browsers ask you first, or block it; \
             allow it when asked, or serve the page from the same network.",
        );
    }
    Finding::good("Nothing about the two addresses makes a browser block requests.")
}

/// Whether somebody answers at the API's host.
pub fn reachable(base_url: &BaseUrl, seen: &Seen) -> Finding {
    let base = base_url.as_str();
    match seen {
        Seen::Answer(_) | Seen::Nothing(_, Reach::Answers) => Finding::good(format!("{base} answers.")),
        Seen::Nothing(_, Reach::Offline) => {
            Finding::trouble("This device is offline. Check again when the connection is back.")
        }
        Seen::Nothing(_, Reach::Silent) => Finding::trouble(format!(
            "Nobody answers at {base}. The address or its port may be wrong, the server may be down, this browser may not \
             trust its certificate, or the policy of this page (connect-src) does not name it. Open {base}/alive in a new \
             tab: what you see there tells which."
        )),
    }
}

/// Whether Looker lets pages of `origin` read its answers.
pub fn allowed(origin: &str, seen: &Seen) -> Finding {
    match seen {
        Seen::Answer(_) => Finding::good(format!("Looker lets {origin} read its answers.")),
        Seen::Nothing(TransportError::NoAnswer { .. }, Reach::Answers) => Finding::trouble(format!(
            "The host answers, but this page may not read it. Most often {origin} is not in Looker's Embedded Domain \
             Allowlist: a Looker admin adds it exactly so, below under “What to paste”. If it stands there, the address \
             may be that of Looker's pages and not of its API, which is often on port 19999."
        )),
        Seen::Nothing(error, Reach::Answers) => Finding::attention(format!(
            "The host answers, but not to the end ({error}). It may be busy; check again in a moment."
        )),
        Seen::Nothing(_, Reach::Offline | Reach::Silent) => unknown("the host answers"),
    }
}

/// Whether it is Looker's API that answered, and that of the Looker whose pages are at `looker_url`.
pub fn api(looker_url: &LookerUrl, seen: &Seen) -> Finding {
    let Seen::Answer(answer) = seen else { return unknown("this page may read answers") };
    match discovery::release(answer) {
        _ if !answer.is_success() => Finding::trouble(format!(
            "The host answers /versions with status {}. It may be a proxy or another server; the API is often on port \
             19999.",
            answer.status
        )),
        Ok(_) => match Hosts::from_versions(answer) {
            Ok(hosts) if hosts.looker_url != *looker_url => Finding::attention(format!(
                "Looker's API answers /versions, and says that its pages are at {}. People are sent to {} to sign in: if \
                 nothing of Looker's is there, correct looker_url.",
                hosts.looker_url.as_str(),
                looker_url.as_str()
            )),
            _ => Finding::good("Looker's API answers /versions."),
        },
        Err(looker::AnswerError::Page { .. }) => Finding::trouble(
            "A web page came where the API should be: this is the address of Looker's pages or of another server. \
             The API is often on port 19999.",
        ),
        Err(error) => Finding::trouble(format!("What answers is not Looker's API: {error}.")),
    }
}

/// Whether the release serves what this app calls.
pub fn version(seen: &Seen) -> Finding {
    let Seen::Answer(answer) = seen else { return unknown("this page may read answers") };
    match discovery::release(answer) {
        Ok((release, true)) if answer.is_success() => Finding::good(format!("Looker {release} serves API 4.0.")),
        Ok((release, false)) if answer.is_success() => Finding::trouble(format!(
            "Looker {release} does not serve API 4.0, which this app calls. A newer release does."
        )),
        _ => unknown("Looker's API answers"),
    }
}

/// What can be said of the registration where nobody is signed in. `was_refused` says that Looker
/// refused the app at the sign-in before.
pub fn unseen_registration(wanted: &Registration, was_refused: bool) -> Finding {
    let has_to_be = format!(
        "It has to know {} as the app's client_guid, enabled, with the redirect_uri {}, equal in every character.",
        wanted.client_id.as_str(),
        wanted.redirect_uri.as_str()
    );
    if was_refused {
        return Finding::trouble(format!(
            "Looker refused this app at the last sign-in. {has_to_be} A Looker admin compares them, or registers the app by \
             what stands below."
        ));
    }
    Finding::attention(format!(
        "Looker tells only at the sign-in. {has_to_be} Where it ends on an error page of Looker's, one of these differs."
    ))
}

/// What Looker's list of apps, as somebody who is signed in may see it, says of the registration.
pub fn registration(wanted: &Registration, seen: &Result<Vec<App>, CallError>) -> Finding {
    let client_id = wanted.client_id.as_str();
    let apps = match seen {
        Ok(apps) if !apps.is_empty() => apps,
        Ok(_) | Err(CallError::Api(ApiError::NotFoundOrForbidden { .. })) => {
            return Finding::attention(
                "You are signed in, but your account may not see registrations. A Looker admin sees more here.",
            );
        }
        Err(error) => return Finding::attention(format!("Looker did not tell: {error}.")),
    };
    let Some(app) = apps.iter().find(|app| app.client_guid == client_id) else {
        return Finding::trouble(format!(
            "No app is registered as {client_id}, which is the client_id in config.json. Register it, or mend config.json."
        ));
    };
    if let Some(difference) = Difference::of(&app.redirect_uri, wanted.redirect_uri.as_str()) {
        return Finding {
            difference: Some(Box::new(difference.clone())),
            ..Finding::trouble(format!(
                "{client_id} is registered for another redirect_uri: {}. Looker compares them to the character, and ends \
                 sign-ins on an error page. An admin repairs it.",
                difference.told()
            ))
        };
    }
    if !app.enabled {
        return Finding::trouble(format!(
            "{client_id} is registered and disabled: nobody can sign in. An admin enables it."
        ));
    }
    match &app.group_id {
        None => Finding::good(format!("{client_id} is registered for exactly this page, and enabled.")),
        Some(group) => Finding::attention(format!(
            "{client_id} is registered for exactly this page, and enabled, for members of the group {group} only."
        )),
    }
}

/// What can be said where this page's own address can't be registered.
pub fn not_registrable(origin: &str) -> Finding {
    Finding::trouble(format!("{origin} can't be registered at Looker: this page has to be https, or on this machine."))
}

fn unknown(when: &str) -> Finding {
    Finding::attention(format!("That can't be seen before {when}."))
}

/// The host in an origin, without its port.
fn host(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => host,
        _ => authority,
    }
}

/// Whether a host is one of this machine or of a private network (RFC 1918, RFC 3927, RFC 4193, RFC 6762).
fn is_private(host: &str) -> bool {
    if host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local") {
        return true;
    }
    if let Ok(address) = host.parse::<std::net::Ipv4Addr>() {
        return address.is_private() || address.is_loopback() || address.is_link_local();
    }
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::Ipv6Addr>();
    address.is_ok_and(|address| address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local())
}

#[cfg(test)]
mod tests {
    use looker::{MediaType, json::Json};

    use super::*;

    fn base(url: &str) -> BaseUrl {
        BaseUrl::parse(url).unwrap()
    }

    fn answer(status: u16, media_type: MediaType, json: Option<Json>) -> Seen {
        Seen::Answer(Answer { status, media_type, json, retry_after: None })
    }

    fn versions(version: &str) -> Json {
        versions_of(version, "https://l.example/")
    }

    fn versions_of(version: &str, pages: &str) -> Json {
        let supported = Json::Object(vec![("version".into(), Json::Text(version.into()))]);
        Json::Object(vec![
            ("looker_release_version".into(), Json::Text("26.12.0".into())),
            ("web_server_url".into(), Json::Text(pages.into())),
            ("api_server_url".into(), Json::Text("https://l.example:19999".into())),
            ("supported_versions".into(), Json::List(vec![supported])),
        ])
    }

    fn nothing(reach: Reach) -> Seen {
        Seen::Nothing(TransportError::NoAnswer { evidence: "Failed to fetch".into() }, reach)
    }

    #[test]
    fn every_answer_has_its_findings() {
        use Verdict::{Attention, Good, Trouble};
        let base = base("https://l.example:19999");
        for (name, seen, verdicts) in [
            ("right", answer(200, MediaType::Json, Some(versions("4.0"))), [Good, Good, Good, Good]),
            (
                "another's",
                answer(200, MediaType::Json, Some(versions_of("4.0", "https://m.example"))),
                [Good, Good, Attention, Good],
            ),
            ("old", answer(200, MediaType::Json, Some(versions("3.1"))), [Good, Good, Good, Trouble]),
            ("page", answer(200, MediaType::Html, None), [Good, Good, Trouble, Attention]),
            ("404", answer(404, MediaType::Json, Some(versions("4.0"))), [Good, Good, Trouble, Attention]),
            ("other", answer(200, MediaType::Json, Some(Json::Null)), [Good, Good, Trouble, Attention]),
            ("not allowed", nothing(Reach::Answers), [Good, Trouble, Attention, Attention]),
            ("slow", Seen::Nothing(TransportError::TimedOut, Reach::Answers), [Good, Attention, Attention, Attention]),
            ("dead", nothing(Reach::Silent), [Trouble, Attention, Attention, Attention]),
            ("offline", nothing(Reach::Offline), [Trouble, Attention, Attention, Attention]),
        ] {
            let looker = LookerUrl::parse("https://l.example").unwrap();
            let found =
                [reachable(&base, &seen), allowed("https://app.example", &seen), api(&looker, &seen), version(&seen)];
            assert_eq!(found.map(|finding| finding.verdict), verdicts, "{name}");
        }
    }

    #[test]
    fn a_registration_is_compared_in_all_that_keeps_people_out() {
        use looker::{ClientId, RedirectUri};
        let wanted = Registration {
            client_id: ClientId::parse("sightline").unwrap(),
            redirect_uri: RedirectUri::parse("https://app.example/authenticated").unwrap(),
            display_name: "Sightline".into(),
        };
        let app = |client_guid: &str, redirect_uri: &str, enabled, group_id: Option<&str>| {
            vec![App {
                client_guid: client_guid.into(),
                redirect_uri: redirect_uri.into(),
                display_name: String::new(),
                description: String::new(),
                enabled,
                group_id: group_id.map(Into::into),
            }]
        };
        let fits = "https://app.example/authenticated";
        let forbidden = CallError::Api(ApiError::NotFoundOrForbidden { status: 404, message: None });
        for (seen, verdict, said, differs) in [
            (Ok(app("sightline", fits, true, None)), Verdict::Good, "exactly this page", false),
            (Ok(app("sightline", fits, true, Some("7"))), Verdict::Attention, "group 7", false),
            (Ok(app("sightline", fits, false, None)), Verdict::Trouble, "disabled", false),
            (
                Ok(app("sightline", "https://app.example/authenticated/", true, None)),
                Verdict::Trouble,
                "“/” too much",
                true,
            ),
            (Ok(app("other", fits, true, None)), Verdict::Trouble, "No app is registered as sightline", false),
            (Ok(Vec::new()), Verdict::Attention, "may not see", false),
            (Err(forbidden), Verdict::Attention, "may not see", false),
            (Err(CallError::Transport(TransportError::TimedOut)), Verdict::Attention, "no answer within", false),
        ] {
            let found = registration(&wanted, &seen);
            assert_eq!((found.verdict, found.difference.is_some()), (verdict, differs), "{}", found.text);
            assert!(found.text.contains(said), "{} lacks {said}", found.text);
        }
        assert_eq!(unseen_registration(&wanted, false).verdict, Verdict::Attention);
        assert_eq!(unseen_registration(&wanted, true).verdict, Verdict::Trouble);
    }

    #[test]
    fn what_browsers_may_block_is_told() {
        for (origin, url, verdict) in [
            ("https://app.example", "https://l.example", Verdict::Good),
            ("http://localhost:8080", "http://localhost:19999", Verdict::Good),
            ("http://localhost:8080", "https://l.example", Verdict::Good),
            ("https://app.example", "http://localhost:19999", Verdict::Attention),
            ("https://app.example", "https://10.1.2.3:19999", Verdict::Attention),
            ("https://app.example", "https://172.16.0.1", Verdict::Attention),
            ("https://app.example", "https://172.32.0.1", Verdict::Good),
            ("https://app.example", "https://looker.local", Verdict::Attention),
            ("https://app.example", "https://[fd00::1]:19999", Verdict::Attention),
            ("https://192.168.1.1", "https://192.168.1.2", Verdict::Good),
        ] {
            assert_eq!(browser(origin, &base(url)).verdict, verdict, "{origin} {url}");
        }
    }

    #[test]
    fn addresses_that_can_not_be_used_say_which_and_why() {
        let looker = LookerUrl::parse("https://l.example");
        let insecure = BaseUrl::parse("http://l.example");
        let found = addresses(looker.as_ref(), insecure.as_ref());
        assert_eq!(found.verdict, Verdict::Trouble);
        assert!(found.text.contains("API") && found.text.contains("https"), "{}", found.text);
        assert_eq!(addresses(looker.as_ref(), Ok(&base("https://l.example"))), Finding::good("Both are https."));
    }
}
