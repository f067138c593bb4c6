//! For hosts that send no headers of one's own, as GitHub Pages: the policy in the page, and the page for every path.

use std::fs;
use std::path::Path;

use super::{Settings, policy};
use crate::trouble::Trouble;

const AFTER: &str = "<meta charset=\"utf-8\" />\n";

/// Puts the policy into a build's page, and the page where such hosts look when a path has no file.
pub fn write_policy(dist: &Path, settings: &Settings) -> Result<(), Trouble> {
    let path = dist.join("index.html");
    let html = fs::read_to_string(&path).map_err(Trouble::file(&path))?;
    let html = with_policy(&html, &policy::in_page(settings)).ok_or_else(|| Trouble::Unreadable {
        what: path.display().to_string(),
        why: "it does not say its charset on a line of its own".into(),
        remedy: "The policy goes behind that line: see index.html.".into(),
    })?;
    for name in ["index.html", "404.html"] {
        let path = dist.join(name);
        fs::write(&path, &html).map_err(Trouble::file(&path))?;
    }
    Ok(())
}

/// Before anything that the page could load.
fn with_policy(html: &str, policy: &str) -> Option<String> {
    (html.matches(AFTER).count() == 1).then(|| {
        let meta = format!("{AFTER}<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\" />\n");
        html.replace(AFTER, &meta)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_stands_before_all_that_is_loaded() {
        let html = "<head>\n<meta charset=\"utf-8\" />\n<link rel=\"icon\">";
        let expected = "<head>\n<meta charset=\"utf-8\" />\n\
                        <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\" />\n<link rel=\"icon\">";
        assert_eq!(with_policy(html, "default-src 'none'").as_deref(), Some(expected));
        assert_eq!(with_policy("<head>", "p"), None);
    }
}
