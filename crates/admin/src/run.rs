//! One command, from its settings to its end.

use std::{ffi::OsString, io};

use looker::BaseUrl;

use crate::{
    arguments::{Arguments, Command, Common},
    carrier::{Carrier, Terms},
    doctor::{self, Patient, Set},
    files,
    interruption::Interruptions,
    job::Job,
    outcome::Outcome,
    session::with_session,
    settings::Sources,
    shown::{json_line, shown},
    transport_error::innermost,
    trouble::{Message, Trouble},
};

/// How advised commands begin.
const PROGRAM: &str = "looker-admin ";

/// What is around the program.
pub struct Surroundings {
    /// The value of a variable.
    pub variable: fn(&str) -> Option<OsString>,
    /// Whether somebody can be asked: sees the question, and can answer it.
    pub has_terminal: bool,
}

/// What came of a command, ready to be printed.
pub struct Report {
    result: Result<Outcome, Trouble>,
    notes: Vec<String>,
    /// The options that lead to the same Looker again.
    way: String,
    json: bool,
}

/// Does what the command line asks for. From the first request on Ctrl-C ends nothing before the token is logged
/// out; while settings are read it ends the program as it does any other.
pub async fn run(arguments: &Arguments, surroundings: &Surroundings) -> Report {
    let mut notes = Vec::new();
    let result = carry_out(arguments, surroundings, &mut notes).await;
    Report { result, notes, way: arguments.common.way(), json: arguments.common.json }
}

async fn carry_out(
    arguments: &Arguments,
    surroundings: &Surroundings,
    notes: &mut Vec<String>,
) -> Result<Outcome, Trouble> {
    match &arguments.command {
        Command::Work(work) => {
            let job = Job::of(work, files::config)?;
            let sources = sources(&arguments.common, surroundings)?;
            let base_url = sources.base_url().map_err(Trouble::Settings)?;
            let credentials = sources.credentials().map_err(Trouble::Settings)?;
            let carrier = carrier(base_url, terms(&sources, &arguments.common, notes)?)?;
            let mut interruptions = interruptions()?;
            let ended = with_session(&carrier, &credentials, interruptions.next(), async |session| {
                job.carry_out(session, surroundings.has_terminal).await
            })
            .await;
            notes.extend(ended.note());
            ended.result
        }
        Command::Doctor(doctor) => {
            let (client_id, redirect_uri, app_name) = doctor::asked(doctor, files::config);
            let set = set(&arguments.common, surroundings, notes);
            let patient = Patient { client_id, redirect_uri, app_name, set };
            doctor::examine(&patient, &mut interruptions()?, notes).await
        }
    }
}

fn interruptions() -> Result<Interruptions, Trouble> {
    Interruptions::watch().map_err(|error: io::Error| Trouble::Client { reason: error.to_string() })
}

fn sources<'a>(common: &Common, surroundings: &'a Surroundings) -> Result<Sources<'a>, Trouble> {
    let ini = files::ini(common.ini.as_deref(), common.section.as_deref()).map_err(Trouble::Settings)?;
    Ok(Sources { ini, section: common.section.clone(), variable: &surroundings.variable })
}

/// What `doctor` looks at: of what is wrong here, only what keeps everything from being looked at is an error.
fn set(common: &Common, surroundings: &Surroundings, notes: &mut Vec<String>) -> Result<Set, Trouble> {
    let sources = sources(common, surroundings)?;
    let terms = terms(&sources, common, notes)?;
    let (base_url, verify_ssl) = (sources.base_url(), terms.verify_ssl);
    let carrier = match &base_url {
        Ok(base_url) => Some(carrier(base_url.clone(), terms)?),
        Err(_) => None,
    };
    Ok(Set { place: sources.place(), base_url, carrier, verify_ssl, credentials: sources.credentials() })
}

fn terms(sources: &Sources<'_>, common: &Common, notes: &mut Vec<String>) -> Result<Terms, Trouble> {
    let terms = Terms {
        verify_ssl: sources.verify_ssl().map_err(Trouble::Settings)?,
        authorities: files::authorities(common.ca_file.as_deref())?,
        timeout: sources.timeout().map_err(Trouble::Settings)?,
    };
    if !terms.verify_ssl {
        notes.push(
            "Certificates are not checked (verify_ssl): whoever is in between can read the credentials. \
             --ca-file trusts the right one instead."
                .into(),
        );
    }
    Ok(terms)
}

fn carrier(base_url: BaseUrl, terms: Terms) -> Result<Carrier, Trouble> {
    Carrier::new(base_url, terms).map_err(|error| Trouble::Client { reason: innermost(&error) })
}

impl Report {
    /// That the command line can't be understood, where JSON was asked for: clap says it to people alone.
    pub fn misuse(error: &clap::Error) -> Self {
        let trouble = Trouble::Usage { said: error.to_string() };
        Self { result: Err(trouble), notes: Vec::new(), way: String::new(), json: true }
    }

    /// For standard output: what was asked for, or with `--json` also what went wrong.
    pub fn output(&self) -> String {
        match (&self.result, self.json) {
            (Ok(outcome), false) => outcome.text.clone(),
            (Ok(outcome), true) => json_line(&outcome.json),
            (Err(_), false) => String::new(),
            (Err(trouble), true) => json_line(&trouble.to_json()),
        }
    }

    /// For people, on standard error: what went wrong, and what else there is to know.
    pub fn remarks(&self) -> String {
        let mut text = String::new();
        if let Err(trouble) = &self.result {
            let Message { headline, meaning, next_step } = trouble.message();
            text.push_str(&format!("{headline}\n{meaning}\nNext: {next_step}\n"));
        }
        self.notes.iter().for_each(|note| text.push_str(&format!("Note: {}\n", shown(note))));
        let advises = text.contains(PROGRAM) || self.output().contains(PROGRAM);
        if advises && !self.way.is_empty() {
            text.push_str(&format!("Note: the same options belong to what is advised: {}\n", shown(&self.way)));
        }
        text
    }

    /// What the exit code says.
    pub fn exit_code(&self) -> u8 {
        match &self.result {
            Ok(outcome) => outcome.exit.code(),
            Err(trouble) => trouble.exit().code(),
        }
    }
}
