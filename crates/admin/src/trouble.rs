//! Why a command did not do what was asked: what happened, what it means, and what to do next.

use std::path::{Path, PathBuf};

use looker::{
    AnswerError, BaseUrl, ClientId,
    api::{ApiError, LoginError},
};
use serde_json::{Value, json};

use crate::{
    exit::Exit,
    interruption::Interruption,
    settings::{Key, SettingsError},
    shell::word,
    shown::{shown, shown_lines},
    transport_error::{CertificateProblem, TransportError, TransportKind},
};

/// What went wrong, with the evidence. No secret is ever part of it.
#[derive(Debug)]
pub enum Trouble {
    /// The command line can't be understood.
    Usage {
        /// What clap says, in paragraphs.
        said: String,
    },
    /// The settings can't be used.
    Settings(SettingsError),
    /// A file can't be read, or makes no sense.
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// No app is named, and the configuration that should name one does not.
    NoClientId {
        /// The configuration.
        file: PathBuf,
        /// Why it does not.
        reason: String,
    },
    /// Nothing says where the app is.
    NoAddress,
    /// A new app has no name.
    NoDisplayName {
        /// Why the app's configuration gives none, as a sentence.
        why: String,
    },
    /// Nothing can be sent from this machine.
    Client {
        /// The system's reason.
        reason: String,
    },
    /// No answer came.
    Transport {
        /// From where none came.
        base_url: BaseUrl,
        /// What was being done, as in "list the apps".
        doing: &'static str,
        /// Why.
        error: TransportError,
        /// Whether it was to change something.
        changing: bool,
    },
    /// There is no token.
    Login {
        /// Where one was asked for.
        base_url: BaseUrl,
        /// Where the credentials were found.
        place: String,
        /// Looker's reason.
        error: LoginError,
    },
    /// The account may not do this.
    NotPermitted {
        /// What was being done, as in "list the apps".
        doing: &'static str,
        /// The HTTP status.
        status: u16,
        /// Whose credentials they are, where Looker says so.
        who: Option<String>,
    },
    /// Looker did not do it.
    Call {
        /// What was being done, as in "list the apps".
        doing: &'static str,
        /// Looker's reason.
        error: ApiError,
        /// What Looker finds wrong with each field.
        fields: Vec<(String, String)>,
    },
    /// Looker said yes and has something else.
    NotKept {
        /// Which field.
        field: &'static str,
        /// What Looker has.
        has: String,
    },
    /// There is no such app, as far as the account may see.
    NoSuchApp {
        /// The app.
        client_id: ClientId,
        /// Those that there are.
        there: Vec<String>,
    },
    /// There is an app of this name that the account may not see.
    Taken {
        /// The app.
        client_id: ClientId,
    },
    /// Somebody was asked and did not say yes.
    NotConfirmed,
    /// Somebody would have to be asked, and nobody is there.
    NobodyToAsk {
        /// What would be done.
        warning: String,
    },
    /// A signal came.
    Interrupted {
        /// Which.
        by: Interruption,
        /// Whether a change was under way.
        changing: bool,
    },
}

/// A trouble in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What happened.
    pub headline: String,
    /// What it means.
    pub meaning: String,
    /// What to do next.
    pub next_step: String,
}

impl Message {
    /// Three sentences. Whatever is quoted in them, from files or from Looker, acts on no terminal.
    pub fn new(headline: impl Into<String>, meaning: impl Into<String>, next_step: impl Into<String>) -> Self {
        let clean = |text: String| shown_lines(&text);
        Self { headline: clean(headline.into()), meaning: clean(meaning.into()), next_step: clean(next_step.into()) }
    }
}

impl Trouble {
    /// A file, and what is wrong with it.
    pub fn file(file: &Path, reason: impl ToString) -> Self {
        Self::File { file: file.into(), reason: reason.to_string() }
    }

    /// The same where the file was to say which app is meant.
    pub fn for_client_id(self) -> Self {
        match self {
            Self::File { file, reason } => Self::NoClientId { file, reason },
            other => other,
        }
    }

