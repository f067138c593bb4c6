//! What a host has to answer, in each host's own words.
//!
//! ```text
//! settings  config.json, read as the app reads it
//! policy    what a page may load, and whom it may talk to
//! answers   the headers of every answer, and how long each file is kept
//! nginx caddy netlify firebase   the words of each host
//! page      for hosts that send no headers of one's own
//! ```
//!
//! Netlify and Cloudflare Pages read their files from the folder they publish, so these lie in the build itself
//! when it is for the root of a site. The others lie beside it, in `<build>-hosting/`; for an app below a path the
//! page, too, since Cloudflare Pages gives in the place of what is missing only one at the root.

mod answers;
mod caddy;
mod firebase;
mod netlify;
mod nginx;
pub mod page;
pub mod policy;
pub mod settings;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::build;
use crate::trouble::Trouble;
pub use answers::without_hash;
pub use settings::Settings;

/// The path that an app is served below, with a slash at both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasePath(String);

impl BasePath {
    /// The root of a site.
    pub fn root() -> Self {
        Self("/".into())
    }

    /// Takes `/`, `/looker/`, or either without a slash at an end; nothing that would have to be escaped anywhere.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.trim_matches('/');
        let is_plain = |part: &str| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
            !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain)
        };
        match inner {
            "" => Some(Self::root()),
            _ if inner.split('/').all(is_plain) => Some(Self(format!("/{inner}/"))),
            _ => None,
        }
    }

    /// With a slash at both ends.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the slash at the end; nothing for the root.
    fn below(&self) -> &str {
        self.0.trim_end_matches('/')
    }

    fn is_root(&self) -> bool {
        self.0 == "/"
    }
}

/// What all hosts are told.
#[derive(Debug)]
struct Site<'a> {
    base: &'a BasePath,
    policy: &'a str,
    /// The files of the build, by their path from there.
    files: &'a [String],
}

/// Writes every host's file for a build, and gives the folder that most of them are in.
pub fn write(dist: &Path, base: &BasePath, settings: &Settings) -> Result<PathBuf, Trouble> {
    let files: Vec<String> = build::files_in(dist)?.into_iter().map(|(name, _)| name).collect();
    let policy = policy::header(settings);
    let site = Site { base, policy: &policy, files: &files };
    let folder = beside(dist);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Trouble::file(&folder))?;
    }
    fs::create_dir_all(&folder).map_err(Trouble::file(&folder))?;
    let headers_in = if base.is_root() { dist } else { &folder };
    for (path, text) in [
        (folder.join("nginx.conf"), nginx::server(&site)),
        (folder.join("Caddyfile"), caddy::site(&site)),
        (folder.join("firebase.json"), firebase::hosting(&site)),
        (headers_in.join("_headers"), netlify::headers(&site)),
        (headers_in.join("_redirects"), netlify::redirects(&site)),
    ] {
        fs::write(&path, text).map_err(Trouble::file(&path))?;
    }
    if !base.is_root() {
        let page = dist.join("index.html");
        fs::copy(&page, folder.join("index.html")).map_err(Trouble::file(&page))?;
    }
    Ok(folder)
}

fn beside(dist: &Path) -> PathBuf {
    let mut name = dist.file_name().map_or_else(|| OsString::from("dist"), OsString::from);
    name.push("-hosting");
    dist.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_has_a_slash_at_both_ends() {
        for (text, expected) in [
            ("", Some("/")),
            ("/", Some("/")),
            ("/looker/", Some("/looker/")),
            ("looker", Some("/looker/")),
            ("/a/b-1/", Some("/a/b-1/")),
            ("/a//b/", None),
            ("/../", None),
            ("/.well-known/", None),
            ("/a b/", None),
            ("/a;b/", None),
            ("https://x.example/", None),
            ("/ä/", None),
        ] {
            assert_eq!(BasePath::parse(text).as_ref().map(BasePath::as_str), expected, "{text}");
        }
    }

    #[test]
    fn every_host_gets_its_file_where_it_looks_for_it() {
        let work = std::env::temp_dir().join(format!("xtask-test-{}-hosting", std::process::id()));
        let dist = work.join("dist");
        let names = |folder: &Path| -> Vec<String> {
            build::files_in(folder).unwrap().into_iter().map(|(name, _)| name).collect()
        };
        for (base, expected) in [
            (
                "/",
                ["dist-hosting/Caddyfile", "dist-hosting/firebase.json", "dist-hosting/nginx.conf", "dist/_headers"]
                    .as_slice(),
            ),
            (
                "/x/",
                &[
                    "dist-hosting/Caddyfile",
                    "dist-hosting/_headers",
                    "dist-hosting/_redirects",
                    "dist-hosting/index.html",
                ],
            ),
        ] {
            fs::create_dir_all(&dist).unwrap();
            fs::write(dist.join("index.html"), "").unwrap();
            let base = BasePath::parse(base).unwrap();
            assert_eq!(write(&dist, &base, &settings::tests::one()).unwrap(), work.join("dist-hosting"));
            let found = names(&work);
            for name in expected {
                assert!(found.iter().any(|found| found == name), "{name} in {found:?}");
            }
            fs::remove_dir_all(&work).unwrap();
        }
    }
}
