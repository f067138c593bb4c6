//! OAuth client apps, and the Embedded Domain Allowlist.

use super::Outcome;
use super::parts::{form, gone, line, lines, nonsense, press, press_twice, submit, typed};
use super::section::Section;
use crate::clock::rfc3339;
use crate::state::Looker;
use crate::steering::commands::{AppChange, CommandError, put_app};
use crate::store::Stored;
use crate::store::apps::App;
use crate::store::settings::is_entry;
use crate::ui::Form;
use maud::{Markup, html};

const AT: Section = Section::Apps;

pub(super) fn view(looker: &Looker, form_sent: &Form) -> Stored<Markup> {
    let store = looker.store();
    let (apps, allowlist) = (store.apps()?, store.allowlist()?.join("\n"));
    let kept = typed(form_sent, "allowlist", "origins");
    let new = |name| typed(form_sent, "register", name);
    let register = html! {
        (line("new", "client_guid", "client_guid", "text", new("client_guid"), true))
        (fields("new", &new))
        (submit("Register app"))
    };
    let replace = html! {
        (lines("allowlist", "origins", "Origins, one on each line", if kept.is_empty() { &allowlist } else { kept }))
        p.hint { "Scheme, host and port, such as " code { "http://localhost:8080" } " or " code { "https://*.example.com" } }
        (submit("Replace the allowlist"))
    };
    Ok(html! {
        p { "To disable an app, or to revoke its tokens, ends what it holds for everybody." }
        @if apps.is_empty() {
            p.quiet { "No app is registered." }
        } @else {
            ul.rows {
                @for app in &apps { li { (row(app, form_sent)) } }
            }
        }
        h2 { "Register an app" }
        (form(AT, "register", &register))
        h2 { "Embedded Domain Allowlist" }
        (form(AT, "allowlist", &replace))
    })
}

fn row(app: &App, form_sent: &Form) -> Markup {
    let guid = app.client_guid.as_str();
    let about = [("client_guid", guid)];
    let is_refused = typed(form_sent, "change", "client_guid") == guid;
    let value = |name: &'static str| match name {
        _ if is_refused => form_sent.get(name),
        "redirect_uri" => app.redirect_uri.as_str(),
        "display_name" => &app.display_name,
        "description" => &app.description,
        _ => app.group_id.as_deref().unwrap_or_default(),
    };
    let change = html! {
        input type="hidden" name="client_guid" value=(guid);
        (fields(&format!("app-{guid}"), &value))
        button type="submit" aria-label={ "Save: " (guid) } { "Save" }
    };
    html! {
        h2 { (app.display_name) }
        dl {
            dt { "client_guid" } dd { code { (guid) } }
            dt { "redirect_uri" } dd { code { (app.redirect_uri) } }
            dt { "Is" } dd { @if app.enabled { "enabled" } @else { "disabled" } }
            dt { "For" } dd { @if let Some(group) = &app.group_id { "group " (group) } @else { "everybody" } }
            @if app.tokens_invalid_before > 0 {
                dt { "Tokens" } dd { "of no use from before " (rfc3339(app.tokens_invalid_before)) }
            }
        }
        div.buttons {
            @if app.enabled { (press(AT, "disable", &about, "Disable", guid)) }
            @else { (press(AT, "enable", &about, "Enable", guid)) }
            (press(AT, "revoke", &about, "Revoke tokens", guid))
        }
        details open[is_refused] { summary { "Change…" } (form(AT, "change", &change)) }
        (press_twice(AT, "delete", &about, "Delete", guid))
    }
}

fn fields<'a>(scope: &str, value: &dyn Fn(&'static str) -> &'a str) -> Markup {
    html! {
        (line(scope, "redirect_uri", "redirect_uri", "text", value("redirect_uri"), true))
        (line(scope, "display_name", "Name", "text", value("display_name"), true))
        (line(scope, "description", "Description, as people read it at the first sign-in", "text", value("description"), true))
        (line(scope, "group_id", "Only for the group", "text", value("group_id"), false))
    }
}

pub(super) fn act(looker: &Looker, form: &Form) -> Result<Outcome, CommandError> {
    let client_guid = form.get("client_guid");
    let exists = looker.store().app(client_guid)?.is_some();
    let text = |name| Some(form.get(name).trim().to_owned());
    let switched =
        |enabled| AppChange { client_guid: client_guid.to_owned(), enabled: Some(enabled), ..AppChange::default() };
    match form.get("do") {
        "allowlist" => {
            let origins: Vec<_> = form.get("origins").lines().map(str::trim).filter(|o| !o.is_empty()).collect();
            if let Some(odd) = origins.iter().find(|origin| !is_entry(origin)) {
                return Err(nonsense(format!(
                    "“{odd}” is no origin: a scheme, a host and perhaps a port, no slash behind."
                )));
            }
            looker.store().set_allowlist(&origins)?;
        }
        "register" if exists => {
            return Err(nonsense(format!("An app {client_guid} is there already. Change it above.")));
        }
        "change" | "enable" | "disable" | "revoke" | "delete" if !exists => return Err(gone()),
        "register" | "change" => put_app(
            looker,
            AppChange {
                client_guid: client_guid.to_owned(),
                redirect_uri: text("redirect_uri"),
                display_name: text("display_name"),
                description: text("description"),
                group_id: text("group_id"),
                enabled: None,
            },
        )?,
        "enable" => put_app(looker, switched(true))?,
        "disable" => put_app(looker, switched(false))?,
        "revoke" => looker.store().invalidate_app(client_guid, looker.now())?,
        "delete" => looker.store().delete_app(client_guid)?,
        _ => return Err(gone()),
    }
    Ok(Outcome::Done)
}

pub(super) fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "allowlist" => "The allowlist is replaced.",
        "register" => "The app is registered.",
        "change" => "The app is changed.",
        "enable" => "The app is enabled.",
        "disable" => "The app is disabled, and its tokens are revoked.",
        "revoke" => "The tokens of the app are revoked.",
        "delete" => "The app is deleted, and its tokens with it.",
        _ => return None,
    })
}