    /// What the exit code says.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. }
            | Self::Settings(_)
            | Self::File { .. }
            | Self::NoClientId { .. }
            | Self::NoAddress
            | Self::NoDisplayName { .. }
            | Self::Client { .. } => Exit::Usage,
            Self::Transport { .. }
            | Self::Login { error: LoginError::Answer(AnswerError::Page { .. }), .. }
            | Self::Call { error: ApiError::Answer(AnswerError::Page { .. }), .. } => Exit::Unreachable,
            Self::Login { error: LoginError::WrongCredentials { .. }, .. } | Self::NotPermitted { .. } => Exit::Refused,
            Self::NoSuchApp { .. } => Exit::NoSuchApp,
            Self::NotConfirmed | Self::NobodyToAsk { .. } => Exit::NotConfirmed,
            Self::Interrupted { by, .. } => Exit::Interrupted(*by),
            Self::Login { .. } | Self::Call { .. } | Self::NotKept { .. } | Self::Taken { .. } => Exit::Failed,
        }
    }

    /// What programs know it by.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Usage { .. } => "usage",
            Self::Settings(_) => "settings",
            Self::File { .. } => "file",
            Self::NoClientId { .. } => "no_client_id",
            Self::NoAddress => "no_address",
            Self::NoDisplayName { .. } => "no_display_name",
            Self::Client { .. } => "client",
            Self::Transport { error, .. } => match error.kind {
                TransportKind::Certificate(_) => "certificate",
                TransportKind::Proxy => "proxy",
                _ => "no_answer",
            },
            Self::Login { error: LoginError::WrongCredentials { .. }, .. } => "wrong_credentials",
            Self::Login { error: LoginError::Answer(AnswerError::Page { .. }), .. }
            | Self::Call { error: ApiError::Answer(AnswerError::Page { .. }), .. } => "not_the_api",
            Self::Login { .. } => "login",
            Self::NotPermitted { .. } => "not_permitted",
            Self::Call { .. } => "looker",
            Self::NotKept { .. } => "not_kept",
            Self::NoSuchApp { .. } => "no_such_app",
            Self::Taken { .. } => "taken",
            Self::NotConfirmed | Self::NobodyToAsk { .. } => "not_confirmed",
            Self::Interrupted { .. } => "interrupted",
        }
    }

    /// In words.
    pub fn message(&self) -> Message {
        match self {
            Self::Usage { said } => usage(said),
            Self::Settings(error) => settings(error),
            Self::File { file, reason } => Message::new(
                format!("{} can't be used: {reason}.", file.display()),
                "Nothing was sent.",
                "Mend the file, or name another.",
            ),
            Self::NoClientId { file, reason } => Message::new(
                "No app is named.",
                format!("{} does not name one either: {reason}. Nothing was sent.", file.display()),
                "Name the app's client_id, or its configuration with --config FILE.",
            ),
            Self::NoAddress => Message::new(
                "Nothing says where the app is.",
                "Looker has to know where to send people back to. Nothing was sent.",
                "Name the address at which people open the app: --page https://your.page/, or --redirect-uri URI.",
            ),
            Self::NoDisplayName { why } => Message::new(
                "The new app has no name.",
                format!("Looker shows people what an app is called. {why} Nothing was changed."),
                "Name it with --display-name TEXT, or the app's configuration with --config FILE.",
            ),
            Self::Client { reason } => Message::new(
                format!("Nothing can be sent from here: {reason}."),
                "The certificates that this machine trusts may be of no use.",
                "Look after them; SSL_CERT_FILE names others.",
            ),
            Self::Transport { base_url, doing, error, changing } => {
                let mut message = transport(base_url, error);
                message.headline = format!("Could not {doing}: {}", message.headline);
                if *changing && error.maybe_sent {
                    message.meaning.push_str(MAYBE_CHANGED);
                }
                message
            }
            Self::Login { base_url, place, error } => login(base_url, place, error),
            Self::NotPermitted { doing, status, who } => Message::new(
                format!("This account may not {doing} (status {status})."),
                match who {
                    Some(who) => {
                        format!("The credentials are those of {}, and Looker lets only admins do this.", shown(who))
                    }
                    None => "Looker lets only admins do this.".into(),
                },
                "Use API3 credentials of a Looker admin.",
            ),
            Self::Call { doing, error, fields } => call(doing, error, fields),
            Self::NotKept { field, has } => Message::new(
                format!("Looker did not keep the change of {field}."),
                format!("It said yes, and has: {}.", if has.is_empty() { "nothing".into() } else { shown(has) }),
                "Somebody may have changed it at the same time. Look at it, and try again.",
            ),
            Self::NoSuchApp { client_id, there } => Message::new(
                format!("There is no app {}.", client_id.as_str()),
                match there.as_slice() {
                    [] => "No app at all is registered here, as far as this account may see.".into(),
                    there => format!("There are: {}.", shown(&there.join(", "))),
                },
                format!(
                    "Register it: looker-admin register {} --page ADDRESS. A client_id is compared to the character.",
                    word(client_id.as_str())
                ),
            ),
            Self::Taken { client_id } => Message::new(
                format!("There is an app {} already (status 409).", client_id.as_str()),
                "It is not in the list: it was made this moment, or this account may not see it.",
                "Run it again, or choose another client_id.",
            ),
            Self::NotConfirmed => {
                Message::new("Nothing was changed.", "The answer was not yes.", "Answer y to go ahead.")
            }
            Self::NobodyToAsk { warning } => Message::new(
                "Nothing was changed: this has to be confirmed, and there is no terminal to ask at.",
                warning.clone(),
                "Add --yes to go ahead without being asked.",
            ),
            Self::Interrupted { by, changing } => Message::new(
                format!("Ended by signal {}.", by.number()),
                if *changing { MAYBE_CHANGED.trim_start() } else { "No change was under way." },
                "Run it again.",
            ),
        }
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let Message { headline, meaning, next_step } = self.message();
        let error = json!({ "kind": self.kind(), "headline": headline, "meaning": meaning, "next_step": next_step });
        json!({ "error": error, "exit_code": self.exit().code() })
    }
}

