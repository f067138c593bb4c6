//! The settings, as Looker's SDKs take them: variables, and below them `looker.ini`.

use std::{ffi::OsString, fmt, path::PathBuf, time::Duration};

use looker::{BaseUrl, UrlError, api::ApiCredentials};

use crate::{
    ini::{Ini, IniError, unquoted},
    secret::Hidden,
    shown::shown,
};

/// The file that is read when none is named.
pub const DEFAULT_INI: &str = "looker.ini";

/// How long an answer may take when nothing else is set: what the SDKs wait.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(120);

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Where the API is.
    BaseUrl,
    /// The API3 credentials' name.
    ClientId,
    /// Their secret.
    ClientSecret,
    /// Whether certificates are checked.
    VerifySsl,
    /// Seconds that an answer may take.
    Timeout,
}

impl Key {
    /// Its name in `looker.ini`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BaseUrl => "base_url",
            Self::ClientId => "client_id",
            Self::ClientSecret => "client_secret",
            Self::VerifySsl => "verify_ssl",
            Self::Timeout => "timeout",
        }
    }

    /// The variable that goes before the file.
    pub const fn variable(self) -> &'static str {
        match self {
            Self::BaseUrl => "LOOKERSDK_BASE_URL",
            Self::ClientId => "LOOKERSDK_CLIENT_ID",
            Self::ClientSecret => "LOOKERSDK_CLIENT_SECRET",
            Self::VerifySsl => "LOOKERSDK_VERIFY_SSL",
            Self::Timeout => "LOOKERSDK_TIMEOUT",
        }
    }
}

/// Where the settings are looked for.
pub struct Sources<'a> {
    /// The file, by its name and what it says; none where there is none.
    pub ini: Option<(PathBuf, Ini)>,
    /// Which of its sections; the first where none is named.
    pub section: Option<String>,
    /// The variables.
    pub variable: &'a dyn Fn(&str) -> Option<OsString>,
}

/// A value and where it was found.
struct Found {
    value: Hidden,
    place: String,
}

/// Credentials, and where they were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// For the login.
    pub api: ApiCredentials,
    /// Where each half was found, in words.
    pub place: String,
}

impl Sources<'_> {
    /// Where settings are looked for, in words.
    pub fn place(&self) -> String {
        let Some((file, ini)) = &self.ini else { return format!("the environment; there is no {DEFAULT_INI} here") };
        match ini.section(self.section.as_deref()) {
            Some(section) => format!("the environment, then {} [{}]", file.display(), shown(&section.name)),
            None => format!("the environment; {} has no [section]", file.display()),
        }
    }

    /// Where the API is.
    pub fn base_url(&self) -> Result<BaseUrl, SettingsError> {
        let Found { value, place } = self.required(Key::BaseUrl)?;
        BaseUrl::parse(value.expose()).map_err(|error| SettingsError::Url { place, error })
    }

    /// Who logs in.
    pub fn credentials(&self) -> Result<Credentials, SettingsError> {
        let (id, secret) = (self.required(Key::ClientId)?, self.required(Key::ClientSecret)?);
        Ok(Credentials {
            place: format!("{} and {}", id.place, secret.place),
            api: ApiCredentials::new(id.value.expose().into(), secret.value.expose().into()),
        })
    }

    /// Whether certificates are checked; they are, unless one says otherwise.
    pub fn verify_ssl(&self) -> Result<bool, SettingsError> {
        let Some(Found { value, place }) = self.find(Key::VerifySsl)? else { return Ok(true) };
        match value.expose().to_ascii_lowercase().as_str() {
            "true" | "yes" | "t" | "y" | "1" => Ok(true),
            "false" | "no" | "f" | "n" | "0" => Ok(false),
            _ => Err(SettingsError::Flag { place }),
        }
    }

    /// How long an answer may take.
    pub fn timeout(&self) -> Result<Duration, SettingsError> {
        let Some(Found { value, place }) = self.find(Key::Timeout)? else { return Ok(DEFAULT_TIMEOUT) };
        match value.expose().parse() {
            Ok(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
            _ => Err(SettingsError::Timeout { place }),
        }
    }

    fn required(&self, key: Key) -> Result<Found, SettingsError> {
        self.find(key)?.ok_or_else(|| SettingsError::Missing {
            key,
            file: self.ini.as_ref().map(|(file, ini)| {
                (file.clone(), ini.section(self.section.as_deref()).map(|section| section.name.clone()))
            }),
        })
    }

    fn find(&self, key: Key) -> Result<Option<Found>, SettingsError> {
        if let Some(value) = (self.variable)(key.variable()) {
            let text = value.into_string().map_err(|_| SettingsError::NotText { variable: key.variable() })?;
            let text = unquoted(text.trim());
            if !text.is_empty() {
                return Ok(Some(Found { value: Hidden::new(text.into()), place: key.variable().into() }));
            }
        }
        let Some((file, ini)) = &self.ini else { return Ok(None) };
        let section = match (ini.section(self.section.as_deref()), &self.section) {
            (Some(section), _) => section,
            (None, None) => return Ok(None),
            (None, Some(name)) => {
                return Err(SettingsError::NoSection { file: file.clone(), name: name.clone(), there: ini.names() });
            }
        };
        let place = || format!("{} in {} [{}]", key.name(), file.display(), section.name);
        Ok(section.get(key.name()).map(|value| Found { value: value.clone(), place: place() }))
    }
}

