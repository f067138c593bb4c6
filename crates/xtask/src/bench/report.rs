//! What was measured, written down: `docs/benchmarks.json` has every number, `docs/benchmarks.md` the
//! medians.

use std::fs;
use std::path::PathBuf;
use std::thread;

use serde_json::{Value, json};

use super::reference;
use super::times::{KINDS, PAGES, median_of};
use crate::setup::{Tools, lockfile};
use crate::trouble::Trouble;
use crate::{place, process, say};

/// Between these lines of the document is what is written here.
const BEGIN: &str = "<!-- What follows is written by `cargo xtask bench`. -->\n";
const END: &str = "<!-- End of what is written by `cargo xtask bench`. -->\n";

/// Bytes by brotli.
pub struct Bytes {
    /// Of a first visit, in the order of [`PAGES`].
    pub first_visit: [u64; 3],
    /// Of what is loaded after the sign-in.
    pub workbench: u64,
    /// Of what is loaded for the set-up page.
    pub setup: u64,
}

/// Writes both files, and returns the table.
pub fn write(tools: &Tools, bytes: &Bytes, times: &Value) -> Result<String, Trouble> {
    let made_with = made_with(tools, times)?;
    let [sightline, floor, react] = bytes.first_visit;
    let all = json!({
        "made_with": made_with.iter().map(|(what, which)| (*what, which)).collect::<std::collections::BTreeMap<_, _>>(),
        "brotli_bytes": {
            "sightline": sightline, "floor": floor, "react": react,
            "workbench": bytes.workbench, "setup": bytes.setup,
        },
        "milliseconds": times["pages"],
    });
    let path = docs().join("benchmarks.json");
    fs::write(&path, format!("{all:#}\n")).map_err(Trouble::file(&path))?;

    let table = table(bytes, times);
    let runs = times["pages"]["sightline"]["first_visit"].as_array().map_or(0, Vec::len);
    let made_with: Vec<String> = made_with.iter().map(|(what, which)| format!("{what}: {which}")).collect();
    let text = format!(
        "Medians of {runs} runs, in milliseconds where nothing else is said. {}.\n\n{table}",
        made_with.join(" · ")
    );
    let path = docs().join("benchmarks.md");
    let before = fs::read_to_string(&path).map_err(Trouble::file(&path))?;
    let after = with_news(&before, &text).ok_or_else(|| Trouble::Unreadable {
        what: "docs/benchmarks.md".into(),
        why: "the two lines between which the measured is written are not in it".into(),
        remedy: format!("Put these lines into it:\n{BEGIN}{END}"),
    })?;
    fs::write(&path, after).map_err(Trouble::file(&path))?;
    Ok(table)
}

fn docs() -> PathBuf {
    place::root().join("docs")
}

/// The document with this text in the place of what was measured before.
fn with_news(document: &str, news: &str) -> Option<String> {
    let (before, rest) = document.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{news}\n{END}{after}"))
}

fn table(bytes: &Bytes, times: &Value) -> String {
    let mut rows = vec![
        "| | Sightline | floor | React | Sightline : floor | Sightline : React |".to_owned(),
        "| --- | --: | --: | --: | --: | --: |".to_owned(),
        row("bytes of a first visit, by brotli", bytes.first_visit.map(|bytes| Some(bytes as f64))),
    ];
    for (kind, name) in KINDS {
        rows.push(row(name, PAGES.map(|page| median_of(times, page, kind))));
    }
    rows.join("\n") + "\n"
}

fn row(name: &str, values: [Option<f64>; 3]) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| say::thousands(value.round() as u64));
    let [sightline, floor, react] = values;
    let ratio = |to: Option<f64>| match (sightline, to) {
        (Some(ours), Some(theirs)) if theirs > 0.0 => format!("{:.2}", ours / theirs),
        _ => "–".into(),
    };
    let [ours, theirs, reacts] = values.map(number);
    format!("| {name} | {ours} | {theirs} | {reacts} | {} | {} |", ratio(floor), ratio(react))
}

/// The machine and the versions of all that the numbers depend on.
fn made_with(tools: &Tools, times: &Value) -> Result<Vec<(&'static str, String)>, Trouble> {
    let lock = reference::sources().join("react").join("package-lock.json");
    let text = fs::read_to_string(&lock).map_err(Trouble::file(&lock))?;
    let lock: Value = serde_json::from_str(&text).unwrap_or_default();
    let from_npm = |package: &str| {
        let version = lock["packages"][format!("node_modules/{package}")]["version"].as_str();
        version.unwrap_or("unknown").to_owned()
    };
    let mut rustc = tools.command("rustc");
    rustc.arg("--version");
    let rustc = process::ask(rustc).unwrap_or_default();
    let leptos = lockfile::version_of("leptos")?.to_string();
    Ok(vec![
        ("machine", machine()),
        ("browser", times["browser"].as_str().unwrap_or("unknown").to_owned()),
        ("rustc", rustc.split(' ').nth(1).unwrap_or("unknown").to_owned()),
        ("leptos", leptos),
        ("react", from_npm("react")),
        ("@looker/sdk-rtl", from_npm("@looker/sdk-rtl")),
    ])
}

/// As in `2 × AMD EPYC 7B13, linux`.
fn machine() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = model_name(&processors).unwrap_or(std::env::consts::ARCH);
    let count = thread::available_parallelism().map_or(1, usize::from);
    format!("{count} × {name}, {}", std::env::consts::OS)
}

fn model_name(processors: &str) -> Option<&str> {
    let line = processors.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_keeps_what_people_wrote() {
        let document = format!("# Title\n\n{BEGIN}old\n{END}\nWhy so.\n");
        let expected = format!("# Title\n\n{BEGIN}\nnew\n\n{END}\nWhy so.\n");
        assert_eq!(with_news(&document, "new\n"), Some(expected.clone()));
        assert_eq!(with_news(&expected, "new\n"), Some(expected));
        assert_eq!(with_news("# Title\n", "new\n"), None);
    }

    #[test]
    fn a_row_has_its_ratios_where_there_are_numbers() {
        for (values, expected) in [
            ([Some(1_500.4), Some(1_000.0), Some(2_000.0)], "| x | 1,500 | 1,000 | 2,000 | 1.50 | 0.75 |"),
            ([Some(1.0), None, Some(0.0)], "| x | 1 | – | 0 | – | – |"),
            ([None, Some(1.0), None], "| x | – | 1 | – | – | – |"),
        ] {
            assert_eq!(row("x", values), expected);
        }
    }

    #[test]
    fn a_machine_is_known_by_its_processor() {
        assert_eq!(model_name("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nflags: x"), Some("Some CPU @ 2 GHz"));
        assert_eq!(model_name(""), None);
    }

    #[test]
    fn the_document_has_a_place_for_what_is_measured() {
        let document = fs::read_to_string(docs().join("benchmarks.md")).unwrap();
        assert!(with_news(&document, "").is_some());
    }
}