/// What is behind a change that got no answer.
const MAYBE_CHANGED: &str = " The change that was under way may have been made, or not. To see it: looker-admin show \
                             for an app, looker-admin allow-origin with --dry-run for the allowlist.";

/// What is wrong with the command line, of which clap says what it is, more about it, and where to find help.
fn usage(said: &str) -> Message {
    let said = said.trim();
    let mut paragraphs: Vec<String> =
        said.split("\n\n").map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let headline = paragraphs.remove(0);
    let help = paragraphs.pop().unwrap_or_else(|| "See --help.".into());
    paragraphs.push("Nothing was sent.".into());
    Message::new(headline.trim_start_matches("error: "), paragraphs.join("\n"), help)
}

/// What is wrong with the settings, and how to mend it.
pub fn settings(error: &SettingsError) -> Message {
    let next_step = match error {
        SettingsError::Missing { key: Key::ClientId | Key::ClientSecret, .. } => {
            "Make API3 credentials in Looker (Admin, Users, Edit, API Keys), and set them in looker.ini or the \
             environment; they are never given on the command line."
        }
        SettingsError::Missing { .. } => "Set it in looker.ini or in the environment, as for Looker's SDKs.",
        SettingsError::Url { .. } => {
            "It is scheme, host and port, and nothing behind them: https://my.looker.com:19999"
        }
        SettingsError::Flag { .. } => "Set it to true or false.",
        SettingsError::Timeout { .. } | SettingsError::NotText { .. } => "Mend it, or leave it out.",
        SettingsError::File { .. } => "Name another with --ini FILE.",
        SettingsError::Ini { .. } => "Mend the line.",
        SettingsError::NoSection { .. } => "Name one of them with --section NAME.",
    };
    Message::new(format!("{error}."), "Nothing was sent.", next_step)
}

/// What a request without an answer means. The headline begins in the middle of a sentence.
pub fn transport(base_url: &BaseUrl, error: &TransportError) -> Message {
    let url = base_url.as_str();
    let evidence = if error.evidence.is_empty() { String::new() } else { format!(" ({})", error.evidence) };
    let (headline, meaning, next_step) = match error.kind {
        TransportKind::Unresolved => (
            format!("there is no host of the name in {url}{evidence}."),
            "The name is misspelt, or known only inside a network that this machine is not in.",
            "Check base_url; connect to the VPN if there is one.",
        ),
        TransportKind::Refused => (
            format!("nothing listens at {url}{evidence}."),
            "The host is there, but not at this port.",
            "Looker's API is at port 19999 in many installations, and without a port on hosted instances.",
        ),
        TransportKind::TimedOut => (
            format!("{url} did not answer in time."),
            "A firewall or a proxy (HTTPS_PROXY) may be in between, the port may be wrong, or Looker is busy.",
            "Check base_url, or give it more time: LOOKERSDK_TIMEOUT in seconds.",
        ),
        TransportKind::Certificate(problem) => return certificate(url, problem, &evidence),
        TransportKind::Proxy => (
            format!("the proxy of the environment gives no way to {url}{evidence}."),
            "HTTPS_PROXY or ALL_PROXY names it. It can't be reached, or refuses; nothing got as far as Looker.",
            "Mend the proxy's address there, or name Looker's host in NO_PROXY to go without.",
        ),
        TransportKind::NotHttp if url.starts_with("http:") => (
            format!("what answers at {url} does not speak http{evidence}."),
            "Most likely it speaks https, as Looker's API does.",
            "Begin base_url with https:// in place of http://.",
        ),
        TransportKind::NotHttp => (
            format!("what answers at {url} does not speak http{evidence}."),
            "It is another service than Looker's API.",
            "Check the port in base_url.",
        ),
        TransportKind::NotTls => (
            format!("what answers at {url} does not speak https{evidence}."),
            "It is another port than Looker's, or Looker is served by http there.",
            "Check the port in base_url.",
        ),
        TransportKind::TooLarge => (
            format!("{url} answers with more than Looker ever does."),
            "It is something else than Looker's API.",
            "Check base_url.",
        ),
        TransportKind::BrokenOff if url.starts_with("http:") => (
            format!("the connection to {url} broke off{evidence}."),
            "The network has trouble, or what listens there speaks https and hangs up on anything else.",
            "Begin base_url with https:// if Looker's API is served by it there; else try again.",
        ),
        TransportKind::BrokenOff => (
            format!("the connection to {url} broke off{evidence}."),
            "The network has trouble, or something in between ends connections.",
            "Try again.",
        ),
    };
    Message::new(headline, meaning, next_step)
}