/// What is wrong with the settings. What stands there is never part of it: it may be a secret in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsError {
    /// A setting is nowhere.
    Missing {
        /// Which.
        key: Key,
        /// The file and its section in which it is not; none where there is no file, or no section in it.
        file: Option<(PathBuf, Option<String>)>,
    },
    /// The address of the API can't be one.
    Url {
        /// Where it stands.
        place: String,
        /// What is wrong with it.
        error: UrlError,
    },
    /// Neither yes nor no.
    Flag {
        /// Where it stands.
        place: String,
    },
    /// No number of seconds.
    Timeout {
        /// Where it stands.
        place: String,
    },
    /// A variable is no text.
    NotText {
        /// Which.
        variable: &'static str,
    },
    /// The file can't be read.
    File {
        /// Which.
        file: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// The file makes no sense.
    Ini {
        /// Which.
        file: PathBuf,
        /// Where, and what.
        error: IniError,
    },
    /// The file has no such section.
    NoSection {
        /// Which file.
        file: PathBuf,
        /// The section that was asked for.
        name: String,
        /// Those that there are.
        there: Vec<String>,
    },
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { key, file: None } => {
                write!(f, "{} is not set, and there is no {DEFAULT_INI} here", key.variable())
            }
            Self::Missing { key, file: Some((file, None)) } => {
                let (variable, name) = (key.variable(), key.name());
                write!(f, "{variable} is not set, and {} has no [section] with {name} in it", file.display())
            }
            Self::Missing { key, file: Some((file, Some(section))) } => {
                write!(f, "{} is not set, nor is {} in {} [{section}]", key.variable(), key.name(), file.display())
            }
            Self::Url { place, error } => write!(f, "{place} is no address of a Looker API: {error}"),
            Self::Flag { place } => write!(f, "{place} is neither true nor false"),
            Self::Timeout { place } => write!(f, "{place} is no number of seconds from 1 to 86400"),
            Self::NotText { variable } => write!(f, "{variable} is no text"),
            Self::File { file, reason } => write!(f, "{} can't be read: {reason}", file.display()),
            Self::Ini { file, error } => write!(f, "{} can't be understood: {error}", file.display()),
            Self::NoSection { file, name, there } => {
                let there = there.iter().map(|name| format!("[{name}]")).collect::<Vec<_>>().join(", ");
                let there = if there.is_empty() { "none" } else { &there };
                write!(f, "{} has no section [{name}]; it has {there}", file.display())
            }
        }
    }
}

impl std::error::Error for SettingsError {}

#[cfg(test)]
mod tests {
    use super::*;

    const INI: &str = "[Looker]\nbase_url=https://my.looker.com\nclient_id=abc\nclient_secret=from-file\n\
        [Test]\nbase_url=http://localhost:19999\nverify_ssl=n\ntimeout=5\nclient_secret=x\n";

