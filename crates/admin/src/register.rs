//! `register`: makes a registration, or makes it what it should be.

use looker::{AnswerError, RedirectUri};
use looker::{
    ClientId,
    api::{ApiError, App, AppChange, AppChanges, register_app, update_app},
};
use serde_json::{Value, json};

use crate::{
    apps::{all, lines, named, to_json},
    outcome::Outcome,
    page::origin,
    session::Session,
    shell::word,
    shown::{difference, shown},
    trouble::Trouble,
};

/// What the registration is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The app.
    pub client_id: ClientId,
    /// Where Looker sends people back to.
    pub redirect_uri: RedirectUri,
    /// What was named: of an app that is there, nothing else is touched.
    pub named: AppChanges,
    /// What the app is called where it is new and nothing was named, or why that is not known, as a sentence.
    pub app_name: Result<String, String>,
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Register(AppChanges),
    Change(Vec<AppChange>),
    Nothing,
}

impl Wanted {
    fn step(&self, there: Option<&App>) -> Result<Step, Trouble> {
        let Some(app) = there else { return Ok(Step::Register(self.as_new()?)) };
        let changes = self.named.against(app);
        Ok(if changes.is_empty() { Step::Nothing } else { Step::Change(changes) })
    }

    /// The whole registration; Looker wants a name and a description.
    fn as_new(&self) -> Result<AppChanges, Trouble> {
        let name = self.named.display_name.clone().map_or_else(|| self.app_name.clone(), Ok);
        let name = name.map_err(|why| Trouble::NoDisplayName { why })?;
        let description = self.named.description.clone().unwrap_or_else(|| {
            format!(
                "{name} runs in your browser at {} and works with your Looker data as you: it can see and do what \
                 you can.",
                origin(&self.redirect_uri)
            )
        });
        Ok(AppChanges {
            display_name: Some(name),
            description: Some(description),
            enabled: Some(true),
            ..self.named.clone()
        })
    }
}

/// Does what there is to do, or only says it.
pub async fn register(session: &Session<'_>, wanted: &Wanted, dry_run: bool) -> Result<Outcome, Trouble> {
    let apps = all(session).await?;
    // Of those that are not there, one is no trouble: this one is to be made.
    let there = named(&apps, &wanted.client_id).ok();
    let step = wanted.step(there)?;
    let done = match (&step, dry_run) {
        (Step::Nothing, _) | (_, true) => None,
        (Step::Register(new), false) => {
            let call = register_app(&wanted.client_id, new);
            let made = session.call("register the app", &call).await;
            Some(made.map_err(|trouble| taken(trouble, &wanted.client_id))?)
        }
        (Step::Change(_), false) => {
            Some(session.call("change the app", &update_app(&wanted.client_id, &wanted.named)).await?)
        }
    };
    // What Looker says it has now is what counts, not that it said yes.
    if let Some(app) = &done
        && let Some(change) = wanted.named.against(app).first()
    {
        return Err(Trouble::NotKept { field: change.field, has: change.from.clone() });
    }
    let app = done.as_ref().or(there);
    Ok(outcome(wanted, &step, app, done.is_some(), session.host()))
}

/// A conflict, though the list has no such app.
fn taken(trouble: Trouble, client_id: &ClientId) -> Trouble {
    match trouble {
        Trouble::Call { error: ApiError::Answer(AnswerError::Status { status: 409, .. }), .. } => {
            Trouble::Taken { client_id: client_id.clone() }
        }
        other => other,
    }
}

fn outcome(wanted: &Wanted, step: &Step, app: Option<&App>, done: bool, host: &str) -> Outcome {
    let id = wanted.client_id.as_str();
    let (result, mut text, changes): (_, String, &[AppChange]) = match step {
        Step::Nothing => ("unchanged", format!("{id} is registered like this at {host} already.\n"), &[]),
        Step::Register(_) if done => ("registered", format!("Registered {id} at {host}.\n"), &[]),
        Step::Register(_) => ("would_register", format!("Would register {id} at {host}.\n"), &[]),
        Step::Change(changes) if done => ("changed", format!("Changed {id} at {host}.\n"), changes),
        Step::Change(changes) => ("would_change", format!("Would change {id} at {host}.\n"), changes),
    };
    for change in changes {
        text.push_str(&format!("  {}\n", change.field));
        text.push_str(&difference(("from", &change.from), ("to", &change.to)));
        text.push('\n');
    }
    match (step, app) {
        (Step::Register(new), None) => text.push_str(&planned(new)),
        (Step::Register(_), Some(app)) => text.push_str(&lines(app)),
        _ => {}
    }
    if app.is_some_and(|app| !app.enabled) {
        text.push_str(&format!("It is disabled: nobody can sign in with it. Next: looker-admin enable {}\n", word(id)));
    }
    if matches!(step, Step::Register(_)) && done {
        let origin = origin(&wanted.redirect_uri);
        text.push_str(&format!("Next: let the page call the API: looker-admin allow-origin {}\n", word(origin)));
    }
    let json = json!({
        "client_guid": id,
        "result": result,
        "changes": changes.iter().map(change_to_json).collect::<Vec<_>>(),
        "app": match (step, app) {
            (Step::Register(new), None) => planned_to_json(id, new),
            (_, app) => app.map_or(Value::Null, to_json),
        },
    });
    Outcome::done(text, json)
}

