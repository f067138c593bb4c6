//! `allow-origin` and `deny-origin`: whose pages may call the API.
//!
//! Looker has one list for everybody, and takes only the whole of it: it is read, changed by one entry, and written.

use looker::{
    BaseUrl,
    api::{allowlist, set_allowlist},
};
use serde_json::json;

use crate::{consent::Consent, outcome::Outcome, session::Session, shown::shown, trouble::Trouble};

/// `allow-origin`
pub async fn allow(session: &Session<'_>, origin: &BaseUrl, dry_run: bool) -> Result<Outcome, Trouble> {
    let (origin, host, before) = (origin.as_str(), session.host(), read(session).await?);
    let (result, headline, after) = match with(&before, origin) {
        None => ("unchanged", format!("Pages from {origin} may call {host} already."), before),
        Some(list) if dry_run => ("would_allow", format!("Would let pages from {origin} call {host}."), list),
        Some(list) => {
            let after = write(session, &list).await?;
            if !after.iter().any(|entry| entry == origin) {
                return Err(Trouble::NotKept { field: "domain_allowlist", has: after.join(", ") });
            }
            ("allowed", format!("Pages from {origin} may call {host} now."), after)
        }
    };
    Ok(outcome(origin, result, &headline, &after))
}

/// `deny-origin`
pub async fn deny(session: &Session<'_>, given: &str, consent: &Consent) -> Result<Outcome, Trouble> {
    let (origin, host, before) = (shown(given), session.host(), read(session).await?);
    let (kept, removed) = without(&before, given);
    if removed.is_empty() {
        let headline = format!("{origin} is not in the allowlist of {host}.");
        return Ok(outcome(given, "unchanged", &headline, &before));
    }
    let warning = format!(
        "About to take {} from the allowlist of {host}.\nPages from there can no longer call the API: whoever uses \
         them can't sign in, and whoever is signed in gets no answers.",
        removed.iter().map(|entry| shown(entry)).collect::<Vec<_>>().join(", ")
    );
    if !consent.given(Some(&warning)).await? {
        return Ok(outcome(given, "would_deny", &format!("Would do this.\n{warning}"), &kept));
    }
    let after = write(session, &kept).await?;
    if after.iter().any(|entry| removed.contains(entry)) {
        return Err(Trouble::NotKept { field: "domain_allowlist", has: after.join(", ") });
    }
    Ok(outcome(given, "denied", &format!("Pages from {origin} may no longer call {host}."), &after))
}

async fn read(session: &Session<'_>) -> Result<Vec<String>, Trouble> {
    session.call("read the allowlist", &allowlist()).await
}

async fn write(session: &Session<'_>, list: &[String]) -> Result<Vec<String>, Trouble> {
    session.call("change the allowlist", &set_allowlist(list)).await
}

fn outcome(origin: &str, result: &str, headline: &str, list: &[String]) -> Outcome {
    let title = if result.starts_with("would") { "The allowlist would be:" } else { "The allowlist is:" };
    let entries: String = list.iter().map(|entry| format!("  {}\n", shown(entry))).collect();
    let entries = if entries.is_empty() { "  empty\n".into() } else { entries };
    let json = json!({ "origin": origin, "result": result, "allowlist": list });
    Outcome::done(format!("{headline}\n{title}\n{entries}"), json)
}

/// The list with the origin, unless it has it: in that very spelling, since what Looker makes of others is not
/// documented.
fn with(list: &[String], origin: &str) -> Option<Vec<String>> {
    if list.iter().any(|entry| entry == origin) {
        return None;
    }
    Some(list.iter().cloned().chain([origin.to_owned()]).collect())
}

/// The list without the origin, and what was taken from it: the very entry, and every spelling of the same origin.
fn without(list: &[String], given: &str) -> (Vec<String>, Vec<String>) {
    let origin = BaseUrl::parse(given).ok();
    let is_it = |entry: &String| entry == given || (origin.is_some() && BaseUrl::parse(entry).ok() == origin);
    list.iter().cloned().partition(|entry| !is_it(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|&entry| entry.to_owned()).collect()
    }

    #[test]
    fn an_origin_is_added_behind_the_others_once() {
        let both = list(&["https://b", "https://a"]);
        assert_eq!(with(&list(&["https://b"]), "https://a"), Some(both.clone()));
        assert_eq!(with(&both, "https://a"), None);
        assert_eq!(with(&list(&["https://A/"]), "https://a"), Some(list(&["https://A/", "https://a"])));
        assert_eq!(with(&[], "https://a"), Some(list(&["https://a"])));
    }

    #[test]
    fn an_origin_is_taken_away_in_every_spelling_and_nothing_else() {
        for (given, kept, removed) in [
            ("https://a", &["https://b", "https://*.a", "odd"][..], &["https://a", "https://A:443/"][..]),
            ("https://A:443/", &["https://b", "https://*.a", "odd"], &["https://a", "https://A:443/"]),
            ("https://*.a", &["https://a", "https://A:443/", "https://b", "odd"], &["https://*.a"]),
            ("odd", &["https://a", "https://A:443/", "https://b", "https://*.a"], &["odd"]),
            ("https://c", &["https://a", "https://A:443/", "https://b", "https://*.a", "odd"], &[]),
        ] {
            let before = list(&["https://a", "https://A:443/", "https://b", "https://*.a", "odd"]);
            assert_eq!(without(&before, given), (list(kept), list(removed)), "{given}");
        }
    }
}