    fn with<T>(
        ini: Option<&str>,
        section: Option<&str>,
        variables: &[(&str, &str)],
        read: impl FnOnce(&Sources<'_>) -> T,
    ) -> T {
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        let ini = ini.map(|text| ("looker.ini".into(), Ini::parse(text).unwrap()));
        read(&Sources { ini, section: section.map(Into::into), variable: &variable })
    }

    #[test]
    fn where_settings_are_looked_for_is_said() {
        for (ini, section, place) in [
            (None, None, "the environment; there is no looker.ini here"),
            (Some(INI), None, "the environment, then looker.ini [Looker]"),
            (Some(INI), Some("Test"), "the environment, then looker.ini [Test]"),
            (Some(""), None, "the environment; looker.ini has no [section]"),
        ] {
            assert_eq!(with(ini, section, &[], |sources| sources.place()), place);
        }
    }

    #[test]
    fn variables_go_before_the_file_and_the_first_section_before_none() {
        let host = |sources: &Sources<'_>| sources.base_url().unwrap().as_str().to_owned();
        for (section, variables, base_url) in [
            (None, &[][..], "https://my.looker.com"),
            (Some("Test"), &[], "http://localhost:19999"),
            (None, &[("LOOKERSDK_BASE_URL", "https://other.example")], "https://other.example"),
            (None, &[("LOOKERSDK_BASE_URL", "\"https://quoted.example\"")], "https://quoted.example"),
            (None, &[("LOOKERSDK_BASE_URL", "")], "https://my.looker.com"),
        ] {
            assert_eq!(with(Some(INI), section, variables, host), base_url);
        }
        let secret = &[("LOOKERSDK_CLIENT_SECRET", "from-variable")];
        let found = with(Some(INI), None, secret, |sources| sources.credentials().unwrap());
        assert!(found.api == ApiCredentials::new("abc".into(), "from-variable".into()));
        assert_eq!(found.place, "client_id in looker.ini [Looker] and LOOKERSDK_CLIENT_SECRET");
        assert!(!format!("{found:?}").contains("from-variable"));
    }

    #[test]
    fn what_is_not_set_is_as_the_sdks_have_it() {
        for (section, verify, seconds) in [(None, true, 120), (Some("Test"), false, 5)] {
            let found = with(Some(INI), section, &[], |sources| (sources.verify_ssl(), sources.timeout()));
            assert_eq!(found, (Ok(verify), Ok(Duration::from_secs(seconds))));
        }
        for (given, verify) in [("True", Some(true)), ("0", Some(false)), ("NO", Some(false)), ("off", None)] {
            let found = with(None, None, &[("LOOKERSDK_VERIFY_SSL", given)], |sources| sources.verify_ssl());
            assert_eq!(found.ok(), verify, "{given}");
        }
        for given in ["0", "-1", "soon", "1.5", "99999999"] {
            let found = with(None, None, &[("LOOKERSDK_TIMEOUT", given)], |sources| sources.timeout());
            assert_eq!(found, Err(SettingsError::Timeout { place: "LOOKERSDK_TIMEOUT".into() }), "{given}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_without_its_value() {
        let url = |sources: &Sources<'_>| sources.base_url().unwrap_err().to_string();
        for (ini, section, variables, said) in [
            (None, None, &[][..], "LOOKERSDK_BASE_URL is not set, and there is no looker.ini here"),
            (
                Some("# c"),
                None,
                &[],
                "LOOKERSDK_BASE_URL is not set, and looker.ini has no [section] with base_url in it",
            ),
            (Some("[A]\n"), None, &[], "LOOKERSDK_BASE_URL is not set, nor is base_url in looker.ini [A]"),
            (Some(INI), Some("C"), &[], "looker.ini has no section [C]; it has [Looker], [Test]"),
            (Some(""), Some("C"), &[], "looker.ini has no section [C]; it has none"),
            (
                None,
                None,
                &[("LOOKERSDK_BASE_URL", "https://ada:hunter2@my.looker.com")],
                "LOOKERSDK_BASE_URL is no address of a Looker API: a user or a password does not belong in it",
            ),
            (
                Some("[A]\nbase_url=http://my.looker.com"),
                None,
                &[],
                "base_url in looker.ini [A] is no address of a Looker API: http is only for this machine \
                 (localhost); anything else needs https",
            ),
        ] {
            assert_eq!(with(ini, section, variables, url), said);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_not_taken_for_none() {
        use std::os::unix::ffi::OsStringExt as _;
        let variable = |_: &str| Some(OsString::from_vec(vec![0xff]));
        let sources = Sources { ini: None, section: None, variable: &variable };
        assert_eq!(sources.base_url(), Err(SettingsError::NotText { variable: "LOOKERSDK_BASE_URL" }));
    }
}