fn certificate(url: &str, problem: CertificateProblem, evidence: &str) -> Message {
    let (headline, meaning, next_step) = match problem {
        CertificateProblem::UnknownIssuer => (
            format!("the certificate of {url} is signed by nobody whom this machine trusts{evidence}."),
            "It is self-signed or your company's own, or somebody is in between. Nothing was sent.",
            "Get the authority's certificate (PEM) from whoever runs this Looker, and name it: --ca-file FILE",
        ),
        CertificateProblem::OutOfDate => (
            format!("the certificate of {url} is not valid at this time{evidence}."),
            "It has expired, or this machine's clock is wrong. Nothing was sent.",
            "Check the clock; if it is right, whoever runs this Looker has to renew the certificate.",
        ),
        CertificateProblem::WrongName => (
            format!("the certificate of {url} is another host's{evidence}."),
            "The host goes by another name, or somebody is in between. Nothing was sent.",
            "Use the name that the certificate is for in base_url.",
        ),
        CertificateProblem::Authority => (
            format!("the certificate of {url} is an authority's, not a host's{evidence}."),
            "It is self-signed in the way that openssl has when nothing else is said. To trust it by --ca-file does not \
             help: it may only vouch for others. Nothing was sent.",
            "Whoever runs this Looker makes one with basicConstraints=CA:FALSE; that one can be named by --ca-file.",
        ),
        CertificateProblem::Other => (
            format!("the certificate of {url} can't be accepted{evidence}."),
            "It is broken, or of a kind that is no longer in use. Nothing was sent.",
            "Tell whoever runs this Looker.",
        ),
    };
    Message::new(headline, meaning, next_step)
}

/// What a refused login means.
fn login(base_url: &BaseUrl, place: &str, error: &LoginError) -> Message {
    let url = base_url.as_str();
    match error {
        LoginError::WrongCredentials { status } => Message::new(
            format!("Looker does not know these API3 credentials (status {status})."),
            format!("{place}: one of them is wrong, they were deleted, or their user is disabled."),
            "Copy them again, or make new ones in Looker (Admin, Users, Edit, API Keys).",
        ),
        LoginError::Answer(AnswerError::Page { status }) => not_the_api(url, *status),
        LoginError::NoToken | LoginError::TokenType => Message::new(
            format!("{error}."),
            format!("{url} says that the login is fine, and gives nothing to go on with."),
            "Check that base_url is Looker's API.",
        ),
        LoginError::Answer(error) => answer("log in", error),
    }
}

/// When to come back, in words; Looker may have said so, in seconds.
pub fn again_after(retry_after: Option<u64>) -> String {
    match retry_after {
        Some(seconds) => format!("Run it again in {seconds} seconds."),
        None => "Run it again in a minute.".into(),
    }
}

/// A page where the API should be.
pub fn not_the_api(url: &str, status: u16) -> Message {
    Message::new(
        format!("{url} is not Looker's API: a web page came instead of JSON (status {status})."),
        "It may be where people see Looker; in many installations the API has a port of its own.",
        "Try port 19999 of the same host in base_url.",
    )
}

