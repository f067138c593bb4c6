//! People and their API3 credentials.

use super::Outcome;
use super::parts::{form, gone, line, nonsense, number, press, press_twice, submit, tick, typed};
use super::section::Section;
use crate::clock::rfc3339;
use crate::state::Looker;
use crate::steering::commands::CommandError;
use crate::store::people::{NewPerson, Person};
use crate::store::{PASSWORD, Store, Stored};
use crate::ui::Form;
use maud::{Markup, html};

const AT: Section = Section::People;
/// As many as a page can show.
const MOST: i64 = 500;

pub(super) fn view(looker: &Looker, form_sent: &Form) -> Stored<Markup> {
    let store = looker.store();
    let mut rows = Vec::new();
    for person in store.people(0, MOST)? {
        rows.push(row(&store, &person)?);
    }
    let create = html! {
        div.pair {
            (line("new", "first_name", "First name", "text", typed(form_sent, "create", "first_name"), true))
            (line("new", "last_name", "Last name", "text", typed(form_sent, "create", "last_name"), true))
        }
        (line("new", "email", "Email", "email", typed(form_sent, "create", "email"), true))
        (tick("new", "is_admin", "Is an admin", !typed(form_sent, "create", "is_admin").is_empty()))
        (submit("Create person"))
    };
    Ok(html! {
        p { "Everybody’s password is " code { (PASSWORD) } ". To delete somebody ends everything that is theirs." }
        @if rows.is_empty() {
            p.quiet { "There is nobody." }
        } @else {
            ul.rows {
                @for row in rows { li { (row) } }
            }
        }
        h2 { "Create a person" }
        (form(AT, "create", &create))
    })
}

fn row(store: &Store, person: &Person) -> Stored<Markup> {
    let (id, name) = (person.id.to_string(), person.display_name());
    let about = [("id", id.as_str())];
    let pairs = store.api3_of(person.id)?;
    let groups = store.groups(person.id)?.join(", ");
    let create = html! {
        input type="hidden" name="id" value=(id);
        (line(&format!("api3-{id}"), "purpose", "Purpose", "text", "", false))
        button type="submit" aria-label={ "Create API3 credentials: " (name) } { "Create API3 credentials" }
    };
    let join = html! {
        input type="hidden" name="id" value=(id);
        (line(&format!("groups-{id}"), "groups", "Groups (1 is everybody, 2 the admins)", "text", &groups, false))
        button type="submit" aria-label={ "Set groups: " (name) } { "Set groups" }
    };
    Ok(html! {
        h2 { (name) }
        dl {
            dt { "User id" } dd { (id) }
            dt { "Email" } dd { (person.email.as_deref().unwrap_or("none")) }
            dt { "Is" } dd {
                @if person.is_admin { "an admin" } @else { "no admin" }
                @if person.is_disabled { ", disabled" }
            }
            dt { "Groups" } dd { (groups) }
        }
        @if !pairs.is_empty() {
            ul.rows aria-label={ "API3 credentials of " (name) } {
                @for pair in &pairs {
                    li.row {
                        p {
                            "API3 client_id " code { (pair.client_id) }
                            @if let Some(purpose) = &pair.purpose { ", for " (purpose) }
                            span.quiet { ", created " (rfc3339(pair.created_at)) }
                        }
                        @let fields = [("id", id.as_str()), ("api3", &pair.id.to_string())];
                        (press(AT, "delete_api3", &fields, "Delete credentials", &pair.client_id))
                    }
                }
            }
        }
        div.buttons {
            @if person.is_disabled { (press(AT, "enable", &about, "Enable", &name)) }
            @else { (press(AT, "disable", &about, "Disable", &name)) }
            @if person.is_admin { (press(AT, "make_no_admin", &about, "Make no admin", &name)) }
            @else { (press(AT, "make_admin", &about, "Make an admin", &name)) }
        }
        details { summary { "API3 credentials and groups…" } (form(AT, "create_api3", &create)) (form(AT, "groups", &join)) }
        (press_twice(AT, "delete", &about, "Delete", &name))
    })
}

pub(super) fn act(looker: &Looker, form: &Form) -> Result<Outcome, CommandError> {
    let store = looker.store();
    if form.get("do") == "create" {
        create(&store, form, looker)?;
        return Ok(Outcome::Done);
    }
    let id = number(form, "id")?.ok_or_else(gone)?;
    let person = store.person(id)?.ok_or_else(gone)?;
    let unchanged = person.unchanged();
    match form.get("do") {
        "enable" => store.change_person(id, &NewPerson { is_disabled: false, ..unchanged })?,
        "disable" => store.change_person(id, &NewPerson { is_disabled: true, ..unchanged })?,
        "make_admin" => store.change_person(id, &NewPerson { is_admin: true, ..unchanged })?,
        "make_no_admin" => store.change_person(id, &NewPerson { is_admin: false, ..unchanged })?,
        "groups" => {
            let groups: Vec<&str> = form.get("groups").split(',').map(str::trim).filter(|g| !g.is_empty()).collect();
            store.set_groups(id, &groups)?;
        }
        "create_api3" => {
            let (pair, secret) = store.make_api3(id, form.given("purpose").map(str::to_owned), looker.now())?;
            return Ok(Outcome::Once(html! {
                p { "API3 credentials are created that run as " (person.display_name()) ". The secret is shown this once." }
                p { "client_id " code id="client-id" { (pair.client_id) } }
                p { "client_secret " code id="client-secret" { (secret.reveal()) } }
            }));
        }
        "delete_api3" => {
            let api3 = number(form, "api3")?.ok_or_else(gone)?;
            if !store.delete_api3(id, api3)? {
                return Err(gone());
            }
        }
        "delete" => store.delete_person(id)?,
        _ => return Err(gone()),
    }
    Ok(Outcome::Done)
}

fn create(store: &Store, form: &Form, looker: &Looker) -> Result<(), CommandError> {
    let email = form.get("email");
    if let Some(problem) = store.email_problem(email)? {
        return Err(nonsense(problem));
    }
    let is_admin = form.ticked("is_admin");
    let name = |field| form.given(field).map(str::to_owned);
    let id = store.add_person(&NewPerson {
        first_name: name("first_name"),
        last_name: name("last_name"),
        is_admin,
        ..NewPerson::default()
    })?;
    if is_admin {
        store.set_groups(id, &["1", "2"])?;
    }
    Ok(store.set_email(id, email, PASSWORD, looker.now())?)
}

pub(super) fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "create" => "The person is created.",
        "enable" => "The person is enabled.",
        "disable" => "The person is disabled: they can’t sign in, and their tokens are of no use meanwhile.",
        "make_admin" => "The person is an admin.",
        "make_no_admin" => "The person is no admin.",
        "groups" => "The groups are set.",
        "delete_api3" => "The API3 credentials are deleted, and their tokens with them.",
        "delete" => "The person is deleted, with their credentials, tokens and sessions.",
        _ => return None,
    })
}
