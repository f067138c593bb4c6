//! nginx: a `server` block.

use super::Site;
use super::answers::{self, A_YEAR, ASK_AGAIN, HASHED, MEDIA_TYPES};

/// A file for `conf.d/`.
pub fn server(site: &Site<'_>) -> String {
    let base = site.base.as_str();
    let mut text = format!(
        "# For /etc/nginx/conf.d/. The build's files go to /var/www/sightline{base}
# Set server_name and, with `listen 443 ssl`, the certificate. The policy is made from config.json:
# after a change of its instances, write this file anew by `cargo xtask host`.

# Only answers with a file in them may be kept.
map \"$status $uri\" $sightline_keeps {{
    default \"{ASK_AGAIN}\";
    \"~^(200|206|304) .*{HASHED}(\\.br)?$\" \"{A_YEAR}\";
}}

# The build has its files in brotli too, which nginx serves without a module when it is told how.
map $http_accept_encoding $sightline_brotli {{
    default \"\";
    \"~(^|[ ,])br([ ,]|$)\" \".br\";
}}
map $uri $sightline_encoding {{
    default \"\";
    \"~\\.br$\" \"br\";
}}

server {{
    listen 80;
    server_name _;
    root /var/www/sightline;

"
    );
    for (name, value) in answers::headers(site) {
        text += &format!("    add_header {name} \"{value}\" always;\n");
    }
    text += "    add_header Cache-Control $sightline_keeps always;
    add_header Content-Encoding $sightline_encoding;
    add_header Vary Accept-Encoding;
    gzip_static on;
    absolute_redirect off;

    # The app's own pages.
";
    text += &format!("    location {base} {{\n        try_files $uri {base}index.html;\n    }}\n");
    if !site.base.is_root() {
        text += &format!("    location = {} {{\n        return 308 {base};\n    }}\n", site.base.below());
    }
    text += "\n    # Files. One that is missing is missing, and no page.\n";
    for (end, media_type) in MEDIA_TYPES {
        text += &format!(
            "    location ~ \\.{end}$ {{
        types {{ }}
        default_type \"{media_type}\";
        try_files $uri$sightline_brotli $uri =404;
    }}
"
        );
    }
    text + "    location ~ \\.[^/]+$ {\n        try_files $uri =404;\n    }\n}\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hosting::BasePath;

    #[test]
    fn pages_are_found_below_the_base_path_alone() {
        for (base, expected, more) in [
            ("/", "location / {\n        try_files $uri /index.html;", false),
            ("/x/", "location /x/ {\n        try_files $uri /x/index.html;", true),
        ] {
            let base = BasePath::parse(base).unwrap();
            let text = server(&Site { base: &base, policy: "p", public: "site", files: &[] });
            assert!(text.contains(expected), "{text}");
            assert_eq!(text.contains("return 308 /x/;"), more);
            assert!(text.contains("    add_header Content-Security-Policy \"p\" always;\n"));
        }
    }
}
