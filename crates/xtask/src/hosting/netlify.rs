//! Netlify and Cloudflare Pages: `_headers` and `_redirects`.

use super::Site;
use super::answers::{self, A_YEAR};

/// `_headers`. Both hosts have everything else asked for anew each time by themselves; headers given twice would
/// be put together.
pub fn headers(site: &Site<'_>) -> String {
    let base = site.base.as_str();
    let mut text = String::from("/*\n");
    for (name, value) in answers::headers(site) {
        text += &format!("  {name}: {value}\n");
    }
    for file in site.files.iter().filter(|file| answers::is_hashed(file)) {
        text += &format!("{base}{file}\n  Cache-Control: {A_YEAR}\n");
    }
    text
}

/// `_redirects`: where there is no file, the page.
pub fn redirects(site: &Site<'_>) -> String {
    let base = site.base.as_str();
    format!("{base}* {base}index.html 200\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosting::BasePath;

    #[test]
    fn every_hashed_file_is_named() {
        let files = ["index.html", "door-sha256-fdfef4d0fedc.css", "config.json"].map(String::from);
        let base = BasePath::parse("/x/").unwrap();
        let site = Site { base: &base, policy: "p", public: "site", files: &files };
        assert_eq!(
            headers(&site),
            "/*\n  Content-Security-Policy: p\n  Integrity-Policy: blocked-destinations=(script)\n  Referrer-Policy: no-referrer\n  X-Content-Type-Options: nosniff\n  \
             Cross-Origin-Opener-Policy: same-origin\n  Strict-Transport-Security: max-age=63072000\n\
             /x/door-sha256-fdfef4d0fedc.css\n  Cache-Control: public, max-age=31536000, immutable\n"
        );
        assert_eq!(redirects(&site), "/x/* /x/index.html 200\n");
    }
}
