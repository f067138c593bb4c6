//! `allow-origin` and `deny-origin`: whose pages may call the API.
//!
//! Looker has one list for everybody, and takes only the whole of it: it is read, changed by one entry, and written.

use looker::{
    AllowlistEntry, BaseUrl,
    api::{allowlist, set_allowlist},
};
use serde_json::{Value, json};

use crate::{consent::Consent, outcome::Outcome, session::Session, shown::shown, trouble::Trouble};

/// `allow-origin`
pub async fn allow(session: &Session<'_>, origin: &AllowlistEntry, dry_run: bool) -> Result<Outcome, Trouble> {
    let (origin, host, before) = (origin.as_str(), session.host(), read(session).await?);
    let nothing = Meanwhile::default();
    let Some(planned) = with(&before, origin) else {
        return Ok(outcome(
            origin,
            "unchanged",
            &format!("Pages from {origin} may call {host} already."),
            &before,
            &nothing,
        ));
    };
    if dry_run {
        let headline = format!("Would let pages from {origin} call {host}.");
        return Ok(outcome(origin, "would_allow", &headline, &planned, &nothing));
    }
    let (after, meanwhile) =
        replace(session, &before, |list| with(list, origin).unwrap_or_else(|| list.to_vec())).await?;
    if !after.iter().any(|entry| entry == origin) {
        return Err(Trouble::NotKept { field: "domain_allowlist", has: after.join(", ") });
    }
    Ok(outcome(origin, "allowed", &format!("Pages from {origin} may call {host} now."), &after, &meanwhile))
}

/// `deny-origin`
pub async fn deny(session: &Session<'_>, given: &str, consent: &Consent) -> Result<Outcome, Trouble> {
    let (origin, host, before) = (shown(given), session.host(), read(session).await?);
    let (kept, removed) = without(&before, given);
    let covering = covering(&kept, given);
    let done = |result, headline: &str, list: &[String], meanwhile: &Meanwhile| {
        let mut outcome = outcome(given, result, headline, list, meanwhile);
        if let Value::Object(members) = &mut outcome.json {
            members.insert("covered_by".into(), json!(self::covering(list, given)));
        }
        outcome
    };
    if removed.is_empty() {
        let headline = match listed(&covering) {
            None => format!("{origin} is not in the allowlist of {host}."),
            Some(entries) => {
                format!("{origin} is no entry of its own in the allowlist of {host}; {entries} may cover it.")
            }
        };
        return Ok(done("unchanged", &headline, &before, &Meanwhile::default()));
    }
    let warning = format!(
        "About to take {} from the allowlist of {host}.\n{}",
        listed(&removed).unwrap_or_default(),
        match listed(&covering) {
            None =>
                "Pages from there can no longer call the API: whoever uses them can't sign in, and whoever is signed in \
                 gets no answers."
                    .into(),
            Some(entries) => format!("{entries} stays, and may let pages from there call the API as before."),
        }
    );
    if !consent.given(Some(&warning)).await? {
        return Ok(done("would_deny", &format!("Would do this.\n{warning}"), &kept, &Meanwhile::default()));
    }
    let (after, meanwhile) = replace(session, &before, |list| without(list, given).0).await?;
    if !without(&after, given).1.is_empty() {
        return Err(Trouble::NotKept { field: "domain_allowlist", has: after.join(", ") });
    }
    let headline = match listed(&self::covering(&after, given)) {
        None => format!("Pages from {origin} may no longer call {host}."),
        Some(entries) => format!(
            "{origin} is no longer an entry of its own in the allowlist of {host}.\nPages from there may still call the \
             API: {entries} may cover them. To keep them out, that has to go as well."
        ),
    };
    Ok(done("denied", &headline, &after, &meanwhile))
}

/// What somebody else did to the list at the same time.
#[derive(Debug, Default, PartialEq, Eq)]
struct Meanwhile {
    added: Vec<String>,
    removed: Vec<String>,
}

impl Meanwhile {
    /// Notes what is different, though nothing was changed here.
    fn note(&mut self, before: &[String], after: &[String]) {
        let missing = |from: &[String], of: &[String]| -> Vec<String> {
            from.iter().filter(|entry| !of.contains(entry)).cloned().collect()
        };
        self.added.extend(missing(after, before));
        self.removed.extend(missing(before, after));
    }

    fn sentence(&self) -> String {
        let did = |what: &str, entries: &[String]| Some(format!("{what} {}", listed(entries)?));
        let both: Vec<_> = [did("added", &self.added), did("removed", &self.removed)].into_iter().flatten().collect();
        if both.is_empty() { String::new() } else { format!("Meanwhile somebody else {}.\n", both.join(" and ")) }
    }
}

