//! The command line. No secret is ever part of it: others on the machine can read it.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use clap::{Args, Parser, Subcommand};
use looker::{AllowlistEntry, ClientId, Config, RedirectUri};

use crate::{exit::Exit, page::redirect_uri_of_page, shell::word, trouble::Trouble};

const ENVIRONMENT: &str = "\
Settings, as Looker's SDKs take them. A variable goes before its line in looker.ini:
  LOOKERSDK_BASE_URL       base_url       where the API is: https://my.looker.com:19999
  LOOKERSDK_CLIENT_ID      client_id      API3 credentials of a Looker admin
  LOOKERSDK_CLIENT_SECRET  client_secret
  LOOKERSDK_VERIFY_SSL     verify_ssl     false: do not check certificates
  LOOKERSDK_TIMEOUT        timeout        seconds that an answer may take (120)";

/// Registers the app at a Looker, sets the allowlist, and finds out what is in the way of a sign-in.
#[derive(Debug, Parser)]
#[command(name = "looker-admin", version, after_help = format!("{ENVIRONMENT}\n\n{}", Exit::HELP))]
pub struct Arguments {
    /// What every command takes.
    #[command(flatten)]
    pub(crate) common: Common,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Whether a command line asks for JSON, even one that can't be understood otherwise.
pub fn asks_for_json(line: impl IntoIterator<Item = OsString>) -> bool {
    line.into_iter().take_while(|argument| argument != "--").any(|argument| argument == "--json")
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The file with the settings [default: looker.ini, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ini: Option<PathBuf>,
    /// Its section [default: the first]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) section: Option<String>,
    /// Certificates (PEM) of authorities to trust besides this machine's own
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Print one line of JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Common {
    /// The options by which this command reached its Looker, for a shell; nothing where there were none.
    pub(crate) fn way(&self) -> String {
        let file =
            |name: &str, path: &Option<PathBuf>| Some(format!("{name} {}", word(&path.as_ref()?.to_string_lossy())));
        let section = || Some(format!("--section {}", word(self.section.as_ref()?)));
        let given = [file("--ini", &self.ini), section(), file("--ca-file", &self.ca_file)];
        given.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Work(Work),
    /// Find out what is in the way of a sign-in, check by check; changes nothing
    Doctor(Doctor),
}

/// What is done by one login.
#[derive(Debug, Subcommand)]
pub(crate) enum Work {
    /// Register the app, or change its registration to what is named here
    Register(Register),
    /// Show the app's registration
    Show(AppChoice),
    /// List all apps that are registered
    List,
    /// Let nobody use the app, and end all its sessions
    Disable(Change),
    /// Let people use the app again
    Enable(Change),
    /// Remove the app's registration, and end all its sessions
    Remove(Change),
    /// End all sessions of the app; people can sign in again
    RevokeTokens(Change),
    /// Let pages of an origin call the API (Embedded Domain Allowlist)
    AllowOrigin(AllowOrigin),
    /// Let pages of an origin no longer call the API
    DenyOrigin(DenyOrigin),
}

/// Which app.
#[derive(Debug, Args)]
pub(crate) struct AppChoice {
    /// The app's client_id [default: the one in config.json]
    #[arg(value_parser = ClientId::parse)]
    pub(crate) client_id: Option<ClientId>,
    /// The app's own configuration [default: config.json]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

impl AppChoice {
    /// The app's client_id, out of its own configuration where none is named.
    pub(crate) fn client_id(
        &self,
        read_config: impl Fn(Option<&Path>) -> Result<Config, Trouble>,
    ) -> Result<ClientId, Trouble> {
        match &self.client_id {
            Some(client_id) => Ok(client_id.clone()),
            None => Ok(read_config(self.config.as_deref()).map_err(Trouble::for_client_id)?.client_id),
        }
    }
}

/// Where the app is: `register` has to be told, and says so itself.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Address {
    /// Where people open the app: `https://your.page/`; Looker sends them back to /authenticated in that folder
    #[arg(long, value_name = "ADDRESS", value_parser = redirect_uri_of_page)]
    pub(crate) page: Option<RedirectUri>,
    /// Where Looker sends people back to, to the character
    #[arg(long, value_name = "URI", value_parser = RedirectUri::parse)]
    pub(crate) redirect_uri: Option<RedirectUri>,
}

impl Address {
    /// Where Looker sends people back to, however it was said.
    pub(crate) fn redirect_uri(&self) -> Option<&RedirectUri> {
        self.redirect_uri.as_ref().or(self.page.as_ref())
    }
}

/// `register`
#[derive(Debug, Args)]
#[command(override_usage = "looker-admin register [OPTIONS] [CLIENT_ID] <--page <ADDRESS>|--redirect-uri <URI>>")]
pub(crate) struct Register {
    #[command(flatten)]
    pub(crate) app: AppChoice,
    #[command(flatten)]
    pub(crate) address: Address,
    /// What people know the app by [default for a new app: app_name in config.json]
    #[arg(long, value_name = "TEXT")]
    pub(crate) display_name: Option<String>,
    /// What people read when they first use the app [default for a new app: a sentence]
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// The only group whose members may use the app
    #[arg(long, value_name = "ID")]
    pub(crate) group_id: Option<String>,
    /// Only say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Whether to go ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub(crate) struct GoAhead {
    /// Do not ask
    #[arg(long, visible_alias = "force")]
    pub(crate) yes: bool,
    /// Only say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// A change of one app.
#[derive(Debug, Args)]
pub(crate) struct Change {
    #[command(flatten)]
    pub(crate) app: AppChoice,
    #[command(flatten)]
    pub(crate) go_ahead: GoAhead,
}

/// `allow-origin`
#[derive(Debug, Args)]
pub(crate) struct AllowOrigin {
    /// Scheme, host and, where there is one, port: `https://your.page`, or `https://*.your.page` for all hosts below it
    #[arg(value_parser = AllowlistEntry::parse)]
    pub(crate) origin: AllowlistEntry,
    /// Only say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `deny-origin`
#[derive(Debug, Args)]
pub(crate) struct DenyOrigin {
    /// The origin, or an entry exactly as it stands in the allowlist
    pub(crate) origin: String,
    #[command(flatten)]
    pub(crate) go_ahead: GoAhead,
}

/// `doctor`
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) app: AppChoice,
    #[command(flatten)]
    pub(crate) address: Address,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, error::ErrorKind};
    use looker::BaseUrl;

    use super::*;

    #[test]
    fn the_command_line_is_consistent_and_has_no_place_for_a_secret() {
        let mut command = Arguments::command();
        command.build();
        command.clone().debug_assert();
        for sub in command.get_subcommands() {
            for argument in sub.get_arguments() {
                assert!(!argument.get_id().as_str().contains("secret"), "{argument}");
            }
        }
    }

    #[test]
    fn what_the_docs_have_to_copy_can_be_run() {
        let mut found = 0;
        for page in [
            include_str!("../README.md"),
            include_str!("../../../README.md"),
            include_str!("../../../docs/architecture.md"),
            include_str!("../../../docs/deployment.md"),
            include_str!("../../../docs/security.md"),
        ] {
            let lines = page.split("cargo run -p looker-admin -- ").skip(1).chain(page.split("`looker-admin ").skip(1));
            for line in lines.filter_map(|rest| rest.split(['`', '\n']).next()) {
                let parsed = Arguments::try_parse_from(["looker-admin"].into_iter().chain(line.split(' ')));
                assert!(parsed.is_ok(), "looker-admin {line}: {}", parsed.unwrap_err());
                found += 1;
            }
        }
        assert!(found > 3, "{found}");
    }

    #[test]
    fn what_the_apps_set_up_page_hands_out_can_be_run() {
        let registration = looker::registration::Registration {
            client_id: ClientId::parse("sightline").unwrap(),
            redirect_uri: RedirectUri::parse("https://your.page/looker/authenticated").unwrap(),
            display_name: "Sightline".into(),
        };
        let base_url = BaseUrl::parse("https://my.looker.com:19999").unwrap();
        let text = registration.looker_admin(&base_url, "https://your.page");
        let (setting, commands) = text.split_once('\n').unwrap();
        assert_eq!(setting, "export LOOKERSDK_BASE_URL=https://my.looker.com:19999");
        // Nothing in them is quoted.
        let read = |line: &str| Arguments::try_parse_from(line.split(' ')).map(|read| read.command);
        let commands: Vec<_> = commands.lines().map(|line| read(line).unwrap()).collect();
        let uri = |address: &Address| address.redirect_uri().cloned();
        let [Command::Work(Work::Register(register)), Command::Work(Work::AllowOrigin(allow)), Command::Doctor(doctor)] =
            &commands[..]
        else {
            panic!("{commands:?}")
        };
        for (app, address) in [(&register.app, &register.address), (&doctor.app, &doctor.address)] {
            assert_eq!(app.client_id.as_ref(), Some(&registration.client_id));
            assert_eq!(uri(address).as_ref(), Some(&registration.redirect_uri));
        }
        assert_eq!(allow.origin.as_str(), "https://your.page");
    }

    #[test]
    fn json_is_asked_for_wherever_that_stands_among_the_options() {
        for (line, asks) in [
            (&["lists", "--json"][..], true),
            (&["--json"], true),
            (&["deny-origin", "--", "--json"], false),
            (&[], false),
        ] {
            assert_eq!(asks_for_json(line.iter().map(OsString::from)), asks, "{line:?}");
        }
    }

    #[test]
    fn what_can_not_be_meant_is_refused_before_anything_is_sent() {
        for (line, kind) in [
            (&["register", "--page", "https://a", "--redirect-uri", "https://a/b"][..], ErrorKind::ArgumentConflict),
            (&["register", "--page", "http://a.example"], ErrorKind::ValueValidation),
            (&["show", "."], ErrorKind::ValueValidation),
            (&["remove", ".."], ErrorKind::ValueValidation),
            (&["register", "..", "--page", "https://a"], ErrorKind::ValueValidation),
            (&["doctor", ".."], ErrorKind::ValueValidation),
            (&["show", "löker"], ErrorKind::ValueValidation),
            (&["allow-origin", "https://*.example"], ErrorKind::ValueValidation),
            (&["allow-origin", "https://a.example/path"], ErrorKind::ValueValidation),
            (&["allow-origin"], ErrorKind::MissingRequiredArgument),
            (&["lists"], ErrorKind::InvalidSubcommand),
            (&[], ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
        ] {
            let error = Arguments::try_parse_from(["looker-admin"].iter().chain(line)).unwrap_err();
            assert_eq!(error.kind(), kind, "{line:?}");
        }
        let force = ["looker-admin", "remove", "--force", "--section", "Test", "--json"];
        let arguments = Arguments::try_parse_from(force).unwrap();
        assert!(matches!(&arguments.command, Command::Work(Work::Remove(change)) if change.go_ahead.yes));
        assert!(arguments.common.json && arguments.common.section.as_deref() == Some("Test"));
    }
}
