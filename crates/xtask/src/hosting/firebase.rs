//! Firebase Hosting: `firebase.json`.

use serde_json::{Value, json};

use super::Site;
use super::answers::{self, A_YEAR, ASK_AGAIN};

/// `firebase.json`; of several headers of one name the last counts.
pub fn hosting(site: &Site<'_>) -> String {
    let base = site.base.as_str();
    let header = |(key, value): (&str, &str)| json!({ "key": key, "value": value });
    let mut for_all: Vec<Value> = answers::headers(site).into_iter().map(header).collect();
    for_all.push(header(("Cache-Control", ASK_AGAIN)));
    let mut headers = vec![json!({ "source": "**", "headers": for_all })];
    for file in site.files.iter().filter(|file| answers::is_hashed(file)) {
        headers.push(json!({ "source": format!("{base}{file}"), "headers": [header(("Cache-Control", A_YEAR))] }));
    }
    let hosting = json!({
        "hosting": {
            "public": site.public,
            "ignore": ["**/*.br", "**/*.gz", "_headers", "_redirects"],
            "rewrites": [{ "source": format!("{base}**"), "destination": format!("{base}index.html") }],
            "headers": headers
        }
    });
    format!("{hosting:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosting::BasePath;

    #[test]
    fn the_headers_of_hashed_files_come_last() {
        let files = ["index.html", "door-sha256-fdfef4d0fedc.css"].map(String::from);
        let base = BasePath::root();
        let text = hosting(&Site { base: &base, policy: "p", public: "site", files: &files });
        let json: Value = serde_json::from_str(&text).unwrap();
        let headers = json["hosting"]["headers"].as_array().unwrap();
        assert_eq!(json["hosting"]["public"], "site");
        assert_eq!(headers.len(), 2);
        assert_eq!(headers[0]["headers"][0], json!({ "key": "Content-Security-Policy", "value": "p" }));
        assert_eq!(headers[1]["source"], "/door-sha256-fdfef4d0fedc.css");
        assert_eq!(json["hosting"]["rewrites"][0]["destination"], "/index.html");
    }
}
