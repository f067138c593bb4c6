//! What is checked of an instance, and what each finding means. Decided by pure functions of what was
//! seen.

use looker::{
    Answer, BaseUrl, LookerUrl, UrlError,
    api::{ApiError, App},
    discovery::{self, Hosts},
    registration::Registration,
};

use super::{
    difference::Difference,
    hindrance::{Hindrance, Place},
    permission::Permission,
};
use crate::{
    net::{TransportError, diagnosis},
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
    /// An address that shows more of it when the person opens it.
    pub see: Option<String>,
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

/// What came of a request to the API's host whose answer nobody reads. A page is told no more: a wrong
/// certificate and a closed port both look like [`Refused`](Self::Refused).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch {
    /// Nobody answers, and the browser itself says that it is offline.
    Offline,
    /// Somebody answers.
    Answers,
    /// The browser sent nothing: the page's own policy forbids it.
    Forbidden,
    /// Somebody answers with a redirect to where the page's own policy forbids to go.
    Redirected,
    /// The browser came back at once, without a connection.
    Refused,
    /// Nothing came within [`diagnosis::PATIENCE`].
    Silence,
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
    /// That all is well.
    pub fn good(text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Good, text: text.into(), see: None, difference: None }
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
            let text = if http(looker.as_str()) || http(base.as_str()) {
                "They are on this machine, where http will do."
            } else {
                "Both are https."
            };
            let pages = "No page is told whether Looker's own pages can be reached: open them to see.";
            Finding { see: Some(looker.as_str().into()), ..Finding::good([text, " ", pages].concat()) }
        }
    }
}

/// What to do where a browser was told so.
const ALLOW: &str = "Allow it among the permissions of this site, beside its address, and check again.";

/// Whether the browser lets the page ask: what it may have against it, and then what came of a request.
pub fn browser(
    base_url: &BaseUrl,
    hindrance: Option<Hindrance>,
    permission: Option<Permission>,
    touch: Option<Touch>,
) -> Finding {
    let base = base_url.as_str();
    let place = Place::of(base);
    let has_failed = matches!(touch, Some(Touch::Refused | Touch::Silence));
    match (touch, permission) {
        (Some(Touch::Forbidden), _) => {
            return Finding::trouble(format!(
                "The policy of this page (Content-Security-Policy, connect-src) does not name {base}, so this browser sends \
                 nothing there. Whoever hosts this page adds the instance to config.json, and then tells the host anew what \
                 `cargo xtask host` writes, or builds again where the policy stands in the page: docs/deployment.md says how."
            ));
        }
        (_, Some(Permission::Denied)) if has_failed && place != Place::Elsewhere => {
            return Finding::trouble(format!(
                "This browser was told not to let this page reach {}, and {base} is there. {ALLOW}",
                place.name()
            ));
        }
        (_, Some(Permission::Denied)) if has_failed => {
            return Finding::attention(format!(
                "This browser was told not to let this page reach {}. If {base} is there, that is why nobody answers. {ALLOW}",
                place.name()
            ));
        }
        _ => {}
    }
    let why = match hindrance {
        None => return Finding::good("Nothing about the two addresses makes a browser block requests."),
        Some(Hindrance::Mixed) => {
            "This page is https and Looker's API is http on this machine, which some browsers block as mixed content."
        }
        Some(Hindrance::Private) => {
            "Looker's API is in a private network, and this page is not: some browsers ask you first, or block it."
        }
    };
    let remedy = match (permission, hindrance) {
        (Some(Permission::Denied), _) => ALLOW,
        (Some(Permission::Asks), _) => {
            "This one asks you first, whether the page may reach it. Allow it, and check again."
        }
        (None, Some(Hindrance::Mixed)) => "Open the page by http on this machine, or give Looker a certificate.",
        (None, Some(Hindrance::Private) | None) => "Allow it when asked, or serve the page from the same network.",
    };
    match touch {
        Some(Touch::Answers | Touch::Redirected) => Finding::good(format!("{why} This one lets it through.")),
        Some(Touch::Forbidden | Touch::Refused | Touch::Silence | Touch::Offline) | None => {
            Finding::attention([why, " ", remedy].concat())
        }
    }
}

