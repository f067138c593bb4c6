//! The Content-Security-Policy: a page loads from its own host alone, and talks to nobody but that and Looker.

use std::collections::BTreeSet;

use super::Settings;

/// What is the same for every deployment.
const REST: &str = "img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; object-src 'none'; \
                    require-trusted-types-for 'script'; trusted-types 'none'";

/// The value of the header.
pub fn header(settings: &Settings) -> String {
    format!("{}; frame-ancestors 'none'", in_page(settings))
}

/// The same for a `<meta>`, where browsers ignore who may frame a page.
pub fn in_page(settings: &Settings) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src {}; {REST}",
        connect(settings)
    )
}

/// Whether pages may connect to hosts that nobody named.
pub fn is_wide(settings: &Settings) -> bool {
    settings.config.allow_other_instances
}

/// The first API host that pages could not reach, since a source's host is letters, digits, hyphens and dots
/// ([CSP 3, 2.3.1](https://www.w3.org/TR/CSP3/#grammardef-host-part)), and nothing wider stands for it.
pub fn unnamable(settings: &Settings) -> Option<&str> {
    let covered = |url: &str| is_wide(settings) && url.starts_with("https:");
    let mut urls = settings.config.instances.iter().map(|instance| instance.base_url.as_str());
    urls.find(|url| url.contains('[') && !covered(url))
}

fn connect(settings: &Settings) -> String {
    let named: BTreeSet<&str> = settings.config.instances.iter().map(|instance| instance.base_url.as_str()).collect();
    let mut sources = vec!["'self'"];
    sources.extend(named);
    if is_wide(settings) {
        // Which instance somebody adds is known only then.
        sources.push("https:");
    }
    sources.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosting::settings::tests::one;
    use crate::place;
    use std::fs;

    #[test]
    fn pages_connect_to_the_named_instances() {
        assert_eq!(
            header(&one()),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             connect-src 'self' https://my.looker.com:19999; img-src 'self' data: blob:; base-uri 'none'; \
             form-action 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'; \
             frame-ancestors 'none'"
        );
    }

    #[test]
    fn the_price_of_other_instances_is_every_https_host() {
        let mut settings = one();
        settings.config.allow_other_instances = true;
        assert!(header(&settings).contains("connect-src 'self' https://my.looker.com:19999 https:; "));
    }

    #[test]
    fn what_a_policy_can_not_name_is_found() {
        for (base_url, wide, expected) in [
            ("https://my.looker.com:19999", false, None),
            ("https://10.0.0.1", false, None),
            ("https://[fd00::1]:19999", false, Some("https://[fd00::1]:19999")),
            ("https://[fd00::1]", true, None),
            ("http://[::1]:19999", true, Some("http://[::1]:19999")),
        ] {
            let mut settings = one();
            settings.config.instances[0].base_url = looker::BaseUrl::parse(base_url).unwrap();
            settings.config.allow_other_instances = wide;
            assert_eq!(unnamable(&settings), expected, "{base_url}");
        }
    }

    #[test]
    fn trunk_serves_under_the_policy_of_the_checkouts_settings() {
        let settings = Settings::read(&place::root().join("config.json")).unwrap();
        let policy = header(&settings).replace("'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'nonce-{{NONCE}}'");
        let trunk = fs::read_to_string(place::root().join("Trunk.toml")).unwrap();
        assert!(trunk.contains(&format!("\ncsp = [\"{policy}\"]\n")), "Trunk.toml has not this: {policy}");
    }

    #[test]
    fn an_instance_named_twice_is_listed_once() {
        let mut settings = one();
        let again = settings.config.instances[0].clone();
        settings.config.instances.push(again);
        assert_eq!(header(&settings), header(&one()));
    }
}
