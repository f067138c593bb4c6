//! Which answer is given where Looker's own is unknown.

use super::Outcome;
use super::parts::{choice, chosen, form, gone, line, needed, number, submit, tick};
use super::section::Section;
use crate::state::Looker;
use crate::steering::answers::{Answers, ForbiddenAs, TokenErrorShape, choose};
use crate::steering::commands::CommandError;
use crate::ui::Form;
use maud::{Markup, html};
use serde_json::{Map, Value, json};

/// A switch: its name, what it means, and how it stands.
type Switch = (&'static str, &'static str, fn(&Answers) -> bool);

const SWITCHES: [Switch; 8] = [
    ("rotate_refresh", "A refresh returns a new refresh token, and ends the old one", |a| a.rotate_refresh),
    ("errors_have_cors", "Pages of allowed origins can read errors", |a| a.errors_have_cors),
    ("expose_headers", "… and the headers Link, X-Total-Count and Retry-After", |a| a.expose_headers),
    ("issuer_in_redirect", "The redirect to the app says who issued it (iss)", |a| a.issuer_in_redirect),
    ("wrong_issuer", "… and names somebody else", |a| a.wrong_issuer),
    ("accept_padded_challenge", "A code_challenge may end in =", |a| a.accept_padded_challenge),
    ("has_metadata", "There are metadata (RFC 8414)", |a| a.has_metadata),
    ("metadata_has_cors", "… and pages of allowed origins can read them", |a| a.metadata_has_cors),
];

const SHAPES: [(&str, &str); 2] =
    [("oauth", "OAuth: error, error_description"), ("looker", "Looker: message, documentation_url")];
const FORBIDDEN: [(&str, &str); 2] = [("404", "404 Not found"), ("403", "403 Forbidden")];

pub(super) fn view(looker: &Looker, form_sent: &Form) -> Markup {
    let now = looker.answers();
    // What was refused is still there to be mended.
    let is_refused = form_sent.get("do") == "save";
    let value = |name, now: &str| if is_refused { form_sent.get(name) } else { now }.to_owned();
    let shape = match now.token_error_shape {
        TokenErrorShape::Oauth => "oauth",
        TokenErrorShape::Looker => "looker",
    };
    let forbidden = match now.forbidden_as {
        ForbiddenAs::NotFound => "404",
        ForbiddenAs::Forbidden => "403",
    };
    let age = now.preflight_max_age.map(|seconds| seconds.to_string()).unwrap_or_default();
    let fields = html! {
        @for (name, label, is_on) in SWITCHES { (tick("answer", name, label, if is_refused { form_sent.ticked(name) } else { is_on(&now) })) }
        (line("answer", "expires_in", "Seconds that an access token lives", "number", &value("expires_in", &now.expires_in.to_string()), true))
        (line("answer", "preflight_max_age", "Seconds that browsers keep a preflight’s answer", "number", &value("preflight_max_age", &age), false))
        (choice("answer", "token_error_shape", "Errors of /api/token look like", &SHAPES, &value("token_error_shape", shape)))
        (choice("answer", "forbidden_as", "Who may not is told", &FORBIDDEN, &value("forbidden_as", forbidden)))
        (submit("Set the answers"))
    };
    html! {
        p { "What Looker answers here is not known for certain, so each answer can be chosen." }
        (form(Section::Answers, "save", &fields))
    }
}

pub(super) fn act(looker: &Looker, form: &Form) -> Result<Outcome, CommandError> {
    if form.get("do") != "save" {
        return Err(gone());
    }
    chosen(form, "forbidden_as", &FORBIDDEN)?;
    let mut changes: Map<String, Value> =
        SWITCHES.iter().map(|(name, ..)| ((*name).to_owned(), form.ticked(name).into())).collect();
    changes.extend([
        ("expires_in".to_owned(), json!(needed::<u32>(form, "expires_in")?)),
        ("preflight_max_age".to_owned(), json!(number::<u32>(form, "preflight_max_age")?)),
        ("token_error_shape".to_owned(), json!(chosen(form, "token_error_shape", &SHAPES)?)),
        ("forbidden_as".to_owned(), json!(number::<u16>(form, "forbidden_as")?)),
    ]);
    choose(looker, changes)?;
    Ok(Outcome::Done)
}
