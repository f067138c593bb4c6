//! Apps as they are registered: found, listed, shown.

use looker::{
    ClientId,
    api::{App, apps},
};
use serde_json::{Value, json};

use crate::{outcome::Outcome, session::Session, shown::shown, trouble::Trouble};

/// Every app that the account may see.
pub async fn all(session: &Session<'_>) -> Result<Vec<App>, Trouble> {
    session.call("list the apps", &apps()).await
}

/// The app called so among all. By the list: Looker's answer for one app does not tell a missing one from one that
/// this account may not see.
pub fn named<'a>(apps: &'a [App], client_id: &ClientId) -> Result<&'a App, Trouble> {
    let there = || apps.iter().map(|app| app.client_guid.clone()).collect();
    let app = apps.iter().find(|app| app.client_guid == client_id.as_str());
    app.ok_or_else(|| Trouble::NoSuchApp { client_id: client_id.clone(), there: there() })
}

/// `list`
pub async fn list(session: &Session<'_>) -> Result<Outcome, Trouble> {
    let mut apps = all(session).await?;
    apps.sort_by(|a, b| a.client_guid.cmp(&b.client_guid));
    Ok(Outcome::done(table(&apps, session.host()), json!({ "apps": apps.iter().map(to_json).collect::<Vec<_>>() })))
}

/// `show`
pub async fn show(session: &Session<'_>, client_id: &ClientId) -> Result<Outcome, Trouble> {
    let apps = all(session).await?;
    let app = named(&apps, client_id)?;
    let text = format!("{} at {}\n{}", shown(&app.client_guid), session.host(), lines(app));
    Ok(Outcome::done(text, json!({ "app": to_json(app) })))
}

/// An app for programs, by Looker's names.
pub fn to_json(app: &App) -> Value {
    json!({
        "client_guid": app.client_guid,
        "redirect_uri": app.redirect_uri,
        "display_name": app.display_name,
        "description": app.description,
        "enabled": app.enabled,
        "group_id": app.group_id,
    })
}

/// An app for people, one line for each field.
pub fn lines(app: &App) -> String {
    let enabled = if app.enabled { "true" } else { "false: nobody can sign in with it" };
    [
        ("redirect_uri", app.redirect_uri.as_str()),
        ("display_name", &app.display_name),
        ("description", &app.description),
        ("enabled", enabled),
        ("group_id", app.group_id.as_deref().unwrap_or("none: everybody may use it")),
    ]
    .map(|(name, value)| format!("  {name:<14}{}\n", shown(value)))
    .concat()
}

fn table(apps: &[App], host: &str) -> String {
    if apps.is_empty() {
        return format!("No app is registered at {host}, as far as this account may see.\n");
    }
    let rows: Vec<[String; 4]> =
        std::iter::once(["client_id", "state", "redirect_uri", "display_name"].map(Into::into))
            .chain(apps.iter().map(|app| {
                let state = if app.enabled { "enabled" } else { "disabled" };
                [&app.client_guid, state, &app.redirect_uri, &app.display_name].map(shown)
            }))
            .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second, third) = (width(0), width(1), width(2));
    rows.iter().map(|[id, state, uri, name]| format!("{id:first$}  {state:second$}  {uri:third$}  {name}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(client_guid: &str, enabled: bool) -> App {
        App {
            client_guid: client_guid.into(),
            redirect_uri: "https://a/b".into(),
            display_name: "Name\u{1b}[2J".into(),
            description: "D".into(),
            enabled,
            group_id: None,
        }
    }

    #[test]
    fn a_list_has_a_line_for_each_app_and_none_is_said() {
        assert_eq!(
            table(&[app("a", true), app("long", false)], "https://h"),
            "client_id  state     redirect_uri  display_name\n\
             a          enabled   https://a/b   Name\u{fffd}[2J\n\
             long       disabled  https://a/b   Name\u{fffd}[2J\n"
        );
        assert!(table(&[], "https://h").starts_with("No app is registered at https://h"));
    }

    #[test]
    fn a_disabled_app_is_said_to_be_of_no_use() {
        assert!(lines(&app("a", false)).contains("\n  enabled       false: nobody can sign in with it\n"));
        assert!(lines(&app("a", true)).contains("\n  enabled       true\n"));
    }
}