/// Whether somebody answers at the API's host.
pub fn reachable(
    base_url: &BaseUrl,
    touch: Touch,
    hindrance: Option<Hindrance>,
    permission: Option<Permission>,
) -> Finding {
    let base = base_url.as_str();
    let may_block = match (hindrance, permission) {
        (Some(_), _) | (None, Some(Permission::Denied)) => {
            "This browser may have blocked it, as said above. If it did not: "
        }
        (None, Some(Permission::Asks)) => {
            "If this browser asks whether this page may reach your network, allow it and check again. If it does not: "
        }
        (None, None) => "",
    };
    let see = Some([base, "/alive"].concat());
    match touch {
        Touch::Answers => Finding::good(format!("{base} answers.")),
        Touch::Offline => Finding::trouble("This device is offline. Check again when the connection is back."),
        Touch::Forbidden => unseen("this browser lets the page ask"),
        Touch::Redirected => Finding {
            see,
            ..Finding::trouble(format!(
                "{base} answers, but sends the page on to another address, which is not Looker's API and not in the page's \
                 policy, so this browser stops there. A sign-in or a proxy may stand before the API: whoever runs it lets \
                 /alive, /versions and /api through. Or the address is another server's. Open it in a new tab to see where it leads."
            ))
        },
        Touch::Silence => Finding {
            see,
            ..Finding::trouble(format!(
                "{base} did not answer within {} seconds. {may_block}The address or its port may be wrong, the server may be \
                 down, or a firewall or a missing VPN is in the way.",
                diagnosis::PATIENCE / 1000
            ))
        },
        // On this machine there is no certificate that could be at fault.
        Touch::Refused if base.starts_with("http://") => Finding {
            see,
            ..Finding::trouble(format!(
                "Nobody answers at {base}. {may_block}The server may be down, or its port another one."
            ))
        },
        Touch::Refused => Finding {
            see,
            ..Finding::trouble(format!(
                "No connection to {base}. {may_block}Nobody answers there, or this browser does not trust the certificate: no \
                 page is told which. Open the address in a new tab. A warning means the certificate: Looker needs one \
                 that browsers trust, or whoever accepts it there can go on here. “Can't be reached” means a wrong \
                 address or port, or a server that is down. The command looker-admin doctor, below, tells it exactly."
            ))
        },
    }
}

/// Whether Looker lets pages of `origin` read its answers. `versions` is what came of asking for
/// `/versions`; nothing where nobody answers at all.
pub fn allowed(origin: &str, versions: Option<&Result<Answer, TransportError>>) -> Finding {
    match versions {
        None => unseen("the host itself answers"),
        Some(Ok(_)) => Finding::good(format!("Looker lets {origin} read its answers.")),
        Some(Err(TransportError::NoAnswer { .. })) => Finding::trouble(format!(
            "The host answers, but this page may not read it. Most often {origin} is not in Looker's Embedded Domain \
             Allowlist: a Looker admin adds it exactly so, below under “What to paste”. If it stands there, the address \
             may be that of Looker's pages and not of its API, which is often on port 19999."
        )),
        Some(Err(error)) => Finding::attention(format!(
            "The host answers, but not to the end ({error}). It may be busy; check again in a moment."
        )),
    }
}

/// Whether it is Looker's API that answered `/versions` and `/alive`, and that of the Looker whose pages
/// are at `looker_url`.
pub fn api(
    looker_url: &LookerUrl,
    versions: Option<&Answer>,
    alive: Option<&Result<Answer, TransportError>>,
) -> Finding {
    let Some(answer) = versions else { return unseen("this page may read answers") };
    match discovery::release(answer) {
        _ if answer.status == 429 || answer.status >= 500 => Finding::trouble(format!(
            "The host answers /versions with status {}: it is busy, or has trouble of its own. Check again in a moment; if \
             it stays so, whoever runs this Looker will know.",
            answer.status
        )),
        _ if !answer.is_success() => Finding::trouble(format!(
            "The host answers /versions with status {}. It may be a proxy or another server; the API is often on port \
             19999.",
            answer.status
        )),
        Err(looker::AnswerError::Page { .. }) => Finding::trouble(
            "A web page came where the API should be: this is the address of Looker's pages or of another server. \
             The API is often on port 19999.",
        ),
        Err(error) => Finding::trouble(format!("What answers is not Looker's API: {error}.")),
        Ok(_) => match (Hosts::from_versions(answer), alive) {
            (_, Some(Ok(Answer { status: 429, .. }))) => Finding::attention(
                "Looker's API answers /versions, but to /alive that there are too many requests (status 429): it limits \
                 them for now. Check again in a minute; nothing has to be mended.",
            ),
            (_, Some(Ok(alive))) if !alive.is_success() => Finding::trouble(format!(
                "Looker's API answers /versions, but /alive with status {}: it may be starting, or going down.",
                alive.status
            )),
            (Ok(hosts), _) if hosts.looker_url != *looker_url => Finding::attention(format!(
                "Looker's API answers /versions, and says that its pages are at {}. People are sent to {} to sign in: if \
                 nothing of Looker's is there, correct looker_url.",
                hosts.looker_url.as_str(),
                looker_url.as_str()
            )),
            (_, Some(Ok(_))) => Finding::good("Looker's API answers /versions and /alive."),
            // Whether pages may read it is not documented.
            (_, Some(Err(_)) | None) => {
                Finding::good("Looker's API answers /versions; /alive can't be read from here.")
            }
        },
    }
}

