//! What an admin can change at Looker, each with what the confirmation shows of it.

use looker::{
    ClientId,
    api::{App, AppChanges},
    registration::Registration,
};

/// A change that waits for its confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What it does, as the button says it.
    pub title: String,
    /// What is going to be different.
    pub lines: Vec<Line>,
    /// What else comes of it.
    pub warning: Option<String>,
    /// What is asked of Looker.
    pub deed: Deed,
}

/// One thing that is going to be different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub what: String,
    /// What Looker has.
    pub from: String,
    /// What it is to be.
    pub to: String,
}

/// What is asked of Looker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Registers an app.
    Register(ClientId, AppChanges),
    /// Changes an app, if it still is as it was shown.
    Change {
        /// The app.
        client_id: ClientId,
        /// What it was when the change was shown.
        from: App,
        /// What is to be different.
        changes: AppChanges,
    },
    /// Ends all tokens of an app.
    EndTokens(ClientId),
    /// Replaces the allowlist, if it still is the first of the two.
    Allowlist {
        /// What it was when the change was shown.
        from: Vec<String>,
        /// What it is to be.
        to: Vec<String>,
    },
}

const ENDS_OWN: &str = "You are signed in by this app: your own session ends, too.";

impl Plan {
    /// Registers this page.
    pub fn register(registration: &Registration) -> Self {
        let wanted = registration.wanted();
        let client_id = registration.client_id.clone();
        let nothing = App {
            client_guid: client_id.as_str().into(),
            redirect_uri: String::new(),
            display_name: String::new(),
            description: String::new(),
            enabled: false,
            group_id: None,
        };
        Self {
            title: format!("Register {}", client_id.as_str()),
            lines: lines(&wanted, &nothing),
            warning: None,
            deed: Deed::Register(client_id, wanted),
        }
    }

    /// Makes an app's registration fit this page; nothing where it does. What people see of the app
    /// stays as the admin wants it.
    pub fn repair(app: &App, registration: &Registration) -> Option<Self> {
        let moves = app.redirect_uri != registration.redirect_uri.as_str();
        let changes = AppChanges {
            redirect_uri: moves.then(|| registration.redirect_uri.clone()),
            enabled: (!app.enabled).then_some(true),
            ..AppChanges::default()
        };
        let lines = lines(&changes, app);
        (!lines.is_empty()).then(|| Self {
            title: format!("Repair {}", app.client_guid),
            lines,
            warning: moves.then(|| format!("Whoever signs in at {} can't any more.", app.redirect_uri)),
            deed: Deed::Change { client_id: registration.client_id.clone(), from: app.clone(), changes },
        })
    }

    /// Disables an app, or enables it again. `own` is the app of this session.
    pub fn enable(app: &App, enabled: bool, own: &ClientId) -> Option<Self> {
        let client_id = ClientId::parse(&app.client_guid).ok()?;
        let changes = AppChanges { enabled: Some(enabled), ..AppChanges::default() };
        Some(Self {
            title: format!("{} {}", if enabled { "Enable" } else { "Disable" }, app.client_guid),
            lines: lines(&changes, app),
            warning: (!enabled).then(|| ends_all(&client_id, own)),
            deed: Deed::Change { client_id, from: app.clone(), changes },
        })
    }

    /// Ends all tokens of an app. `own` is the app of this session.
    pub fn end_tokens(app: &App, own: &ClientId) -> Option<Self> {
        let client_id = ClientId::parse(&app.client_guid).ok()?;
        Some(Self {
            title: format!("End the tokens of {}", app.client_guid),
            lines: Vec::new(),
            warning: Some(ends_all(&client_id, own)),
            deed: Deed::EndTokens(client_id),
        })
    }

    /// Adds an origin to the allowlist.
    pub fn allow(list: &[String], origin: &str) -> Self {
        let mut to = list.to_vec();
        to.push(origin.to_owned());
        Self::allowlist(format!("Allow {origin}"), list, to, None)
    }

    /// Takes an entry from the allowlist. `own` is this page's origin.
    pub fn deny(list: &[String], entry: &str, own: &str) -> Self {
        let to = list.iter().filter(|other| *other != entry).cloned().collect();
        let warning = if entry == own {
            "This page can't call Looker any more then: it can't see that this was done, and only a Looker admin who is at \
             Looker itself, or has looker-admin, can undo it."
                .into()
        } else {
            format!("Pages at {entry} can't call Looker any more then.")
        };
        Self::allowlist(format!("Remove {entry}"), list, to, Some(warning))
    }

    fn allowlist(title: String, from: &[String], to: Vec<String>, warning: Option<String>) -> Self {
        let shown = |list: &[String]| if list.is_empty() { "nothing".into() } else { list.join("\n") };
        let line = Line { what: "domain_allowlist".into(), from: shown(from), to: shown(&to) };
        Self { title, lines: vec![line], warning, deed: Deed::Allowlist { from: from.to_vec(), to } }
    }
}