fn planned(new: &AppChanges) -> String {
    let texts = [
        ("redirect_uri", new.redirect_uri.as_ref().map(RedirectUri::as_str)),
        ("display_name", new.display_name.as_deref()),
        ("description", new.description.as_deref()),
        ("group_id", new.group_id.as_deref()),
    ];
    texts.iter().filter_map(|(name, text)| text.map(|text| format!("  {name:<14}{}\n", shown(text)))).collect()
}

/// A new app as it would be, for programs, by Looker's names.
fn planned_to_json(id: &str, new: &AppChanges) -> Value {
    json!({
        "client_guid": id,
        "redirect_uri": new.redirect_uri.as_ref().map(RedirectUri::as_str),
        "display_name": new.display_name,
        "description": new.description,
        "enabled": new.enabled,
        "group_id": new.group_id,
    })
}

fn change_to_json(change: &AppChange) -> Value {
    json!({ "field": change.field, "from": change.from, "to": change.to })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(redirect_uri: &str, named: AppChanges, app_name: Option<&str>) -> Wanted {
        let redirect_uri = RedirectUri::parse(redirect_uri).unwrap();
        Wanted {
            client_id: ClientId::parse("sightline").unwrap(),
            named: AppChanges { redirect_uri: Some(redirect_uri.clone()), ..named },
            redirect_uri,
            app_name: app_name.map(Into::into).ok_or_else(|| "Why.".into()),
        }
    }

    fn app(redirect_uri: &str, enabled: bool) -> App {
        App {
            client_guid: "sightline".into(),
            redirect_uri: redirect_uri.into(),
            display_name: "Old name".into(),
            description: "Old text".into(),
            enabled,
            group_id: Some("7".into()),
        }
    }

    #[test]
    fn a_new_app_gets_what_looker_wants_and_what_was_named_goes_first() {
        let uri = "https://your.page/x/authenticated";
        let Ok(Step::Register(new)) = wanted(uri, AppChanges::default(), Some("Sightline")).step(None) else {
            panic!("not registered")
        };
        assert_eq!(new.redirect_uri.as_ref().map(RedirectUri::as_str), Some(uri));
        assert_eq!((new.display_name.as_deref(), new.enabled, &new.group_id), (Some("Sightline"), Some(true), &None));
        assert!(new.description.as_deref().is_some_and(|text| text.contains(" at https://your.page and ")), "{new:?}");
        let named = AppChanges { display_name: Some("N".into()), description: Some("D".into()), ..Default::default() };
        let Ok(Step::Register(new)) = wanted(uri, named, Some("Sightline")).step(None) else {
            panic!("not registered")
        };
        assert_eq!((new.display_name.as_deref(), new.description.as_deref()), (Some("N"), Some("D")));
        let nameless = wanted(uri, AppChanges::default(), None).step(None);
        assert!(matches!(nameless, Err(Trouble::NoDisplayName { why }) if why == "Why."));
    }

    #[test]
    fn of_an_app_that_is_there_only_what_was_named_is_touched() {
        let uri = "https://your.page/authenticated";
        let same = wanted(uri, AppChanges::default(), Some("Sightline"));
        for enabled in [true, false] {
            assert_eq!(same.step(Some(&app(uri, enabled))).unwrap(), Step::Nothing);
        }
        let other = app("https://your.page/authenticated/", true);
        let Ok(Step::Change(changes)) = same.step(Some(&other)) else { panic!("no change") };
        assert_eq!(changes.iter().map(|change| change.field).collect::<Vec<_>>(), ["redirect_uri"]);
        let named = AppChanges { description: Some("New".into()), ..Default::default() };
        let Ok(Step::Change(changes)) = wanted(uri, named, None).step(Some(&app(uri, true))) else {
            panic!("no change")
        };
        assert_eq!(changes.iter().map(|change| change.field).collect::<Vec<_>>(), ["description"]);
    }

    #[test]
    fn a_change_is_shown_with_its_difference_and_a_disabled_app_is_said() {
        let uri = "https://your.page/authenticated";
        let there = app("https://your.page/authenticated/", false);
        let wanted = wanted(uri, AppChanges::default(), None);
        let step = wanted.step(Some(&there)).unwrap();
        let outcome = outcome(&wanted, &step, Some(&there), false, "https://h");
        assert_eq!(
            outcome.text,
            "Would change sightline at https://h.\n  redirect_uri\n    from  https://your.page/authenticated/\n    \
             to    https://your.page/authenticated\n                                         ^\nIt is disabled: \
             nobody can sign in with it. Next: looker-admin enable sightline\n"
        );
        assert_eq!(outcome.json["result"], "would_change");
        assert_eq!(outcome.json["changes"][0]["from"], "https://your.page/authenticated/");
    }
}
