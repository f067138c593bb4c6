//! `config.json`, read as the app reads it, before a build spends minutes on it.

use std::fs;
use std::path::Path;

use looker::{Config, json::Json};

use super::policy;
use crate::trouble::Trouble;

/// The settings of a deployment, and the text they were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What the file says.
    pub config: Config,
    /// The file as it is.
    pub text: String,
}

impl Settings {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let text = fs::read_to_string(path).map_err(Trouble::file(path))?;
        Self::parse(text).map_err(|why| Trouble::Unreadable {
            what: path.display().to_string(),
            why,
            remedy: "docs/deployment.md has an example; the app would refuse this one too.".into(),
        })
    }

    fn parse(text: String) -> Result<Self, String> {
        let json: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let config = Config::from_json(&Json::from(json)).map_err(|error| error.to_string())?;
        let settings = Self { config, text };
        match policy::unnamable(&settings) {
            Some(base_url) => Err(format!(
                "{base_url} has an IP address of version 6, which a Content-Security-Policy can't name, so the page \
                 could not reach it; give it a name"
            )),
            None => Ok(settings),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::place;

    /// One instance, and no others allowed.
    pub fn one() -> Settings {
        let text = r#"{"client_id":"x","instances":[{"looker_url":"https://my.looker.com","base_url":"https://my.looker.com:19999"}]}"#;
        Settings::parse(text.into()).unwrap()
    }

    #[test]
    fn the_settings_in_the_docs_are_such_that_the_app_takes_them() {
        for page in ["README.md", "docs/deployment.md"] {
            let text = fs::read_to_string(place::root().join(page)).unwrap();
            let json: Vec<&str> = text.split("```json").skip(1).filter_map(|rest| rest.split("```").next()).collect();
            assert!(!json.is_empty(), "{page} has no example");
            for json in json {
                let settings = Settings::parse(json.to_owned()).unwrap_or_else(|why| panic!("{page}: {why}: {json}"));
                assert_eq!(settings.config.instances.len(), 1, "{page}");
            }
        }
    }

    #[test]
    fn what_the_app_would_refuse_is_refused() {
        for (text, expected) in [
            ("{", "EOF while parsing an object at line 1 column 1"),
            ("{}", "“client_id” is missing; it should be a text"),
            (r#"{"client_id":"x","instances":[{"looker_url":"http://a.example"}]}"#, "http is only for this machine"),
            (r#"{"client_id":"x","instances":[{"looker_url":"https://[::1]"}]}"#, "https://[::1] has an IP address"),
        ] {
            let error = Settings::parse(text.into()).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
