//! The crates that end up in what browsers load, by `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::setup::Tools;
use crate::trouble::Trouble;
use crate::{place, process};

/// A crate with its terms.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// As on crates.io.
    pub name: String,
    /// As on crates.io.
    pub version: String,
    /// An SPDX expression; empty where the crate says none.
    pub license: String,
    /// Who wrote it, where it says so.
    pub authors: Vec<String>,
    /// Where its source is.
    pub repository: String,
    /// SHA-256 of the crate's archive, by Cargo.lock; the project's own crates have none.
    pub checksum: Option<String>,
    /// The texts of its licence files.
    pub texts: Vec<String>,
}

/// All of them, sorted.
pub fn of_the_app(tools: &Tools) -> Result<Vec<Package>, Trouble> {
    let mut cargo = tools.cargo();
    cargo.args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform=wasm32-unknown-unknown"]);
    let said = process::ask_within(Duration::from_secs(120), cargo).unwrap_or_default();
    let lock = place::root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(Trouble::file(lock))?;
    let json: Value = serde_json::from_str(&said).unwrap_or_default();
    let mut packages =
        linked(&json, "sightline").filter(|found| !found.is_empty()).ok_or_else(|| Trouble::Unreadable {
            what: "The list of crates that the app is made of".into(),
            why: "`cargo metadata` did not give it".into(),
            remedy: "Run `cargo metadata --locked` to see why.".into(),
        })?;
    let sums = checksums(&lock);
    for (package, folder) in &mut packages {
        package.checksum = sums.get(&(package.name.clone(), package.version.clone())).cloned();
        package.texts = texts(folder.as_ref())?;
    }
    let mut packages: Vec<Package> = packages.into_iter().map(|(package, _)| package).collect();
    packages.sort();
    Ok(packages)
}

/// What is linked into the package called `root`, with the folder of each. Procedural macros, and what only they
/// and build scripts use, run in the compiler and are not.
fn linked(metadata: &Value, root: &str) -> Option<Vec<(Package, String)>> {
    let packages: BTreeMap<&str, &Value> = metadata["packages"]
        .as_array()?
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, &Value> =
        metadata["resolve"]["nodes"].as_array()?.iter().filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let (start, _) = packages.iter().find(|(_, package)| package["name"] == root)?;
    let mut seen = BTreeSet::new();
    let mut next = vec![*start];
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        for dependency in nodes.get(id)?["deps"].as_array()? {
            let is_linked = dependency["dep_kinds"].as_array()?.iter().any(|kind| kind["kind"].is_null());
            let id = dependency["pkg"].as_str()?;
            if is_linked && !is_macro(packages.get(id)?) {
                next.push(id);
            }
        }
    }
    seen.into_iter().map(|id| read(packages.get(id)?)).collect()
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array();
    targets.is_some_and(|targets| targets.iter().any(|target| target["kind"] == serde_json::json!(["proc-macro"])))
}

fn read(package: &Value) -> Option<(Package, String)> {
    let text = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
    let authors = package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str).map(String::from);
    let folder = package["manifest_path"].as_str()?.strip_suffix("Cargo.toml")?.to_owned();
    let package = Package {
        name: package["name"].as_str()?.to_owned(),
        version: package["version"].as_str()?.to_owned(),
        license: text("license"),
        authors: authors.collect(),
        repository: text("repository"),
        checksum: None,
        texts: Vec::new(),
    };
    Some((package, folder))
}

/// By name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let mut sums = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let value = |name: &str| {
            package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \"")?.strip_suffix('"'))
        };
        if let (Some(name), Some(version), Some(sum)) = (value("name"), value("version"), value("checksum")) {
            sums.insert((name.to_owned(), version.to_owned()), sum.to_owned());
        }
    }
    sums
}

/// The files beside a manifest that are called like a licence.
fn texts(folder: &Path) -> Result<Vec<String>, Trouble> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(Trouble::file(folder))? {
        let path = entry.map_err(Trouble::file(folder))?.path();
        let is_licence = path.file_name().and_then(|name| name.to_str()).is_some_and(is_licence);
        if is_licence && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    let read = |path: &std::path::PathBuf| fs::read(path).map_err(Trouble::file(path));
    files.iter().map(|path| read(path).map(|bytes| tidy(&String::from_utf8_lossy(&bytes)))).collect()
}

fn is_licence(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let is_code = [".RS", ".TOML"].iter().any(|end| name.ends_with(end));
    !is_code
        && ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT"].iter().any(|s| name.starts_with(s))
}

/// So that the same text is the same, however its lines end.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_runs_only_in_the_compiler_is_not_linked() {
        let package = |name: &str, kind: &str| {
            json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT", "authors": [],
                    "manifest_path": format!("/{name}/Cargo.toml"), "targets": [{ "kind": [kind] }] })
        };
        let needs = |id: &str, deps: &[(&str, Option<&str>)]| {
            let deps: Vec<Value> =
                deps.iter().map(|(pkg, kind)| json!({ "pkg": pkg, "dep_kinds": [{ "kind": kind }] })).collect();
            json!({ "id": id, "deps": deps })
        };
        let metadata = json!({
            "packages": [package("app", "lib"), package("a", "lib"), package("b", "lib"), package("macros", "proc-macro"),
                         package("syn", "lib"), package("cc", "lib"), package("proptest", "lib"), package("other", "lib")],
            "resolve": { "nodes": [
                needs("app", &[("a", None), ("macros", None), ("cc", Some("build")), ("proptest", Some("dev"))]),
                needs("a", &[("b", None)]), needs("b", &[("a", None)]), needs("macros", &[("syn", None)]),
                needs("syn", &[]), needs("cc", &[]), needs("proptest", &[]), needs("other", &[])] }
        });
        let names = linked(&metadata, "app").unwrap().into_iter().map(|(package, _)| package.name).collect::<Vec<_>>();
        assert_eq!(names, ["a", "app", "b"]);
        assert_eq!(linked(&metadata, "none"), None);
        assert_eq!(linked(&Value::Null, "app"), None);
    }

    #[test]
    fn checksums_are_those_of_the_lock_file() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"ab\"\n\n[[package]]\nname = \"own\"\nversion = \"1\"\n";
        let sums = checksums(lock);
        assert_eq!(sums.get(&("a".into(), "1.0.0".into())).map(String::as_str), Some("ab"));
        assert_eq!(sums.len(), 1);
    }

    #[test]
    fn licence_files_are_known_by_their_names() {
        for (name, expected) in [
            ("LICENSE", true),
            ("LICENSE-MIT", true),
            ("license.md", true),
            ("COPYING", true),
            ("NOTICE", true),
            ("license.rs", false),
            ("README.md", false),
        ] {
            assert_eq!(is_licence(name), expected, "{name}");
        }
        assert_eq!(tidy("\r\na \r\nb\n\n"), "a\nb");
    }
}