fn ends_all(client_id: &ClientId, own: &ClientId) -> String {
    let all = "Everybody who is signed in by it has to sign in again.";
    if client_id == own { [all, " ", ENDS_OWN].concat() } else { all.into() }
}

fn lines(wanted: &AppChanges, app: &App) -> Vec<Line> {
    let changes = wanted.against(app).into_iter();
    changes.map(|change| Line { what: change.field.into(), from: change.from, to: change.to }).collect()
}

#[cfg(test)]
mod tests {
    use looker::RedirectUri;

    use super::*;

    fn id(text: &str) -> ClientId {
        ClientId::parse(text).unwrap()
    }

    fn registration() -> Registration {
        Registration {
            client_id: id("sightline"),
            redirect_uri: RedirectUri::parse("https://app.example/authenticated").unwrap(),
            display_name: "Sightline".into(),
        }
    }

    fn app(redirect_uri: &str, enabled: bool) -> App {
        App {
            client_guid: "sightline".into(),
            redirect_uri: redirect_uri.into(),
            display_name: "Ours".into(),
            description: "Theirs".into(),
            enabled,
            group_id: None,
        }
    }

    fn shown(plan: &Plan) -> Vec<String> {
        plan.lines.iter().map(|line| format!("{}: {} → {}", line.what, line.from, line.to)).collect()
    }

    #[test]
    fn a_repair_changes_what_keeps_people_out_and_nothing_else() {
        let fits = "https://app.example/authenticated";
        for (redirect_uri, enabled, lines) in [
            (fits, true, vec![]),
            (fits, false, vec!["enabled: false → true".to_owned()]),
            (
                "https://app.example/authenticated/",
                true,
                vec![format!("redirect_uri: https://app.example/authenticated/ → {fits}")],
            ),
            ("", false, vec![format!("redirect_uri:  → {fits}"), "enabled: false → true".into()]),
        ] {
            let app = app(redirect_uri, enabled);
            let plan = Plan::repair(&app, &registration());
            assert_eq!(plan.as_ref().map(shown).unwrap_or_default(), lines, "{redirect_uri}");
            // What is asked of Looker is what was shown.
            let Some(Plan { deed, .. }) = plan else { continue };
            let Deed::Change { from, changes, .. } = deed else { panic!("{deed:?}") };
            assert_eq!(
                (changes.redirect_uri.is_some(), changes.enabled),
                (redirect_uri != fits, (!enabled).then_some(true))
            );
            assert_eq!(from, app);
        }
    }

    #[test]
    fn whoever_ends_their_own_session_is_told_before() {
        let app = app("https://app.example/authenticated", true);
        for (own, told) in [("sightline", true), ("other", false)] {
            let disable = Plan::enable(&app, false, &id(own)).unwrap();
            let end = Plan::end_tokens(&app, &id(own)).unwrap();
            for plan in [disable, end] {
                assert_eq!(plan.warning.unwrap_or_default().contains("your own session ends"), told, "{}", plan.title);
            }
        }
        assert_eq!(Plan::enable(&app, true, &id("sightline")).unwrap().warning, None);
    }

    #[test]
    fn nothing_is_done_at_an_app_whose_name_leads_elsewhere_in_a_path() {
        for (guid, is_fine) in [("a/b", true), ("..", false), (".", false)] {
            let app = App { client_guid: guid.into(), ..app("https://app.example/authenticated", true) };
            let own = id("sightline");
            let plans = [Plan::enable(&app, false, &own), Plan::end_tokens(&app, &own)];
            assert!(plans.iter().all(|plan| plan.is_some() == is_fine), "{guid}");
        }
    }

    #[test]
    fn of_the_allowlist_one_entry_changes() {
        let list = ["https://a".to_owned(), "https://b".to_owned()];
        let allow = Plan::allow(&list, "https://c");
        assert_eq!(shown(&allow), ["domain_allowlist: https://a\nhttps://b → https://a\nhttps://b\nhttps://c"]);
        let deny = Plan::deny(&list, "https://a", "https://b");
        assert_eq!(shown(&deny), ["domain_allowlist: https://a\nhttps://b → https://b"]);
        assert_eq!(deny.warning.as_deref(), Some("Pages at https://a can't call Looker any more then."));
        let deny = Plan::deny(&list[..1], "https://a", "https://a");
        assert!(deny.warning.is_some_and(|warning| warning.starts_with("This page can't call Looker any more then")));
        assert_eq!(shown(&Plan::deny(&list[..1], "https://a", "x")), ["domain_allowlist: https://a → nothing"]);
    }

    #[test]
    fn a_registration_shows_all_that_looker_is_going_to_have() {
        let plan = Plan::register(&registration());
        let fields: Vec<_> = plan.lines.iter().map(|line| line.what.as_str()).collect();
        assert_eq!(fields, ["redirect_uri", "display_name", "description", "enabled"]);
        assert_eq!(plan.title, "Register sightline");
    }
}
