//! What is found out by credentials: whether they may, and whether the app and its page are as they should be.

use looker::{ClientId, RedirectUri, api::App};

use super::check::{Check, Subject};
use crate::{
    page::origin,
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

/// How the app is registered, where `wanted` is where it should send people back to, if that was named.
pub fn app(client_id: &Result<ClientId, Trouble>, wanted: Option<&RedirectUri>, apps: &[App]) -> Vec<Check> {
    let client_id = match client_id {
        Ok(client_id) => client_id,
        Err(trouble) => return vec![Check::bad(Subject::App, trouble.message())],
    };
    let id = client_id.as_str();
    let Some(app) = apps.iter().find(|app| app.client_guid == id) else {
        let there = apps.iter().map(|app| app.client_guid.clone()).collect();
        let trouble = Trouble::NoSuchApp { client_id: client_id.clone(), there };
        return vec![Check::bad(Subject::App, trouble.message())];
    };
    let enabled = if app.enabled {
        Check::good(Subject::Enabled, "yes")
    } else {
        Check::bad(
            Subject::Enabled,
            Message::new("no", "Nobody can sign in with it.", format!("looker-admin enable {id}")),
        )
    };
    let named = format!("{id}, which people know as {}", shown(&app.display_name));
    vec![Check::good(Subject::App, named), enabled, redirect_uri(id, wanted, &app.redirect_uri)]
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
            format!("looker-admin register {id} --redirect-uri {wanted}"),
        ),
    )
}

/// Where the page is: as was named, or else as the app is registered.
pub fn page(client_id: &Result<ClientId, Trouble>, wanted: Option<&RedirectUri>, apps: &[App]) -> Option<RedirectUri> {
    let registered = || {
        let client_id = client_id.as_ref().ok()?;
        let app = apps.iter().find(|app| app.client_guid == client_id.as_str())?;
        RedirectUri::parse(&app.redirect_uri).ok()
    };
    wanted.cloned().or_else(registered)
}

/// Whether the page may call the API.
pub fn allowed(page: &RedirectUri, allowlist: &[String]) -> Check {
    let origin = origin(page);
    let add = format!("looker-admin allow-origin {origin}");
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

/// Whether an entry may mean the origin: in another spelling, or by a wildcard for a part of the host.
fn may_cover(entry: &str, origin: &str) -> bool {
    let entry = entry.trim_end_matches('/').to_ascii_lowercase();
    match entry.split_once('*') {
        None => looker::BaseUrl::parse(&entry).is_ok_and(|url| url.as_str() == origin),
        Some((before, after)) => {
            let inner = origin.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            inner.is_some_and(|inner| !inner.is_empty())
        }
    }
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
            let checks = app(&client_id, wanted, &apps);
            assert_eq!(checks.iter().map(|check| check.verdict).collect::<Vec<_>>(), verdicts, "{checks:?}");
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
