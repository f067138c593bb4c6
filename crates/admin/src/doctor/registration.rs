//! What is found out by credentials: whether they may, and whether the app and its page are as they should be.

use looker::{ClientId, RedirectUri, api::App};

use super::check::{Check, Subject};
use crate::{
    allowlist::may_cover,
    apps::named,
    page::origin,
    shell::word,
    shown::{difference, shown},
    trouble::{Message, Trouble},
};

/// Whether the account may do what an admin does, by what came of the two things that only admins may.
pub fn permission(apps: &Result<Vec<App>, Trouble>, allowlist: &Result<Vec<String>, Trouble>) -> Check {
    match apps.as_ref().err().or(allowlist.as_ref().err()) {
        None => Check::good(Subject::Permission, "may look after apps and the allowlist"),
        Some(trouble) => Check::bad(Subject::Permission, trouble.message()),
    }
}

/// How the app is registered, where `wanted` is where it should send people back to, if that was named. `app_name` is
/// what a new app is called, if not by its client_id.
pub fn app(
    client_id: &Result<ClientId, Trouble>,
    wanted: Option<&RedirectUri>,
    app_name: Option<&str>,
    apps: &[App],
) -> Vec<Check> {
    let client_id = match client_id {
        Ok(client_id) => client_id,
        Err(trouble) => return vec![Check::bad(Subject::App, trouble.message())],
    };
    let id = client_id.as_str();
    let app = match named(apps, client_id) {
        Ok(app) => app,
        Err(trouble) => {
            let mut message = trouble.message();
            if let Some(wanted) = wanted {
                message.next_step = registers(id, wanted, app_name);
            }
            return vec![Check::bad(Subject::App, message)];
        }
    };
    let enabled = if app.enabled {
        Check::good(Subject::Enabled, "yes")
    } else {
        Check::bad(
            Subject::Enabled,
            Message::new("no", "Nobody can sign in with it.", format!("looker-admin enable {}", word(id))),
        )
    };
    let known = format!("{id}, which people know as {}", shown(&app.display_name));
    vec![Check::good(Subject::App, known), enabled, redirect_uri(id, wanted, &app.redirect_uri)]
}

/// The command that registers an app.
fn registers(id: &str, wanted: &RedirectUri, app_name: Option<&str>) -> String {
    let [id, wanted, name] = [id, wanted.as_str(), app_name.unwrap_or(id)].map(word);
    format!("looker-admin register {id} --redirect-uri {wanted} --display-name {name}")
}

fn redirect_uri(id: &str, wanted: Option<&RedirectUri>, there: &str) -> Check {
    let Some(wanted) = wanted.map(RedirectUri::as_str) else {
        let why = format!("{there}; name the page with --page ADDRESS to have it compared");
        return Check::skipped(Subject::RedirectUri, why);
    };
    if wanted == there {
        return Check::good(Subject::RedirectUri, there);
    }
    Check::bad(
        Subject::RedirectUri,
        Message::new(
            format!("is another than the page's\n{}", difference(("Looker has", there), ("the page", wanted))),
            "Looker compares them to the character, and sends nobody back to the page.",
            format!("looker-admin register {} --redirect-uri {}", word(id), word(wanted)),
        ),
    )
}

/// Where the page is: as was named, or else as the app is registered.
pub fn page(client_id: &Result<ClientId, Trouble>, wanted: Option<&RedirectUri>, apps: &[App]) -> Option<RedirectUri> {
    let registered = || {
        let app = named(apps, client_id.as_ref().ok()?).ok()?;
        RedirectUri::parse(&app.redirect_uri).ok()
    };
    wanted.cloned().or_else(registered)
}