/// Whether the release serves what this app calls.
pub fn version(versions: Option<&Answer>) -> Finding {
    let Some(answer) = versions else { return unseen("this page may read answers") };
    match discovery::release(answer) {
        Ok((release, true)) if answer.is_success() => Finding::good(format!("Looker {release} serves API 4.0.")),
        Ok((release, false)) if answer.is_success() => Finding::trouble(format!(
            "Looker {release} does not serve API 4.0, which this app calls. A newer release does."
        )),
        _ => unseen("Looker's API answers"),
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

/// What can be said of a check before the one that it stands on is good.
pub fn unseen(when: &str) -> Finding {
    Finding::attention(format!("That can't be seen before {when}."))
}

#[cfg(test)]
mod tests {
    use looker::{MediaType, json::Json};

    use super::*;

    fn base(url: &str) -> BaseUrl {
        BaseUrl::parse(url).unwrap()
    }

    fn answer(status: u16, media_type: MediaType, json: Option<Json>) -> Result<Answer, TransportError> {
        Ok(Answer { status, media_type, json, retry_after: None })
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

    fn nothing() -> Result<Answer, TransportError> {
        Err(TransportError::NoAnswer { evidence: "Failed to fetch".into() })
    }

    #[test]
    fn every_answer_has_its_findings() {
        use Verdict::{Attention, Good, Trouble};
        let right = || Some(answer(200, MediaType::Json, Some(versions("4.0"))));
        let alive = || Some(answer(200, MediaType::Other, None));
        for (name, seen, alive, verdicts) in [
            ("right", right(), alive(), [Good, Good, Good]),
            ("alive is not to be read", right(), Some(nothing()), [Good, Good, Good]),
            ("going down", right(), Some(answer(503, MediaType::Other, None)), [Good, Trouble, Good]),
            ("limits requests", right(), Some(answer(429, MediaType::Other, None)), [Good, Attention, Good]),
            (
                "another's",
                Some(answer(200, MediaType::Json, Some(versions_of("4.0", "https://m.example")))),
                alive(),
                [Good, Attention, Good],
            ),
            ("old", Some(answer(200, MediaType::Json, Some(versions("3.1")))), alive(), [Good, Good, Trouble]),
            ("busy", Some(answer(429, MediaType::Json, None)), alive(), [Good, Trouble, Attention]),
            ("page", Some(answer(200, MediaType::Html, None)), alive(), [Good, Trouble, Attention]),
            ("404", Some(answer(404, MediaType::Json, Some(versions("4.0")))), alive(), [Good, Trouble, Attention]),
            ("other", Some(answer(200, MediaType::Json, Some(Json::Null))), alive(), [Good, Trouble, Attention]),
            ("not allowed", Some(nothing()), None, [Trouble, Attention, Attention]),
            ("slow", Some(Err(TransportError::TimedOut)), None, [Attention, Attention, Attention]),
            ("nobody", None, None, [Attention, Attention, Attention]),
        ] {
            let looker = LookerUrl::parse("https://l.example").unwrap();
            let readable = seen.as_ref().and_then(|seen| seen.as_ref().ok());
            let found = [
                allowed("https://app.example", seen.as_ref()),
                api(&looker, readable, alive.as_ref()),
                version(readable),
            ];
            assert_eq!(found.map(|finding| finding.verdict), verdicts, "{name}");
        }
    }

    #[test]
    fn what_alive_answers_is_told_for_what_it_is() {
        let looker = LookerUrl::parse("https://l.example").unwrap();
        let versions = answer(200, MediaType::Json, Some(versions("4.0"))).unwrap();
        for (status, said, unsaid) in [
            (200, "answers /versions and /alive", "status"),
            (429, "limits them for now", "starting"),
            (503, "starting, or going down", "limits"),
            (404, "starting, or going down", "limits"),
        ] {
            let found = api(&looker, Some(&versions), Some(&answer(status, MediaType::Other, None)));
            assert!(found.text.contains(said) && !found.text.contains(unsaid), "{}", found.text);
        }
    }

    #[test]
    fn what_a_page_is_told_of_a_host_is_told_and_no_more() {
        let (open, local) = (base("https://l.example:19999"), base("http://localhost:19999"));
        for (base_url, touch, said, unsaid, see) in [
            (&open, Touch::Answers, "answers.", "certificate", None),
            (&open, Touch::Offline, "offline", "certificate", None),
            (&open, Touch::Refused, "does not trust the certificate: no page is told which", "within", Some(&open)),
            (&open, Touch::Silence, "did not answer within 5 seconds", "certificate", Some(&open)),
            (&local, Touch::Refused, "Nobody answers", "certificate", Some(&local)),
            (&open, Touch::Forbidden, "before this browser lets the page ask", "Nobody answers", None),
            (&open, Touch::Redirected, "sends the page on to another address", "does not name", Some(&open)),
        ] {
            let found = reachable(base_url, touch, None, None);
            assert!(found.text.contains(said) && !found.text.contains(unsaid), "{}", found.text);
            assert_eq!(found.verdict == Verdict::Good, touch == Touch::Answers, "{touch:?}");
            assert_eq!(found.see, see.map(|base_url| [base_url.as_str(), "/alive"].concat()), "{touch:?}");
            assert!(!found.text.contains("may have blocked it"), "{}", found.text);
        }
        for hindrance in [Hindrance::Mixed, Hindrance::Private] {
            let found = reachable(&local, Touch::Refused, Some(hindrance), None);
            assert!(found.text.contains("This browser may have blocked it"), "{}", found.text);
        }
        for (permission, said) in
            [(Permission::Denied, "This browser may have blocked it"), (Permission::Asks, "If this browser asks")]
        {
            for touch in [Touch::Refused, Touch::Silence] {
                let found = reachable(&open, touch, None, Some(permission));
                assert!(found.text.contains(said), "{}", found.text);
            }
        }
    }

    #[test]
    fn what_a_browser_may_block_is_good_when_it_did_not() {
        use Verdict::{Attention, Good, Trouble};
        let base = base("https://l.example:19999");
        let mixed = Some(Hindrance::Mixed);
        for (hindrance, touch, verdict) in [
            (None, None, Good),
            (None, Some(Touch::Refused), Good),
            (mixed, None, Attention),
            (mixed, Some(Touch::Refused), Attention),
            (mixed, Some(Touch::Answers), Good),
            (Some(Hindrance::Private), Some(Touch::Silence), Attention),
            (Some(Hindrance::Private), Some(Touch::Answers), Good),
            (None, Some(Touch::Forbidden), Trouble),
            (None, Some(Touch::Redirected), Good),
            (mixed, Some(Touch::Redirected), Good),
            (mixed, Some(Touch::Forbidden), Trouble),
        ] {
            let found = browser(&base, hindrance, None, touch);
            assert_eq!(found.verdict, verdict, "{hindrance:?} {touch:?}");
            let names_the_policy = found.text.contains("connect-src) does not name https://l.example:19999, so");
            assert_eq!(names_the_policy, touch == Some(Touch::Forbidden), "{}", found.text);
        }
    }

    #[test]
    fn a_browser_that_asks_people_or_was_told_no_is_named_with_what_to_do() {
        use Permission::{Asks, Denied};
        use Verdict::{Attention, Good, Trouble};
        let (private, mixed) = (Some(Hindrance::Private), Some(Hindrance::Mixed));
        for (url, hindrance, permission, touch, verdict, said) in [
            ("https://10.1.2.3", private, Asks, None, Attention, "This one asks you first"),
            ("https://10.1.2.3", private, Asks, Some(Touch::Silence), Attention, "Allow it, and check again."),
            ("https://10.1.2.3", private, Asks, Some(Touch::Answers), Good, "lets it through"),
            ("https://10.1.2.3", private, Denied, Some(Touch::Refused), Trouble, "reach your network, and https://10"),
            ("http://localhost", mixed, Denied, Some(Touch::Refused), Trouble, "reach this machine, and http://local"),
            ("http://localhost", mixed, Denied, Some(Touch::Answers), Good, "lets it through"),
            ("https://l.example", None, Denied, Some(Touch::Refused), Attention, "If https://l.example is there"),
            ("https://l.example", None, Denied, Some(Touch::Answers), Good, "Nothing about"),
            ("https://l.example", None, Denied, None, Good, "Nothing about"),
            ("https://l.example", None, Asks, Some(Touch::Refused), Good, "Nothing about"),
        ] {
            let found = browser(&base(url), hindrance, Some(permission), touch);
            assert_eq!(found.verdict, verdict, "{url} {permission:?} {touch:?}: {}", found.text);
            assert!(found.text.contains(said), "{} lacks {said}", found.text);
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
    fn addresses_that_can_not_be_used_say_which_and_why() {
        let looker = LookerUrl::parse("https://l.example");
        let insecure = BaseUrl::parse("http://l.example");
        let found = addresses(looker.as_ref(), insecure.as_ref());
        assert_eq!(found.verdict, Verdict::Trouble);
        assert!(found.text.contains("API") && found.text.contains("https"), "{}", found.text);
        let found = addresses(looker.as_ref(), Ok(&base("https://l.example")));
        assert!(found.verdict == Verdict::Good && found.text.starts_with("Both are https. "), "{found:?}");
        // Its pages are opened by a person, as the sign-in does.
        assert_eq!(found.see.as_deref(), Some("https://l.example"));
    }
}
