//! For hosts that send no headers of one's own, as GitHub Pages: the policy in the page, and the page for every path.

use std::fs;
use std::path::Path;

use super::{Settings, policy};
use crate::trouble::Trouble;

const AFTER: &str = "<meta charset=\"utf-8\" />\n";
const BEGINS: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";

/// The page, and the same where such hosts look when a path has no file.
pub const PAGES: [&str; 2] = ["index.html", "404.html"];

/// Whether a build's page has a policy in it.
pub fn has_policy(dist: &Path) -> Result<bool, Trouble> {
    let path = dist.join("index.html");
    Ok(fs::read_to_string(&path).map_err(Trouble::file(&path))?.contains(BEGINS))
}

/// Puts the policy into a build's page, in the place of the one that is there, and the page where such hosts look
/// when a path has no file.
pub fn write_policy(dist: &Path, settings: &Settings) -> Result<(), Trouble> {
    let path = dist.join("index.html");
    let html = fs::read_to_string(&path).map_err(Trouble::file(&path))?;
    let html = with_policy(&html, &policy::in_page(settings)).ok_or_else(|| Trouble::Unreadable {
        what: path.display().to_string(),
        why: "it does not say its charset on a line of its own".into(),
        remedy: "The policy goes behind that line: see index.html.".into(),
    })?;
    for name in PAGES {
        let path = dist.join(name);
        fs::write(&path, &html).map_err(Trouble::file(&path))?;
    }
    Ok(())
}

/// Before anything that the page could load.
fn with_policy(html: &str, policy: &str) -> Option<String> {
    let html: String = html.split_inclusive('\n').filter(|line| !line.starts_with(BEGINS)).collect();
    (html.matches(AFTER).count() == 1).then(|| html.replace(AFTER, &format!("{AFTER}{BEGINS}{policy}\" />\n")))
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
        let other = with_policy(html, "default-src 'self'").unwrap();
        assert_eq!(with_policy(&other, "default-src 'none'").as_deref(), Some(expected));
        assert_eq!(with_policy("<head>", "p"), None);
    }
}
