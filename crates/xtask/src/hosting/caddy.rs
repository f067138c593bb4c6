//! Caddy: a site in a Caddyfile.

use super::Site;
use super::answers::{self, A_YEAR, ASK_AGAIN, HASHED};

/// A Caddyfile.
pub fn site(site: &Site<'_>) -> String {
    let base = site.base.as_str();
    let mut text = format!(
        "# The build's files go to /var/www/sightline{base}
# With a name in the place of `:80`, Caddy gets a certificate by itself. The policy is made from config.json:
# after a change of its instances, write this file anew by `cargo xtask host`.

:80 {{
	root * /var/www/sightline

	header {{
"
    );
    for (name, value) in answers::headers(site) {
        text += &format!("		{name} \"{value}\"\n");
    }
    text += &format!(
        "	}}

	# Only answers with a file in them may be kept.
	@hashed {{
		path_regexp {HASHED}$
		file
	}}
	@others not {{
		path_regexp {HASHED}$
		file
	}}
	header @hashed Cache-Control \"{A_YEAR}\"
	header @others Cache-Control \"{ASK_AGAIN}\"

	# The app's own pages. A file that is missing is missing, and no page.
	@page {{
		path {base}*
		not path_regexp \\.[^/]+$
	}}
	rewrite @page {base}index.html
"
    );
    if !site.base.is_root() {
        text += &format!("	redir {} {base} 308\n", site.base.below());
    }
    text + "
	file_server {
		precompressed br gzip
	}
}
"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosting::BasePath;

    #[test]
    fn pages_are_found_below_the_base_path_alone() {
        for (base, expected, more) in [("/", "path /*\n", false), ("/x/", "path /x/*\n", true)] {
            let base = BasePath::parse(base).unwrap();
            let text = super::site(&Site { base: &base, policy: "p", public: "site", files: &[] });
            assert!(text.contains(expected), "{text}");
            assert_eq!(text.contains("redir /x /x/ 308"), more);
            assert!(text.contains("		Content-Security-Policy \"p\"\n"));
        }
    }
}
