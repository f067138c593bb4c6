//! What a deployment sets: `config.json`, served beside the page.

use std::fmt;

use crate::{
    BaseUrl, ClientId, ClientIdError, Instance, LookerUrl, UrlError,
    json::{FieldError, Json},
};

/// The settings of a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// What the app calls itself.
    pub app_name: String,
    /// The app's registration at every instance.
    pub client_id: ClientId,
    /// The Looker instances that the door offers, in this order.
    pub instances: Vec<Instance>,
    /// Whether people may add instances of their own.
    pub allow_other_instances: bool,
}

impl Config {
    /// Reads `config.json`. Without `app_name` the app is called Sightline, without
    /// `allow_other_instances` nobody may add instances, and without a `base_url` an instance
    /// has its API where its pages are.
    ///
    /// ```
    /// # use looker::{Config, json::Json};
    /// let text = |name: &str, text: &str| (name.to_owned(), Json::Text(text.into()));
    /// let instances = Json::List(vec![Json::Object(vec![text("looker_url", "https://my.looker.com")])]);
    /// let json = Json::Object(vec![text("client_id", "sightline"), ("instances".into(), instances)]);
    /// let config = Config::from_json(&json)?;
    /// assert_eq!(config.app_name, "Sightline");
    /// assert_eq!(config.instances[0].base_url.as_str(), "https://my.looker.com");
    /// assert!(!config.allow_other_instances);
    /// # Ok::<(), looker::ConfigError>(())
    /// ```
    pub fn from_json(json: &Json) -> Result<Self, ConfigError> {
        let at_top = |error| ConfigError::Field { instance: None, error };
        let client_id = json.text("client_id").map_err(at_top)?;
        let list = json.list("instances").map_err(at_top)?;
        let allow_other_instances = json.optional_flag("allow_other_instances").map_err(at_top)?.unwrap_or(false);
        let instances: Vec<Instance> =
            list.iter().enumerate().map(|(index, json)| read_instance(index, json)).collect::<Result<_, _>>()?;
        if instances.is_empty() && !allow_other_instances {
            return Err(ConfigError::NoInstance);
        }
        Ok(Self {
            app_name: json.optional_text("app_name").map_err(at_top)?.unwrap_or("Sightline").into(),
            client_id: ClientId::parse(client_id).map_err(ConfigError::ClientId)?,
            instances,
            allow_other_instances,
        })
    }
}

fn read_instance(index: usize, json: &Json) -> Result<Instance, ConfigError> {
    let at = |error| ConfigError::Field { instance: Some(index), error };
    let url = |name, given: &str, error| ConfigError::Url { instance: index, name, given: given.into(), error };
    let looker = json.text("looker_url").map_err(at)?;
    let base = json.optional_text("base_url").map_err(at)?.unwrap_or(looker);
    let looker_url = LookerUrl::parse(looker).map_err(|error| url("looker_url", looker, error))?;
    let base_url = BaseUrl::parse(base).map_err(|error| url("base_url", base, error))?;
    let name = json.optional_text("name").map_err(at)?.unwrap_or(looker).into();
    Ok(Instance { name, looker_url, base_url })
}

/// What is wrong with `config.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// A field is missing or odd.
    Field {
        /// In which of the instances, counted from 0; at the top where there is none.
        instance: Option<usize>,
        /// Which field, and what it should be.
        error: FieldError,
    },
    /// The `client_id` can't be one.
    ClientId(ClientIdError),
    /// An address can't be used.
    Url {
        /// In which of the instances, counted from 0.
        instance: usize,
        /// The field.
        name: &'static str,
        /// What stands there.
        given: String,
        /// What is wrong with it.
        error: UrlError,
    },
    /// No instance is named, and none may be added.
    NoInstance,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { instance: None, error } => error.fmt(f),
            Self::Field { instance: Some(index), error } => write!(f, "instance {}: {error}", index + 1),
            Self::ClientId(error) => write!(f, "“client_id”: {error}"),
            Self::Url { instance, name, given, error } => {
                write!(f, "instance {}: “{name}” is “{given}”, but {error}", instance + 1)
            }
            Self::NoInstance => f.write_str("“instances” names no Looker, and “allow_other_instances” is not true"),
        }
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::tests::parse;

    #[test]
    fn the_config_of_this_project_can_be_read() {
        let config = Config::from_json(&parse(include_str!("../../../config.json"))).unwrap();
        assert_eq!(config.app_name, "Sightline");
        assert_eq!(config.client_id.as_str(), "sightline");
        assert_eq!(config.instances.len(), 1);
        assert_eq!(config.instances[0].looker_url.as_str(), "http://localhost:9999");
        assert_eq!(config.instances[0].base_url.as_str(), "http://localhost:19999");
        assert!(config.allow_other_instances);
    }

    #[test]
    fn what_need_not_be_said_has_a_sensible_value() {
        let json = parse(r#"{"client_id":"x","instances":[{"looker_url":"https://my.looker.com/"}]}"#);
        let config = Config::from_json(&json).unwrap();
        assert_eq!(config.app_name, "Sightline");
        assert_eq!(config.instances[0].name, "https://my.looker.com/");
        assert_eq!(config.instances[0].base_url.as_str(), "https://my.looker.com");
        assert!(!config.allow_other_instances);
    }

    const NO_CLIENT_ID: &str =
        "“client_id”: it has to be plain characters (ASCII), and not dots alone, as it was registered at Looker";

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, error) in [
            ("{}", "“client_id” is missing; it should be a text"),
            (r#"{"client_id":"x"}"#, "“instances” is missing; it should be a list"),
            (r#"{"client_id":"x","instances":{}}"#, "“instances” is not a list"),
            (r#"{"client_id":"","instances":[{"looker_url":"https://a"}]}"#, NO_CLIENT_ID),
            (r#"{"client_id":"..","instances":[{"looker_url":"https://a"}]}"#, NO_CLIENT_ID),
            (
                r#"{"client_id":"x","instances":[]}"#,
                "“instances” names no Looker, and “allow_other_instances” is not true",
            ),
            (
                r#"{"client_id":"x","instances":["https://a"]}"#,
                "instance 1: “looker_url” is missing; it should be a text",
            ),
            (
                r#"{"client_id":"x","instances":[{"looker_url":"https://a"},{"looker_url":"https://a","base_url":"http://a"}]}"#,
                "instance 2: “base_url” is “http://a”, but http is only for this machine (localhost); anything else needs https",
            ),
            (
                r#"{"client_id":"x","instances":[],"allow_other_instances":"yes"}"#,
                "“allow_other_instances” is not true or false",
            ),
        ] {
            assert_eq!(Config::from_json(&parse(text)).unwrap_err().to_string(), error, "{text}");
        }
    }
}