/// Whether the page may call the API.
pub fn allowed(page: &RedirectUri, allowlist: &[String]) -> Check {
    let origin = origin(page);
    let add = format!("looker-admin allow-origin {}", word(origin));
    if allowlist.iter().any(|entry| entry == origin) {
        return Check::good(Subject::Origin, format!("{origin} is in the allowlist"));
    }
    if let Some(entry) = allowlist.iter().find(|entry| may_cover(entry, origin)) {
        return Check::look(
            Subject::Origin,
            Message::new(
                format!("{origin} is in the allowlist only as {}", shown(entry)),
                "Whether Looker takes that for the page's origin is not documented.",
                format!("If sign-ins fail: {add}"),
            ),
        );
    }
    Check::bad(
        Subject::Origin,
        Message::new(
            format!("{origin} is not in the allowlist"),
            "Browsers keep Looker's answers from the page: sign-ins end with a network failure.",
            add,
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::check::Verdict;

    fn registered(redirect_uri: &str, enabled: bool) -> App {
        App {
            client_guid: "sightline".into(),
            redirect_uri: redirect_uri.into(),
            display_name: "Sightline".into(),
            description: String::new(),
            enabled,
            group_id: None,
        }
    }

    fn uri(text: &str) -> RedirectUri {
        RedirectUri::parse(text).unwrap()
    }

    fn id() -> Result<ClientId, Trouble> {
        Ok(ClientId::parse("sightline").unwrap())
    }

    #[test]
    fn an_app_is_checked_as_far_as_it_is_there() {
        use Verdict::{Bad, Good, Skipped};
        let page = uri("https://your.page/authenticated");
        for (client_id, wanted, apps, verdicts) in [
            (id(), Some(&page), vec![registered(page.as_str(), true)], vec![Good, Good, Good]),
            (id(), Some(&page), vec![registered("https://your.page/authenticated/", false)], vec![Good, Bad, Bad]),
            (id(), None, vec![registered(page.as_str(), true)], vec![Good, Good, Skipped]),
            (id(), Some(&page), vec![], vec![Bad]),
            (Err(Trouble::NoAddress), Some(&page), vec![registered(page.as_str(), true)], vec![Bad]),
        ] {
            let checks = app(&client_id, wanted, None, &apps);
            assert_eq!(checks.iter().map(|check| check.verdict).collect::<Vec<_>>(), verdicts, "{checks:?}");
        }
    }

    #[test]
    fn what_is_advised_can_be_pasted_into_a_shell() {
        let page = uri("https://[2001:db8::1]/a&b/authenticated");
        let advice = |check: &Check| check.advice.as_ref().map(|(_, next_step)| next_step.clone()).unwrap();
        let id = Ok(ClientId::parse("it's mine").unwrap());
        let there = App { client_guid: "it's mine".into(), ..registered("https://x", false) };
        let checks = app(&id, Some(&page), None, &[there]);
        assert_eq!(advice(&checks[1]), r"looker-admin enable 'it'\''s mine'");
        let register = r"looker-admin register 'it'\''s mine' --redirect-uri 'https://[2001:db8::1]/a&b/authenticated'";
        assert_eq!(advice(&checks[2]), register);
        assert_eq!(advice(&allowed(&page, &[])), "looker-admin allow-origin 'https://[2001:db8::1]'");
        let missing = advice(&app(&id, None, None, &[])[0]);
        assert!(missing.contains(r"looker-admin register 'it'\''s mine' --page ADDRESS."), "{missing}");
        for (app_name, named) in [(None, r"'it'\''s mine'"), (Some("Ours"), "Ours")] {
            let advised = advice(&app(&id, Some(&page), app_name, &[])[0]);
            assert_eq!(advised, format!("{register} --display-name {named}"));
        }
    }

    #[test]
    fn the_difference_of_a_redirect_uri_is_marked() {
        let check =
            redirect_uri("sightline", Some(&uri("https://your.page/authenticated")), "http://your.page/authenticated");
        let lines: Vec<_> = check.found.lines().collect();
        assert_eq!(lines[1], "    Looker has  http://your.page/authenticated");
        assert_eq!(lines[2], "    the page    https://your.page/authenticated");
        assert_eq!(lines[3], "                    ^");
    }

    #[test]
    fn a_page_may_call_the_api_when_the_list_has_its_very_origin() {
        let page = uri("https://your.page:8443/authenticated");
        for (entry, verdict) in [
            ("https://your.page:8443", Verdict::Good),
            ("https://Your.Page:8443/", Verdict::Look),
            ("https://*.page:8443", Verdict::Look),
            ("https://*", Verdict::Look),
            ("https://your.page", Verdict::Bad),
            ("http://your.page:8443", Verdict::Bad),
            ("https://*.your.page:8443", Verdict::Bad),
            ("your.page:8443", Verdict::Bad),
        ] {
            let check = allowed(&page, &["https://other".into(), entry.into()]);
            assert_eq!(check.verdict, verdict, "{entry}");
        }
    }

    #[test]
    fn the_page_is_where_it_was_named_or_else_where_the_app_is_registered() {
        let apps = [registered("https://registered.page/authenticated", true)];
        let named = uri("https://named.page/authenticated");
        assert_eq!(page(&id(), Some(&named), &apps), Some(named));
        assert_eq!(page(&id(), None, &apps), Some(uri("https://registered.page/authenticated")));
        assert_eq!(page(&id(), None, &[]), None);
        assert_eq!(page(&id(), None, &[registered("odd", true)]), None);
    }
}
