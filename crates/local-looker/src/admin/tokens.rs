//! The tokens that live, and their end.

use super::Outcome;
use super::parts::{gone, press, until};
use super::section::Section;
use crate::state::Looker;
use crate::steering::commands::{CommandError, TokensDo, do_to_tokens};
use crate::store::Stored;
use crate::store::tokens::Family;
use crate::ui::Form;
use maud::{Markup, html};

const AT: Section = Section::Tokens;

pub(super) fn view(looker: &Looker) -> Stored<Markup> {
    let now = looker.now();
    let families = looker.store().live_families(now)?;
    Ok(html! {
        p { "Each sign-in has an access token, and by OAuth a refresh token. To revoke it ends both." }
        @if families.is_empty() {
            p.quiet { "No token lives. They appear here when somebody signs in to an app, or logs in with API3 credentials." }
        } @else {
            ul.rows {
                @for family in &families {
                    @let by = by(family);
                    li.row {
                        div {
                            h2 { (family.person) }
                            dl {
                                dt { "By" } dd { (by) }
                                @for (called, until_when) in [("Access", family.access_until), ("Refresh", family.refresh_until)] {
                                    dt { (called) } dd { @if let Some(moment) = until_when { (until(moment, now)) } @else { "no living token" } }
                                }
                            }
                        }
                        (press(AT, "revoke", &[("family", &family.family)], "Revoke", &format!("{}, {by}", family.person)))
                    }
                }
            }
        }
        h2 { "All at once" }
        div.buttons {
            (press(AT, "expire_access", &[], "Expire access tokens", "of everybody"))
            (press(AT, "expire_refresh", &[], "Expire refresh tokens", "of everybody"))
            (press(AT, "revoke_all", &[], "Revoke all", "tokens and codes of everybody"))
        }
    })
}

/// What the tokens came by.
fn by(family: &Family) -> String {
    match (&family.client_guid, &family.api3) {
        (Some(app), _) => format!("app {app}"),
        (None, Some(client_id)) => format!("API3 credentials {client_id}"),
        (None, None) => "an admin’s login in their name".to_owned(),
    }
}

pub(super) fn act(looker: &Looker, form: &Form) -> Result<Outcome, CommandError> {
    match form.get("do") {
        "revoke" if !looker.store().end_family(form.get("family"))? => return Err(gone()),
        "revoke" => {}
        "expire_access" => do_to_tokens(looker, TokensDo::ExpireAccess)?,
        "expire_refresh" => do_to_tokens(looker, TokensDo::ExpireRefresh)?,
        "revoke_all" => do_to_tokens(looker, TokensDo::RevokeAll)?,
        _ => return Err(gone()),
    }
    Ok(Outcome::Done)
}

pub(super) fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "revoke" => "The sign-in is revoked: its tokens are of no use any more.",
        "expire_access" => "All access tokens have expired. Refresh tokens live.",
        "expire_refresh" => "All refresh tokens have expired. Access tokens live.",
        "revoke_all" => "All tokens and codes are revoked.",
        _ => return None,
    })
}
