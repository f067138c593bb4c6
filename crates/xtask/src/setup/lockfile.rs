//! The versions of crates that the app is built with.

use std::fs;

use crate::place;
use crate::trouble::Trouble;
use crate::version::Version;

/// The version of a package that Cargo.lock has in one version.
pub fn version_of(package: &str) -> Result<Version, Trouble> {
    let path = place::root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(Trouble::file(&path))?;
    package_version(&lock, package).ok_or_else(|| Trouble::Unreadable {
        what: "Cargo.lock".into(),
        why: format!("it names no version of {package}"),
        remedy: format!("Run `git checkout Cargo.lock`, or `cargo update -p {package}`."),
    })
}

fn package_version(lock: &str, package: &str) -> Option<Version> {
    let mut lines = lock.lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name)?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Version::find(version.strip_suffix('"')?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_one_of_the_package_with_exactly_that_name() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry\"\n";
        let expected = Some(Version::new(0, 2, 130));
        assert_eq!(package_version(lock, "wasm-bindgen"), expected);
        assert_eq!(package_version(lock, "leptos"), None);
        assert_eq!(package_version("", "wasm-bindgen"), None);
    }
}