fn call(doing: &str, error: &ApiError, fields: &[(String, String)]) -> Message {
    match error {
        ApiError::Unauthenticated => Message::new(
            format!("Could not {doing}: Looker no longer accepts the token (status 401)."),
            "It was revoked while it was in use, or Looker lost it.",
            "Run it again.",
        ),
        ApiError::NotFoundOrForbidden { .. } => {
            Message::new(format!("Could not {doing}: {error}."), "Looker lets only admins do this.", "Ask an admin.")
        }
        ApiError::Answer(error) => {
            let mut message = answer(doing, error);
            for (field, what) in fields {
                message.meaning.push_str(&format!("\n  {}: {}", shown(field), shown(what)));
            }
            message
        }
    }
}

fn answer(doing: &str, error: &AnswerError) -> Message {
    let headline = format!("Could not {doing}: {error}.");
    match error {
        AnswerError::Page { .. } | AnswerError::NotJson { .. } | AnswerError::Field(_) => Message::new(
            headline,
            "Something in between answers for Looker, or this Looker is of another kind than this program knows.",
            "Check base_url.",
        ),
        AnswerError::TooManyRequests { retry_after } => Message::new(
            headline,
            "Looker is asked more often than it likes, by this account or by all.",
            again_after(*retry_after),
        ),
        AnswerError::Server { .. } => Message::new(headline, "It is not about what was asked.", "Run it again later."),
        AnswerError::Status { status: 300..=399, .. } => Message::new(
            headline,
            "Looker, or something in front of it, sends elsewhere. Credentials do not follow.",
            "Set base_url to where it sends.",
        ),
        AnswerError::Status { status: 422, .. } => {
            Message::new(headline, "It does not accept what was named:", "Mend what it names, and run it again.")
        }
        AnswerError::Status { .. } => {
            Message::new(headline, "It did not do what was asked.", "Look at what it says, and run it again.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = include_str!("../README.md");

    fn base_url() -> BaseUrl {
        BaseUrl::parse("https://my.looker.com").unwrap()
    }

    fn transport_trouble(kind: TransportKind, maybe_sent: bool, changing: bool) -> Trouble {
        let error = TransportError { kind, maybe_sent, evidence: "evidence".into() };
        Trouble::Transport { base_url: base_url(), doing: "list the apps", error, changing }
    }

    fn login_trouble(error: LoginError) -> Trouble {
        Trouble::Login { base_url: base_url(), place: "LOOKERSDK_CLIENT_ID".into(), error }
    }

    fn call_trouble(error: ApiError) -> Trouble {
        Trouble::Call { doing: "list the apps", error, fields: Vec::new() }
    }

    #[test]
    fn every_trouble_has_its_code_its_kind_and_three_sentences() {
        let id = || ClientId::parse("sightline").unwrap();
        let status = |status| ApiError::from(AnswerError::Status { status, message: None });
        let missing = SettingsError::Missing { key: Key::ClientId, file: None };
        for (trouble, exit, kind, said) in [
            (Trouble::Usage { said: "error: odd".into() }, Exit::Usage, "usage", "--help"),
            (Trouble::Settings(missing), Exit::Usage, "settings", "never given on the command line"),
            (Trouble::file(Path::new("x.json"), "odd"), Exit::Usage, "file", "x.json can't be used: odd."),
            (Trouble::file(Path::new("x.json"), "odd").for_client_id(), Exit::Usage, "no_client_id", "x.json"),
            (Trouble::NoAddress, Exit::Usage, "no_address", "--page"),
            (Trouble::NoDisplayName { why: "W.".into() }, Exit::Usage, "no_display_name", "--display-name"),
            (Trouble::NoDisplayName { why: "W.".into() }, Exit::Usage, "no_display_name", "called. W. Nothing"),
            (Trouble::Client { reason: "r".into() }, Exit::Usage, "client", "SSL_CERT_FILE"),
            (transport_trouble(TransportKind::Proxy, false, true), Exit::Unreachable, "proxy", "NO_PROXY"),
            (transport_trouble(TransportKind::NotHttp, true, false), Exit::Unreachable, "no_answer", "another service"),
            (
                transport_trouble(TransportKind::Certificate(CertificateProblem::UnknownIssuer), false, false),
                Exit::Unreachable,
                "certificate",
                "--ca-file",
            ),
            (transport_trouble(TransportKind::Refused, false, true), Exit::Unreachable, "no_answer", "19999"),
            (
                login_trouble(LoginError::WrongCredentials { status: 404 }),
                Exit::Refused,
                "wrong_credentials",
                "LOOKERSDK_CLIENT_ID",
            ),
            (login_trouble(AnswerError::Page { status: 200 }.into()), Exit::Unreachable, "not_the_api", "port 19999"),
            (login_trouble(LoginError::NoToken), Exit::Failed, "login", "no access token"),
            (
                Trouble::NotPermitted { doing: "list the apps", status: 404, who: Some("Grace".into()) },
                Exit::Refused,
                "not_permitted",
                "those of Grace",
            ),
            (call_trouble(ApiError::Unauthenticated), Exit::Failed, "looker", "401"),
            (call_trouble(AnswerError::Page { status: 404 }.into()), Exit::Unreachable, "not_the_api", "web page"),
            (call_trouble(status(302)), Exit::Failed, "looker", "where it sends"),
            (call_trouble(status(418)), Exit::Failed, "looker", "418"),
            (
                call_trouble(AnswerError::TooManyRequests { retry_after: Some(7) }.into()),
                Exit::Failed,
                "looker",
                "in 7 seconds",
            ),
            (Trouble::NotKept { field: "enabled", has: "true".into() }, Exit::Failed, "not_kept", "has: true"),
            (
                Trouble::NoSuchApp { client_id: id(), there: vec!["a".into(), "b".into()] },
                Exit::NoSuchApp,
                "no_such_app",
                "There are: a, b.",
            ),
            (Trouble::Taken { client_id: id() }, Exit::Failed, "taken", "409"),
            (Trouble::NotConfirmed, Exit::NotConfirmed, "not_confirmed", "not yes"),
            (Trouble::NobodyToAsk { warning: "w".into() }, Exit::NotConfirmed, "not_confirmed", "--yes"),
            (
                Trouble::Interrupted { by: Interruption::CtrlC, changing: false },
                Exit::Interrupted(Interruption::CtrlC),
                "interrupted",
                "signal 2",
            ),
        ] {
            let Message { headline, meaning, next_step } = trouble.message();
            assert_eq!((trouble.exit(), trouble.kind()), (exit, kind), "{trouble:?}");
            assert!(README.contains(&format!("`{kind}`")), "{kind} stands nowhere");
            assert!([&headline, &meaning, &next_step].iter().all(|text| !text.is_empty()), "{trouble:?}");
            let all = [headline, meaning, next_step].join(" ");
            assert!(all.contains(said), "{all}");
        }
    }

    #[test]
    fn a_command_line_that_can_not_be_understood_is_said_in_claps_words() {
        for (said, message) in [
            (
                "error: unrecognized subcommand 'lists'\n\n  tip: a similar subcommand exists: 'list'\n\nUsage: x\n\nFor \
                 more information, try '--help'.\n",
                (
                    "unrecognized subcommand 'lists'",
                    "tip: a similar subcommand exists: 'list'\nUsage: x\nNothing was sent.",
                    "For more information, try '--help'.",
                ),
            ),
            ("error: odd:\n  <A>\n\u{1b}", ("odd: <A> \u{fffd}", "Nothing was sent.", "See --help.")),
        ] {
            let (headline, meaning, next_step) = message;
            assert_eq!(Trouble::Usage { said: said.into() }.message(), Message::new(headline, meaning, next_step));
        }
    }

    #[test]
    fn a_change_without_an_answer_is_said_to_be_unknown() {
        for (maybe_sent, changing, unknown) in
            [(true, true, true), (false, true, false), (true, false, false), (false, false, false)]
        {
            let message = transport_trouble(TransportKind::BrokenOff, maybe_sent, changing).message();
            assert_eq!(message.meaning.contains("may have been made"), unknown, "{maybe_sent} {changing}");
        }
        let interrupted = Trouble::Interrupted { by: Interruption::Terminate, changing: true };
        assert!(interrupted.message().meaning.contains("may have been made"));
    }

    #[test]
    fn what_looker_says_of_fields_is_told_and_acts_on_nothing() {
        let trouble = Trouble::Call {
            doing: "register the app",
            error: AnswerError::Status { status: 422, message: Some("Validation Failed".into()) }.into(),
            fields: vec![("description".into(), "can't be \u{1b}[2Jblank".into())],
        };
        let message = trouble.message();
        assert!(message.headline.contains("Validation Failed"), "{message:?}");
        assert!(message.meaning.ends_with("\n  description: can't be \u{fffd}[2Jblank"), "{message:?}");
    }
}
