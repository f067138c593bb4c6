//! `disable`, `enable`, `remove` and `revoke-tokens`: one step each, for one app.

use looker::{
    ClientId,
    api::{App, AppChanges, invalidate_tokens, remove_app, update_app},
};
use serde_json::json;

use crate::{
    apps::{all, named, to_json},
    consent::Consent,
    outcome::Outcome,
    session::Session,
    shown::shown,
    trouble::Trouble,
};

/// What to do with an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Let nobody use it.
    Disable,
    /// Let people use it again.
    Enable,
    /// Remove its registration.
    Remove,
    /// End its sessions.
    RevokeTokens,
}

impl Deed {
    /// Does it, or says that it is so already, or only says what would be done.
    pub async fn carry_out(
        self,
        session: &Session<'_>,
        client_id: &ClientId,
        consent: &Consent,
    ) -> Result<Outcome, Trouble> {
        let apps = all(session).await?;
        let app = named(&apps, client_id)?;
        let (id, host) = (shown(&app.client_guid), session.host());
        if self.is_so(app) {
            let state = if app.enabled { "enabled" } else { "disabled" };
            let json = json!({ "client_guid": app.client_guid, "result": "unchanged", "app": to_json(app) });
            return Ok(Outcome::done(format!("{id} is {state} at {host} already.\n"), json));
        }
        let warning = self.warning(app, host);
        let (result, text, app) = if consent.given(warning.as_deref()).await? {
            let app = self.make_it_so(session, client_id, app).await?;
            let (result, done) = self.done();
            (result, format!("{done} {id} at {host}.\n"), app)
        } else {
            let (result, would) = self.planned();
            let warning = warning.map(|warning| format!("{warning}\n")).unwrap_or_default();
            (result, format!("Would {would} {id} at {host}.\n{warning}"), Some(app.clone()))
        };
        let json = json!({ "client_guid": client_id.as_str(), "result": result, "app": app.as_ref().map(to_json) });
        Ok(Outcome::done(text, json))
    }

    /// The app as it is then; none once it is removed.
    async fn make_it_so(self, session: &Session<'_>, client_id: &ClientId, app: &App) -> Result<Option<App>, Trouble> {
        match self {
            Self::Disable => set_enabled(session, "disable the app", client_id, false).await.map(Some),
            Self::Enable => set_enabled(session, "enable the app", client_id, true).await.map(Some),
            Self::Remove => session.call("remove the app", &remove_app(client_id)).await.map(|()| None),
            Self::RevokeTokens => {
                session.call("end the app's sessions", &invalidate_tokens(client_id)).await?;
                Ok(Some(app.clone()))
            }
        }
    }

    const fn is_so(self, app: &App) -> bool {
        match self {
            Self::Disable => !app.enabled,
            Self::Enable => app.enabled,
            Self::Remove | Self::RevokeTokens => false,
        }
    }

    /// What it ends for others.
    fn warning(self, app: &App, host: &str) -> Option<String> {
        let then = match self {
            Self::Enable => return None,
            Self::Disable => "Everybody who uses it is signed out at once, and nobody can sign in until it is enabled.",
            Self::Remove => {
                "Everybody who uses it is signed out at once, and nobody can sign in until it is registered anew."
            }
            Self::RevokeTokens => "Everybody who uses it is signed out at once; they can sign in again.",
        };
        let (_, would) = self.planned();
        Some(format!("About to {would} {} ({}) at {host}.\n{then}", shown(&app.client_guid), shown(&app.redirect_uri)))
    }

    const fn done(self) -> (&'static str, &'static str) {
        match self {
            Self::Disable => ("disabled", "Disabled"),
            Self::Enable => ("enabled", "Enabled"),
            Self::Remove => ("removed", "Removed"),
            Self::RevokeTokens => ("tokens_revoked", "Ended all sessions of"),
        }
    }

    const fn planned(self) -> (&'static str, &'static str) {
        match self {
            Self::Disable => ("would_disable", "disable"),
            Self::Enable => ("would_enable", "enable"),
            Self::Remove => ("would_remove", "remove"),
            Self::RevokeTokens => ("would_revoke_tokens", "end all sessions of"),
        }
    }
}

async fn set_enabled(
    session: &Session<'_>,
    doing: &'static str,
    client_id: &ClientId,
    enabled: bool,
) -> Result<App, Trouble> {
    let changes = AppChanges { enabled: Some(enabled), ..AppChanges::default() };
    let app = session.call(doing, &update_app(client_id, &changes)).await?;
    if app.enabled == enabled {
        Ok(app)
    } else {
        Err(Trouble::NotKept { field: "enabled", has: (!enabled).to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_something_for_others_is_warned_of() {
        let app = App {
            client_guid: "a\u{7}".into(),
            redirect_uri: "https://a/b".into(),
            display_name: String::new(),
            description: String::new(),
            enabled: true,
            group_id: None,
        };
        for (deed, warned, so) in [
            (Deed::Disable, true, false),
            (Deed::Enable, false, true),
            (Deed::Remove, true, false),
            (Deed::RevokeTokens, true, false),
        ] {
            let warning = deed.warning(&app, "https://h");
            assert_eq!(warning.is_some(), warned, "{deed:?}");
            assert!(warning.is_none_or(|text| text.contains("a\u{fffd} (https://a/b) at https://h")), "{deed:?}");
            assert_eq!(deed.is_so(&app), so, "{deed:?}");
        }
    }
}
