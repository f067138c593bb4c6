//! The pages that the app is measured against, built as their makers would deploy them.

use std::fs;
use std::path::PathBuf;

use super::weigh::{self, Weight};
use crate::process::Run;
use crate::setup::{Tools, npm};
use crate::trouble::Trouble;
use crate::{build, compress, place};

/// One of them.
pub struct Page {
    /// Its folder, here and where it is built.
    pub name: &'static str,
    /// The script that esbuild begins with.
    entry: &'static str,
    /// Whether it has packages from npm.
    has_packages: bool,
}

/// Both.
pub const PAGES: [Page; 2] = [
    Page { name: "floor", entry: "main.js", has_packages: false },
    Page { name: "react", entry: "main.tsx", has_packages: true },
];

/// Where their sources are.
pub fn sources() -> PathBuf {
    place::root().join("bench")
}

/// Where they are built, each in a folder of its name.
pub fn folder() -> PathBuf {
    place::target().join("bench")
}

impl Page {
    /// Builds it, with hashed names and compressed copies; returns what a first visit loads, all of it.
    pub fn build(&self, tools: &Tools) -> Result<Weight, Trouble> {
        let (source, built) = (sources().join(self.name), folder().join(self.name));
        if self.has_packages {
            npm::install_locked(tools, &source)?;
        }
        build::empty(&built)?;
        let mut esbuild = tools.command("esbuild");
        esbuild
            .current_dir(&source)
            .args([self.entry, "--bundle", "--minify", "--format=esm", "--target=es2022", "--jsx=automatic"])
            .args(["--define:process.env.NODE_ENV=\"production\"", "--entry-names=[name]-[hash]"])
            .args(["--log-level=warning", "--color=false"])
            .arg(format!("--outdir={}", built.display()));
        Run {
            doing: &format!("Bundling bench/{}", self.name),
            log: place::log(&format!("bench-{}", self.name))?,
            lines: 40,
            remedy: String::new(),
            limit_minutes: 5,
        }
        .run(esbuild)?;
        let names: Vec<String> = build::files_in(&built)?.into_iter().map(|(name, _)| name).collect();
        let (page, index) = (source.join("index.html"), built.join("index.html"));
        let html = fs::read_to_string(&page).map_err(Trouble::file(&page))?;
        let html = names.iter().fold(html, |html, name| html.replace(&unhashed(name), name));
        fs::write(&index, html).map_err(Trouble::file(index))?;
        let files: Vec<String> = build::files_in(&built)?.into_iter().map(|(name, _)| name).collect();
        let weight = Weight::sum(&weigh::all(tools, &built, &files)?);
        compress::compress(tools, &built)?;
        Ok(weight)
    }
}

/// `main.js` of `main-SUQKOT7F.js`.
fn unhashed(name: &str) -> String {
    let whole = || name.to_owned();
    let Some((stem, end)) = name.rsplit_once('.') else { return whole() };
    stem.rsplit_once('-').map_or_else(whole, |(stem, _)| format!("{stem}.{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_files_without_their_hashes() {
        for (name, expected) in
            [("main-SUQKOT7F.js", "main.js"), ("a-b-1.css", "a-b.css"), ("main.js", "main.js"), ("x", "x")]
        {
            assert_eq!(unhashed(name), expected);
        }
    }

    #[test]
    fn every_page_has_its_sources() {
        for page in PAGES {
            let source = sources().join(page.name);
            let html = fs::read_to_string(source.join("index.html")).unwrap();
            assert!(html.contains("\"/main.js\"") && html.contains("\"/main.css\""), "{}", page.name);
            assert!(source.join(page.entry).is_file());
            assert_eq!(source.join("package-lock.json").is_file(), page.has_packages);
        }
    }
}
