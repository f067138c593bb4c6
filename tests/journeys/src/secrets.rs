//! Looks for what must be nowhere, at the end of every journey.
//!
//! Every secret of the protocol, the local Looker's tokens and codes as well as the page's state and
//! verifier, is 43 characters of base64url, and nothing else in a page is as long; with more around one, as in
//! `%22` before it, it is still as long.

use std::collections::HashSet;

use crate::stage::Stage;

/// Everything that a script in the page could come across, but for the places that secrets have: the
/// session, and sign-ins under way.
const EVERYWHERE: &str = "
    const tell = (read) => { try { return String(read()); } catch { return ''; } };
    const isTheirPlace = (key) => key === 'sightline.access_info' || key.startsWith('sightline.pending.');
    return [
        // Without the hashes that files are checked by: a slash in one may leave as many characters as a secret has.
        tell(() => document.documentElement.outerHTML.replaceAll(/sha\\d{3}-[\\w+/]+=*/g, '')),
        tell(() => location.href),
        tell(() => document.referrer),
        tell(() => JSON.stringify(history.state)),
        tell(() => window.name),
        tell(() => document.cookie),
        tell(() => JSON.stringify(Object.entries(localStorage))),
        tell(() => JSON.stringify(Object.entries(sessionStorage).filter(([key]) => !isTheirPlace(key)))),
        tell(() => performance.getEntriesByType('resource').map((entry) => entry.name).join(' ')),
        tell(() => sightline.readLog()),
        // Where a tab is full of one character over and over, it would be megabytes for the driver to carry.
    ].join('\\n').replaceAll(/(.)\\1{99,999}/g, '$1')";

/// The length of every secret.
const LENGTH: usize = 43;

/// What looks like a secret in a text. The hash of a file that is not what was built, as browsers name it in the
/// console, is as long; but it ends in `=`, and in a quotation mark.
fn find(text: &str) -> Option<&str> {
    let is_base64url = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut rest = text;
    while !rest.is_empty() {
        let (run, behind) = rest.split_at(rest.find(|c| !is_base64url(c)).unwrap_or(rest.len()));
        let is_hash = behind.strip_prefix('=').is_some_and(|behind| behind.starts_with(['\'', '"', '”']));
        if run.len() >= LENGTH && !is_hash && varies(run) {
            return Some(run);
        }
        rest = behind.trim_start_matches(|c| !is_base64url(c));
    }
    None
}

/// Whether a run has as many different characters as one at random, which has less than 16 once in 10¹² times.
fn varies(run: &str) -> bool {
    run.chars().collect::<HashSet<_>>().len() >= 16
}

/// A line of a console without the address of the page that it is about, at its beginning or its end: that is the one
/// that the page was loaded from, which may have had a code and a state.
fn without_its_source(line: &str) -> &str {
    // Chromium's lines begin with it, Firefox's end with it.
    let line = if line.starts_with("http") { line.split_once(' ').map_or("", |(_, rest)| rest) } else { line };
    line.split_once(" {file: \"http").map_or(line, |(message, _)| message)
}

impl Stage {
    /// Makes sure that no secret is where none may be, in the page that is open and in its console.
    pub(crate) async fn shows_no_secret(&self, console: &[String]) {
        // Pages of Looker's have state and code in their address, as they must.
        if self.browser.runs_scripts && self.address().await.starts_with(&self.site.app) {
            let text = self.evaluate(EVERYWHERE).await;
            let text = text.as_str().unwrap_or_default();
            if let Some(secret) = find(text) {
                self.fail(&format!("{secret} looks like a secret, in {text}")).await;
            }
        }
        if let Some(secret) = console.iter().filter_map(|line| find(without_its_source(line))).next() {
            self.fail(&format!("the console says {secret}, which looks like a secret: {console:#?}")).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_line_of_a_console_only_the_source_is_left_out() {
        for (line, searched) in [
            ("http://localhost:1/authenticated?code=x 0:0 \"said\"", "0:0 \"said\""),
            ("[Error: \"said\" {file: \"http://localhost:1/authenticated?code=x\" line: 1}]", "[Error: \"said\""),
            ("console.log: \"http://localhost:1/?token=x\"", "console.log: \"http://localhost:1/?token=x\""),
            ("said", "said"),
        ] {
            assert_eq!(without_its_source(line), searched);
        }
    }

    #[test]
    fn a_secret_is_found_by_its_length() {
        let secret = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        for text in [
            secret.to_owned(),
            format!("{{\"a\":\"{secret}\"}}"),
            format!("?code={secret}&x=1"),
            format!("token='{secret}'"),
            format!("{secret}=1"),
            format!("Bearer%20{secret}"),
            format!("x_{secret}"),
            format!("“{}=” {secret}", &secret[1..]),
        ] {
            assert!(find(&text).is_some_and(|found| found.contains(secret)), "{text}");
        }
        let hashes = ["'", "\"", "”"].map(|quote| format!("'integrity' {quote}{secret}={quote}."));
        let long = ["a"; 60].concat();
        for text in ["", "short", &secret[1..], &long].into_iter().chain(hashes.iter().map(|x| &**x)) {
            assert_eq!(find(text), None);
        }
    }
}
