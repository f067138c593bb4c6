//! Whether a build can be made again: twice from nothing, and the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::Path;

use crate::process::Run;
use crate::trouble::Trouble;
use crate::{build, hosting, place, say};

/// Builds twice, each time into an empty target folder, and says what differs: a line for each file.
pub fn reproduce() -> Result<Vec<String>, Trouble> {
    let work = place::target().join("reproduce");
    if work.exists() {
        fs::remove_dir_all(&work).map_err(Trouble::file(&work))?;
    }
    let folders = ["first", "second"].map(|name| work.join(name));
    for (folder, count) in folders.iter().zip(1..) {
        say::line(&format!("Building from nothing, {count} of 2"));
        let this = env::current_exe().map_err(Trouble::file("xtask"))?;
        let mut again = place::command(this);
        again.arg("build").arg("--dist").arg(folder.join("dist"));
        // Of different lengths, so that a path in the build is seen.
        again.env("CARGO_TARGET_DIR", folder.join("target"));
        Run {
            doing: "Building the app",
            log: place::log("reproduce")?,
            lines: 60,
            remedy: String::new(),
            limit_minutes: 60,
        }
        .run(again)?;
        fs::remove_dir_all(folder.join("target")).map_err(Trouble::file(folder))?;
    }
    let [first, second] = folders.map(|folder| folder.join("dist"));
    differing(&first, &second)
}

/// How the files of two folders differ; where a file and its name's hash do, the file is told once, and its compressed
/// copies with it.
fn differing(first: &Path, second: &Path) -> Result<Vec<String>, Trouble> {
    let [ours, theirs] = [contents(first)?, contents(second)?];
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    // A copy of what differs differs with it.
    let is_told = |name: &str| {
        let original = name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz"));
        original.is_some_and(|original| ours.get(original) != theirs.get(original))
    };
    let names = names.into_iter().filter(|name| !is_told(name));
    let told = names.filter_map(|name| match (ours.get(name), theirs.get(name)) {
        (Some(ours), Some(theirs)) => difference(ours, theirs).map(|difference| format!("{name} {difference}")),
        (Some(_), None) => Some(format!("{name} is in the first alone")),
        (None, _) => Some(format!("{name} is in the second alone")),
    });
    Ok(told.collect())
}

/// The files of a folder, by their names without hashes.
fn contents(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Trouble> {
    let files = build::files_in(folder)?.into_iter().map(|(name, _)| name);
    let read = |name: String| {
        let path = folder.join(&name);
        let original = ["br", "gz"].iter().find_map(|end| Some((name.strip_suffix(end)?.strip_suffix('.')?, *end)));
        let plain = match original {
            Some((original, end)) => format!("{}.{end}", hosting::without_hash(original)),
            None => hosting::without_hash(&name),
        };
        Ok((plain, fs::read(&path).map_err(Trouble::file(path))?))
    };
    files.map(read).collect()
}

/// Where two files begin to differ, with what stands there.
fn difference(first: &[u8], second: &[u8]) -> Option<String> {
    let both = first.len().min(second.len());
    let at = (0..both).find(|&at| first.get(at) != second.get(at)).or((first.len() != second.len()).then_some(both))?;
    let there = |bytes: &[u8]| {
        let (from, to) = (at.saturating_sub(24).min(bytes.len()), (at + 40).min(bytes.len()));
        bytes.get(from..to).unwrap_or_default().escape_ascii().to_string()
    };
    Some(format!("differs from byte {at} on:\n  {}\n  {}", there(first), there(second)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        let work = env::temp_dir().join(format!("xtask-test-{}-reproduce", std::process::id()));
        for (file, text) in [
            ("a/same", "x"),
            ("b/same", "x"),
            ("a/a-sha256-0123456789ab.js", "let a = 1;"),
            ("b/a-sha256-ba9876543210.js", "let a = 2;"),
            ("a/a-sha256-0123456789ab.js.br", "1"),
            ("b/a-sha256-ba9876543210.js.br", "2"),
            ("a/same.br", "1"),
            ("b/same.br", "2"),
            ("b/more", ""),
            ("a/short", "x"),
            ("b/short", "xy\0"),
        ] {
            let file = work.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        assert_eq!(
            differing(&work.join("a"), &work.join("b")).unwrap(),
            [
                "a.js differs from byte 8 on:\n  let a = 1;\n  let a = 2;",
                "more is in the second alone",
                "same.br differs from byte 0 on:\n  1\n  2",
                "short differs from byte 1 on:\n  x\n  xy\\x00",
            ]
        );
        fs::remove_dir_all(work).unwrap();
    }
}
