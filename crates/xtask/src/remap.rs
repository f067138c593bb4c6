//! The paths of sources in the release build, which panics name: without the machine's own part, which is nobody's
//! business, takes bytes of every visitor, and differs between machines.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build;
use crate::trouble::Trouble;

/// Lets a cargo, or a Trunk, compile with shorter paths; unless the user has flags of their own in the environment,
/// which these would hide.
pub fn shorten_paths(command: &mut Command) {
    if ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"].iter().all(|name| env::var_os(name).is_none()) {
        let flags: Vec<OsString> = registries().iter().map(|folder| flag(folder)).collect();
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.join(&OsString::from("\u{1f}")));
    }
}

/// The files of a build that name a folder of this machine's crates.
pub fn files_with_paths(build: &Path) -> Result<Vec<String>, Trouble> {
    let registries = registries();
    let mut found = Vec::new();
    for (name, _) in build::files_in(build)? {
        let file = build.join(&name);
        let bytes = fs::read(&file).map_err(Trouble::file(&file))?;
        if registries.iter().any(|folder| contains(&bytes, folder.as_os_str().as_encoded_bytes())) {
            found.push(name);
        }
    }
    Ok(found)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len().max(1)).any(|window| window == part)
}

fn flag(folder: &Path) -> OsString {
    let mut flag = OsString::from("--remap-path-prefix=");
    flag.push(folder);
    flag.push("=");
    flag
}

/// Where cargo unpacks crates, a folder for each registry.
fn registries() -> Vec<PathBuf> {
    let home = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cargo = home("CARGO_HOME").or_else(|| home("HOME").map(|home| home.join(".cargo")));
    let folders = cargo.and_then(|cargo| fs::read_dir(cargo.join("registry").join("src")).ok());
    let mut folders: Vec<_> = folders.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_left_out_of_the_paths_below_it() {
        assert_eq!(flag(Path::new("/home/ada/my crates")), "--remap-path-prefix=/home/ada/my crates=");
    }

    #[test]
    fn a_path_is_found_wherever_it_stands() {
        for (text, is_there) in [("", false), ("/a/b", true), ("x/a/b/c", true), ("/a/", false)] {
            assert_eq!(contains(text.as_bytes(), b"/a/b"), is_there, "{text}");
        }
    }
}
