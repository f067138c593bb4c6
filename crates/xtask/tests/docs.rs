//! What the docs point at is there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

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

#[test]
fn every_file_that_the_docs_link_to_is_there() {
    for page in [
        "README.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/deployment.md",
        "docs/security.md",
        "docs/building.md",
        "docs/benchmarks.md",
        "crates/admin/README.md",
        "crates/local-looker/README.md",
    ] {
        let path = root().join(page);
        let text = read(&path);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !file.contains("://") {
                let target = path.parent().unwrap().join(file);
                assert!(target.exists(), "{page} links to {link}");
            }
        }
    }
}
