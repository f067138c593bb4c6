//! What a host has to answer, in each host's own words.
//!
//! ```text
//! settings  config.json, read as the app reads it
//! policy    what a page may load, and whom it may talk to
//! answers   the headers of every answer, and how long each file is kept
//! nginx caddy netlify firebase   the words of each host
//! base      the path that a build is for
//! page      for hosts that send no headers of one's own
//! ```
//!
//! Netlify and Cloudflare Pages read their files from the folder they publish, so these lie in the build itself
//! when it is for the root of a site. The others lie beside it, in `<build>-hosting/`; for an app below a path the
//! page, too, since Cloudflare Pages gives in the place of what is missing only one at the root.

mod answers;
mod base;
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
pub use base::BasePath;
pub use settings::Settings;

/// What all hosts are told.
#[derive(Debug)]
struct Site<'a> {
    base: &'a BasePath,
    policy: &'a str,
    /// The name of the folder that is served.
    public: &'a str,
    /// The files of the build, by their path from there.
    files: &'a [String],
}

/// Writes every host's file for a build, and gives the folder that most of them are in.
pub fn write(dist: &Path, base: &BasePath, settings: &Settings) -> Result<PathBuf, Trouble> {
    let files: Vec<String> = build::files_in(dist)?.into_iter().map(|(name, _)| name).collect();
    let policy = policy::header(settings);
    let public = dist.file_name().map_or_else(|| "dist".into(), |name| name.to_string_lossy());
    let site = Site { base, policy: &policy, public: &public, files: &files };
    may_write(dist)?;
    let folder = beside(dist);
    // Whole or not at all, since half of it would not be known for what it is.
    let new = with_name(&folder, ".", "-new");
    build::empty(&new)?;
    let headers_in = if base.is_root() { dist } else { &new };
    for (path, text) in [
        (new.join("nginx.conf"), nginx::server(&site)),
        (new.join("Caddyfile"), caddy::site(&site)),
        (new.join("firebase.json"), firebase::hosting(&site)),
        (headers_in.join("_headers"), netlify::headers(&site)),
        (headers_in.join("_redirects"), netlify::redirects(&site)),
    ] {
        fs::write(&path, text).map_err(Trouble::file(&path))?;
    }
    if !base.is_root() {
        let page = dist.join("index.html");
        fs::copy(&page, new.join("index.html")).map_err(Trouble::file(&page))?;
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Trouble::file(&folder))?;
    }
    fs::rename(&new, &folder).map_err(Trouble::file(&folder))?;
    Ok(folder)
}

/// The files that are beside every build.
const MARKS: [&str; 3] = ["nginx.conf", "Caddyfile", "firebase.json"];

/// Whether the folder beside a build is free, or one that was written there before.
pub fn may_write(dist: &Path) -> Result<(), Trouble> {
    build::may_replace(&beside(dist), &MARKS)
}

fn beside(dist: &Path) -> PathBuf {
    with_name(dist, "", "-hosting")
}

/// The path beside this one whose name has something before and behind it.
fn with_name(path: &Path, before: &str, behind: &str) -> PathBuf {
    let mut name = OsString::from(before);
    name.push(path.file_name().unwrap_or("dist".as_ref()));
    name.push(behind);
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn the_folder_beside_a_build_is_replaced_only_when_it_is_one_of_these() {
        let work = std::env::temp_dir().join(format!("xtask-test-{}-beside", std::process::id()));
        let (dist, hosting) = (work.join("dist"), work.join("dist-hosting"));
        fs::create_dir_all(&dist).unwrap();
        fs::write(dist.join("index.html"), "").unwrap();
        let write = || write(&dist, &BasePath::root(), &settings::tests::one());
        write().unwrap();
        write().unwrap();
        fs::remove_dir_all(&hosting).unwrap();
        fs::create_dir_all(&hosting).unwrap();
        fs::write(hosting.join("notes.md"), "").unwrap();
        assert!(matches!(write(), Err(Trouble::InTheWay { folder, .. }) if folder == hosting));
        assert!(hosting.join("notes.md").exists());
        fs::remove_dir_all(&work).unwrap();
    }
}
