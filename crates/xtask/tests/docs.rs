//! What the docs point at is there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

mod pages;

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use pages::{pages, root};

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust file below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What stands between backticks and looks like the name of a test: at least four words.
fn named_tests(text: &str) -> impl Iterator<Item = &str> {
    let is_name = |name: &&str| {
        name.matches('_').count() >= 3
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    text.split('`').skip(1).step_by(2).filter(is_name)
}

/// All the code that has tests of what the security page promises.
fn code_with_tests() -> String {
    let mut files = Vec::new();
    for folder in ["src", "tests/browser", "tests/journeys/tests", "tests/soak", "crates/looker/src"] {
        sources(&root().join(folder), &mut files);
    }
    files.iter().map(|file| read(file)).collect()
}

/// The names of all tests that run.
fn tests(code: &str) -> HashSet<&str> {
    let mut found = HashSet::new();
    let mut is_test = false;
    for line in code.lines().map(str::trim) {
        match line {
            "#[test]" | "#[tokio::test]" | "#[wasm_bindgen_test]" => is_test = true,
            _ if line.starts_with("#[ignore") => is_test = false,
            _ if line.starts_with("#[") => {}
            _ => {
                let name = line.split_once("fn ").and_then(|(_, rest)| rest.split('(').next());
                found.extend(name.filter(|_| is_test));
                is_test = false;
            }
        }
    }
    found
}

#[test]
fn every_test_that_the_security_page_names_is_there() {
    let code = code_with_tests();
    let tests = tests(&code);
    let page = read(&root().join("docs/security.md"));
    let named: Vec<_> = named_tests(&page).collect();
    assert!(named.len() > 40, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|name| !tests.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_rule_of_the_security_page_has_its_row_and_a_test_named_after_it() {
    let page = read(&root().join("docs/security.md"));
    let code = code_with_tests();
    let tests = tests(&code);
    for number in 1..=25 {
        let begins = format!("| {number} | ");
        let rows: Vec<_> = page.lines().filter(|line| line.starts_with(&begins)).collect();
        assert_eq!(rows.len(), 1, "rule {number}");
        let rule = format!("rule_{number}_");
        let has_test = named_tests(rows[0]).any(|name| name.starts_with(&rule) && tests.contains(name));
        assert!(has_test, "rule {number} has no test named after it");
    }
}

#[test]
fn the_smallest_app_is_as_small_as_the_docs_say() {
    let lines = read(&root().join("examples/smallest/src/main.rs")).lines().count();
    assert!(lines < 80, "{lines} lines");
    let page = read(&root().join("docs/building.md"));
    assert!(page.contains(&format!("{lines} lines")), "docs/building.md does not say {lines} lines");
}

/// What a link to each heading of a page ends with.
fn anchors(page: &str) -> HashSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let kept = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
    headings.map(|heading| heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")).collect()
}

#[test]
fn every_file_and_heading_that_the_docs_link_to_is_there() {
    for path in pages() {
        let text = read(&path);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(target.exists(), "{} links to {link}", path.display());
            let is_there = anchor.is_empty() || anchors(&read(&target)).contains(anchor);
            assert!(is_there, "{} links to {link}, which has no such heading", path.display());
        }
    }
}

#[test]
fn every_crate_and_folder_that_a_command_in_the_docs_names_is_there() {
    let manifests: Vec<PathBuf> = ["bench", "crates", "examples", "tests"]
        .iter()
        .flat_map(|folder| fs::read_dir(root().join(folder)).unwrap().flatten())
        .map(|entry| entry.path().join("Cargo.toml"))
        .filter(|manifest| manifest.is_file())
        .collect();
    let names: HashSet<String> = manifests.iter().filter_map(|manifest| name_of(&read(manifest))).collect();
    let mut found = 0;
    for path in pages() {
        let text = read(&path);
        for command in text.split(['`', '\n', '&']).map(str::trim) {
            let words: Vec<&str> = command.split(' ').collect();
            match words.as_slice() {
                ["cargo", "run" | "build" | "test", "-p", name, ..] => {
                    assert!(names.contains(*name), "{}: {command}", path.display());
                }
                ["cd", folder] => assert!(root().join(folder).is_dir(), "{}: {command}", path.display()),
                _ => continue,
            }
            found += 1;
        }
    }
    assert!(found > 7, "{found}");
}

fn name_of(manifest: &str) -> Option<String> {
    manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).map(str::to_owned)
}