/// Changes the list, of which `seen` was known. Looker writes any list over any other, so it is read again right
/// before it is written, lest a change that came while somebody was asked be lost, and once more after it. Only a
/// change between that second reading and the writing is lost unseen.
async fn replace(
    session: &Session<'_>,
    seen: &[String],
    edit: impl Fn(&[String]) -> Vec<String>,
) -> Result<(Vec<String>, Meanwhile), Trouble> {
    let mut meanwhile = Meanwhile::default();
    let now = read(session).await?;
    meanwhile.note(seen, &now);
    let written = session.call("change the allowlist", &set_allowlist(&edit(&now))).await?;
    let after = read(session).await?;
    meanwhile.note(&written, &after);
    Ok((after, meanwhile))
}

async fn read(session: &Session<'_>) -> Result<Vec<String>, Trouble> {
    session.call("read the allowlist", &allowlist()).await
}

fn outcome(origin: &str, result: &str, headline: &str, list: &[String], meanwhile: &Meanwhile) -> Outcome {
    let title = if result.starts_with("would") { "The allowlist would be:" } else { "The allowlist is:" };
    let entries: String = list.iter().map(|entry| format!("  {}\n", shown(entry))).collect();
    let entries = if entries.is_empty() { "  empty\n".into() } else { entries };
    let Meanwhile { added, removed } = meanwhile;
    let json = json!({
        "origin": origin,
        "result": result,
        "allowlist": list,
        "meanwhile": { "added": added, "removed": removed },
    });
    Outcome::done(format!("{headline}\n{}{title}\n{entries}", meanwhile.sentence()), json)
}

/// Entries for people; nothing where there are none.
fn listed(entries: &[impl AsRef<str>]) -> Option<String> {
    let entries: Vec<_> = entries.iter().map(|entry| shown(entry.as_ref())).collect();
    (!entries.is_empty()).then(|| entries.join(", "))
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

/// The entries that may let pages call of an origin, or of some that a wildcard stands for, which have no entry of
/// their own.
fn covering<'a>(list: &'a [String], given: &str) -> Vec<&'a str> {
    let given = BaseUrl::parse(given).map_or_else(|_| given.to_ascii_lowercase(), |origin| origin.as_str().into());
    let covers =
        |entry: &&str| may_cover(entry, &given) || may_cover(&given, &entry.trim_end_matches('/').to_ascii_lowercase());
    list.iter().map(String::as_str).filter(covers).collect()
}

/// Whether an entry may mean the origin: in another spelling, or by a wildcard for a part of the host. What Looker
/// makes of either is not documented.
pub fn may_cover(entry: &str, origin: &str) -> bool {
    let entry = entry.trim_end_matches('/').to_ascii_lowercase();
    match entry.split_once('*') {
        None => BaseUrl::parse(&entry).is_ok_and(|url| url.as_str() == origin),
        Some((before, after)) => {
            let inner = origin.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            inner.is_some_and(|inner| !inner.is_empty())
        }
    }
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

    #[test]
    fn what_may_still_let_pages_call_is_found() {
        let kept = list(&["https://*.b.example", "https://x.a.example", "https://A.example/", "odd", "https://*"]);
        for (given, covers) in [
            ("https://y.b.example", &["https://*.b.example", "https://*"][..]),
            ("HTTPS://Y.B.example/", &["https://*.b.example", "https://*"]),
            ("https://b.example:8443", &["https://*"]),
            ("http://y.b.example", &[]),
            ("https://*.a.example", &["https://x.a.example", "https://*"]),
            ("https://*.example", &["https://*.b.example", "https://x.a.example", "https://A.example/", "https://*"]),
        ] {
            assert_eq!(covering(&kept, given), covers, "{given}");
        }
    }

    #[test]
    fn what_somebody_else_did_is_said() {
        let mut meanwhile = Meanwhile::default();
        meanwhile.note(&list(&["https://a", "https://b"]), &list(&["https://b", "https://a"]));
        assert_eq!((&meanwhile, meanwhile.sentence().as_str()), (&Meanwhile::default(), ""));
        meanwhile.note(&list(&["https://a"]), &list(&["https://b\u{7}"]));
        let said = "Meanwhile somebody else added https://b\u{fffd} and removed https://a.\n";
        assert_eq!(meanwhile.sentence(), said);
    }
}
