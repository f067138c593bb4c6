//! What a command line comes to, before anything is sent.

use std::path::Path;

use looker::{AllowlistEntry, ClientId, Config, api::AppChanges};

use crate::{
    arguments::{AppChoice, Change, GoAhead, Register, Work},
    consent::Consent,
    deed::Deed,
    outcome::Outcome,
    register::{Wanted, register},
    session::Session,
    trouble::Trouble,
    {allowlist, apps},
};

/// What to do, with everything that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// `register`
    Register(Wanted, DryRun),
    /// `show`
    Show(ClientId),
    /// `list`
    List,
    /// `disable`, `enable`, `remove`, `revoke-tokens`
    Deed(Deed, ClientId, GoAhead),
    /// `allow-origin`
    Allow(AllowlistEntry, DryRun),
    /// `deny-origin`
    Deny(String, GoAhead),
}

/// Whether only to say what would be done.
pub type DryRun = bool;

impl Job {
    /// Finds out what is to be done. The app's configuration is read only where something of it is needed.
    pub fn of(work: &Work, read_config: impl Fn(Option<&Path>) -> Result<Config, Trouble>) -> Result<Self, Trouble> {
        let client_id = |app: &AppChoice| app.client_id(&read_config);
        let deed = |deed, change: &Change| Ok(Self::Deed(deed, client_id(&change.app)?, change.go_ahead));
        match work {
            Work::Register(asked) => Ok(Self::Register(wanted(asked, read_config)?, asked.dry_run)),
            Work::Show(app) => Ok(Self::Show(client_id(app)?)),
            Work::List => Ok(Self::List),
            Work::Disable(change) => deed(Deed::Disable, change),
            Work::Enable(change) => deed(Deed::Enable, change),
            Work::Remove(change) => deed(Deed::Remove, change),
            Work::RevokeTokens(change) => deed(Deed::RevokeTokens, change),
            Work::AllowOrigin(asked) => Ok(Self::Allow(asked.origin.clone(), asked.dry_run)),
            Work::DenyOrigin(asked) => Ok(Self::Deny(asked.origin.clone(), asked.go_ahead)),
        }
    }

    /// Does it.
    pub async fn carry_out(&self, session: &Session<'_>, has_terminal: bool) -> Result<Outcome, Trouble> {
        let consent = |go_ahead| Consent { go_ahead, has_terminal };
        match self {
            Self::Register(wanted, dry_run) => register(session, wanted, *dry_run).await,
            Self::Show(client_id) => apps::show(session, client_id).await,
            Self::List => apps::list(session).await,
            Self::Deed(deed, client_id, go_ahead) => deed.carry_out(session, client_id, &consent(*go_ahead)).await,
            Self::Allow(origin, dry_run) => allowlist::allow(session, origin, *dry_run).await,
            Self::Deny(origin, go_ahead) => allowlist::deny(session, origin, &consent(*go_ahead)).await,
        }
    }
}

fn wanted(asked: &Register, read_config: impl Fn(Option<&Path>) -> Result<Config, Trouble>) -> Result<Wanted, Trouble> {
    let (client_id, app_name) = match (&asked.app.client_id, &asked.app.config) {
        (None, file) => {
            let config = read_config(file.as_deref()).map_err(Trouble::for_client_id)?;
            (config.client_id, Ok(config.app_name))
        }
        (Some(client_id), Some(file)) => (client_id.clone(), Ok(read_config(Some(file))?.app_name)),
        // A file that nobody named only helps: what is wrong with it matters when the app turns out to be new.
        (Some(client_id), None) => {
            let config = read_config(None).map_err(|trouble| trouble.message().headline);
            (client_id.clone(), config.map(|config| config.app_name))
        }
    };
    let redirect_uri = asked.address.redirect_uri().ok_or(Trouble::NoAddress)?.clone();
    Ok(Wanted {
        client_id,
        named: AppChanges {
            redirect_uri: Some(redirect_uri.clone()),
            display_name: asked.display_name.clone(),
            description: asked.description.clone(),
            enabled: None,
            group_id: asked.group_id.clone(),
        },
        redirect_uri,
        app_name,
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use clap::Parser as _;

    use super::*;
    use crate::{
        arguments::{Arguments, Command},
        json,
    };

    /// The job of a command line, and which files were read for it.
    fn job(line: &[&str], config: Option<&str>) -> (Result<Job, Trouble>, Vec<String>) {
        let read = RefCell::new(Vec::new());
        let arguments = Arguments::try_parse_from(["looker-admin"].iter().chain(line)).unwrap();
        let Command::Work(work) = arguments.command else { panic!("{line:?}") };
        let job = Job::of(&work, |file| {
            let file = file.unwrap_or(Path::new("config.json"));
            read.borrow_mut().push(file.display().to_string());
            let config = config.ok_or_else(|| Trouble::file(file, "not there"))?;
            Ok(Config::from_json(&json::parse(config.as_bytes()).unwrap()).unwrap())
        });
        (job, read.into_inner())
    }

    const CONFIG: &str = r#"{"app_name":"My app","client_id":"mine","instances":[],"allow_other_instances":true}"#;

    #[test]
    fn the_apps_own_configuration_says_which_app_is_meant_unless_one_is_named() {
        for (line, id, files) in [
            (&["show"][..], "mine", &["config.json"][..]),
            (&["show", "--config", "other.json"], "mine", &["other.json"]),
            (&["show", "theirs"], "theirs", &[]),
        ] {
            let (job, read) = job(line, Some(CONFIG));
            assert_eq!(job.unwrap(), Job::Show(ClientId::parse(id).unwrap()), "{line:?}");
            assert_eq!(read, files, "{line:?}");
        }
        assert!(matches!(job(&["show"], None).0, Err(Trouble::NoClientId { .. })));
        assert!(matches!(job(&["list"], None), (Ok(Job::List), read) if read.is_empty()));
    }

    #[test]
    fn a_registration_is_what_is_named_and_takes_the_apps_name_from_its_configuration() {
        let line = ["register", "--page", "https://your.page/", "--description", "D", "--dry-run"];
        let Ok(Job::Register(wanted, true)) = job(&line, Some(CONFIG)).0 else { panic!("no registration") };
        assert_eq!((wanted.client_id.as_str(), wanted.app_name.as_deref()), ("mine", Ok("My app")));
        assert_eq!(wanted.redirect_uri.as_str(), "https://your.page/authenticated");
        let named = AppChanges {
            redirect_uri: Some(wanted.redirect_uri.clone()),
            description: Some("D".into()),
            ..AppChanges::default()
        };
        assert_eq!(wanted.named, named);
        let without = ["register", "theirs", "--redirect-uri", "https://your.page/back"];
        let Ok(Job::Register(wanted, false)) = job(&without, None).0 else { panic!("no registration") };
        let why = "config.json can't be used: not there.".to_owned();
        assert_eq!((wanted.client_id.as_str(), wanted.app_name), ("theirs", Err(why)));
        let missing = ["register", "theirs", "--page", "https://your.page", "--config", "missing.json"];
        assert!(matches!(job(&missing, None).0, Err(Trouble::File { .. })));
    }
}
