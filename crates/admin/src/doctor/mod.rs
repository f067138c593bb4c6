//! `doctor`: what is in the way of a sign-in, check by check. Nothing is changed.

mod check;
mod host;
mod registration;

use std::path::Path;

use looker::{
    BaseUrl, ClientId, Config, RedirectUri,
    api::{App, allowlist},
};
use serde_json::json;

use self::check::{Check, Subject, Verdict, complete};
use crate::{
    apps,
    arguments::Doctor,
    carrier::Carrier,
    exit::Exit,
    interruption::Interruptions,
    outcome::Outcome,
    session::with_session,
    settings::{Credentials, SettingsError},
    trouble::{self, Trouble},
};

/// What is looked at.
pub struct Patient {
    /// Which app.
    pub client_id: Result<ClientId, Trouble>,
    /// Where Looker should send people back to, if that was named.
    pub redirect_uri: Option<RedirectUri>,
    /// What the app's configuration calls it, where it can be read.
    pub app_name: Option<String>,
    /// What is set; that something of it is of no use is a thing that is found, like any other.
    pub set: Result<Set, Trouble>,
}

/// What is set, and can be read.
pub struct Set {
    /// Where it stands, in words.
    pub place: String,
    /// Where the API should be.
    pub base_url: Result<BaseUrl, SettingsError>,
    /// How it is called, where it has an address.
    pub carrier: Option<Carrier>,
    /// Whether certificates are checked.
    pub verify_ssl: bool,
    /// Who looks.
    pub credentials: Result<Credentials, SettingsError>,
}

/// Which app, where it should be, and what it is called, as far as the command line and the app's configuration say.
pub fn asked(
    doctor: &Doctor,
    read_config: impl Fn(Option<&Path>) -> Result<Config, Trouble>,
) -> (Result<ClientId, Trouble>, Option<RedirectUri>, Option<String>) {
    let app_name = read_config(doctor.app.config.as_deref()).ok().map(|config| config.app_name);
    (doctor.app.client_id(read_config), doctor.address.redirect_uri().cloned(), app_name)
}

/// What only an admin sees.
struct Seen {
    who: Option<String>,
    apps: Result<Vec<App>, Trouble>,
    allowlist: Result<Vec<String>, Trouble>,
}

/// Makes one check after the other, as far as those before it allow.
pub async fn examine(
    patient: &Patient,
    interruptions: &mut Interruptions,
    notes: &mut Vec<String>,
) -> Result<Outcome, Trouble> {
    let set = match &patient.set {
        Ok(set) => set,
        Err(trouble) => return Ok(outcome(&complete(vec![Check::bad(Subject::Settings, trouble.message())]))),
    };
    let mut checks = vec![Check::good(Subject::Settings, set.place.as_str())];
    checks.extend(host::address(&set.base_url));
    if let Some(carrier) = &set.carrier {
        without_credentials(carrier, set.verify_ssl, interruptions, &mut checks).await?;
        // Credentials go to nothing that is not Looker's API by then.
        if !checks.iter().any(|check| check.verdict == Verdict::Bad) {
            with_credentials(patient, &set.credentials, carrier, interruptions, &mut checks, notes).await?;
        }
    }
    Ok(outcome(&complete(checks)))
}

async fn without_credentials(
    carrier: &Carrier,
    verify_ssl: bool,
    interruptions: &mut Interruptions,
    checks: &mut Vec<Check>,
) -> Result<(), Trouble> {
    let mut look = async |path| {
        tokio::select! {
            answer = carrier.get(path) => Ok(answer),
            by = interruptions.next() => Err(Trouble::Interrupted { by, changing: false }),
        }
    };
    checks.extend(host::reach(carrier.base_url(), verify_ssl, &look("/alive").await?));
    if !checks.iter().any(|check| check.verdict == Verdict::Bad) {
        checks.push(host::version(&look("/versions").await?));
    }
    Ok(())
}

async fn with_credentials(
    patient: &Patient,
    credentials: &Result<Credentials, SettingsError>,
    carrier: &Carrier,
    interruptions: &mut Interruptions,
    checks: &mut Vec<Check>,
    notes: &mut Vec<String>,
) -> Result<(), Trouble> {
    let credentials = match credentials {
        Ok(credentials) => credentials,
        Err(error) => {
            checks.push(Check::bad(Subject::Credentials, trouble::settings(error)));
            return Ok(());
        }
    };
    let ended = with_session(carrier, credentials, interruptions.next(), async |session| {
        Ok(Seen {
            who: session.who().await,
            apps: apps::all(session).await,
            allowlist: session.call("read the allowlist", &allowlist()).await,
        })
    })
    .await;
    notes.extend(ended.note());
    match ended.result {
        Ok(seen) => checks.extend(by_what_was_seen(patient, &seen)),
        Err(interrupted @ Trouble::Interrupted { .. }) => return Err(interrupted),
        Err(trouble) => checks.push(Check::bad(Subject::Credentials, trouble.message())),
    }
    Ok(())
}

fn by_what_was_seen(patient: &Patient, Seen { who, apps, allowlist }: &Seen) -> Vec<Check> {
    let who = who.as_deref().unwrap_or("somebody whom Looker does not name");
    let mut checks =
        vec![Check::good(Subject::Credentials, format!("those of {who}")), registration::permission(apps, allowlist)];
    let wanted = patient.redirect_uri.as_ref();
    let known = apps.as_deref().unwrap_or_default();
    if apps.is_ok() {
        checks.extend(registration::app(&patient.client_id, wanted, patient.app_name.as_deref(), known));
    }
    if let (Some(page), Ok(allowlist)) = (registration::page(&patient.client_id, wanted, known), allowlist) {
        checks.push(registration::allowed(&page, allowlist));
    }
    checks
}

fn outcome(checks: &[Check]) -> Outcome {
    let count = |verdict| checks.iter().filter(|check| check.verdict == verdict).count();
    let (bad, look) = (count(Verdict::Bad), count(Verdict::Look));
    let verdict = match (bad, look) {
        (0, 0) => "Nothing was found that is in the way of a sign-in.".into(),
        (0, _) => "Nothing has to be mended; look at what is marked.".into(),
        (1, _) => "One thing has to be mended.".into(),
        (bad, _) => format!("{bad} things have to be mended."),
    };
    let text = checks.iter().map(Check::lines).chain([format!("\n{verdict}\n")]).collect();
    let json = json!({ "well": bad == 0, "checks": checks.iter().map(Check::to_json).collect::<Vec<_>>() });
    Outcome { text, json, exit: if bad == 0 { Exit::Done } else { Exit::Unwell } }
}
