//! Whether a build can be made again: twice from nothing, and the same bytes.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::Path;

use crate::process::Run;
use crate::trouble::Trouble;
use crate::{build, place, say};

/// Builds twice, each time into an empty target folder, and names the files that differ.
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

/// Which files are not the same, or in one of two folders alone.
fn differing(first: &Path, second: &Path) -> Result<Vec<String>, Trouble> {
    let mut names = BTreeSet::new();
    for folder in [first, second] {
        names.extend(build::files_in(folder)?.into_iter().map(|(name, _)| name));
    }
    Ok(names.into_iter().filter(|name| fs::read(first.join(name)).ok() != fs::read(second.join(name)).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_named() {
        let work = env::temp_dir().join(format!("xtask-test-{}-reproduce", std::process::id()));
        for (file, text) in [("a/same", "x"), ("b/same", "x"), ("a/other", "x"), ("b/other", "y"), ("b/more", "")] {
            let file = work.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        assert_eq!(differing(&work.join("a"), &work.join("b")).unwrap(), ["more", "other"]);
        fs::remove_dir_all(work).unwrap();
    }
}
