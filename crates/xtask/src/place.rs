//! Where things are: the checkout, the tools' cache, the target folder; and what children see of our environment.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::trouble::Trouble;

/// The repository's root.
pub fn root() -> PathBuf {
    // What `cargo run` says now; what was compiled in may be another checkout's, when both share a target folder.
    let now = env::var_os("CARGO_MANIFEST_DIR").filter(|_| env::var_os("CARGO_PKG_NAME").is_some_and(|n| n == "xtask"));
    let here = now.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    // Two folders down from the root.
    here.ancestors().nth(2).unwrap_or(&here).to_path_buf()
}

/// Where cargo writes.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) if !dir.is_empty() => root().join(dir),
        _ => root().join("target"),
    }
}

/// The release build.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// `target/xtask/<name>.log`, its folder made.
pub fn log(name: &str) -> Result<PathBuf, Trouble> {
    let dir = target().join("xtask");
    fs::create_dir_all(&dir).map_err(Trouble::file(&dir))?;
    Ok(dir.join(format!("{name}.log")))
}

/// The user's cache of tools, outside the checkout so that a fresh clone finds them.
pub fn tools() -> Result<PathBuf, Trouble> {
    let home = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    home("XDG_CACHE_HOME")
        .or_else(|| home("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("sightline-tools"))
        .ok_or_else(|| Trouble::Unreadable {
            what: "The place for tools".into(),
            why: "neither XDG_CACHE_HOME nor HOME is set".into(),
            remedy: "Set one of them to a folder that can be written to.".into(),
        })
}

/// A command in the repository's root that sees the user's environment, not what `cargo run` added to it.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null());
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(added_by_cargo) {
            command.env_remove(name);
        }
    }
    for name in ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
        if let Some(value) = env::var_os(name) {
            match without_cargos(&value) {
                Some(rest) => command.env(name, rest),
                None => command.env_remove(name),
            };
        }
    }
    command
}

fn added_by_cargo(name: &str) -> bool {
    // CARGO_HOME, CARGO_TARGET_DIR, CARGO_NET_… are the user's.
    name == "CARGO"
        || name == "RUST_RECURSION_COUNT"
        || name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
}

/// `cargo run` puts the target folder and the toolchain's libraries into the library path: another compiler must not find them.
fn without_cargos(path: &OsStr) -> Option<OsString> {
    let rustup = env::var_os("RUSTUP_HOME").unwrap_or_else(|| ".rustup".into());
    let target = target();
    let rest: Vec<PathBuf> = env::split_paths(path)
        .filter(|entry| {
            !entry.starts_with(&target)
                && !entry.starts_with(&rustup)
                && !entry.components().any(|c| c.as_os_str() == "rustlib")
                && !entry.components().any(|c| c.as_os_str() == ".rustup")
                && !entry.as_os_str().is_empty()
        })
        .collect();
    if rest.is_empty() { None } else { env::join_paths(rest).ok() }
}

/// The first file called `program` on PATH.
pub fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(program)).find(|path| is_program(path))
}

/// Whether a file is there that can be run.
pub fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cargo_adds_is_taken_from_children() {
        for (name, expected) in [
            ("CARGO", true),
            ("CARGO_PKG_NAME", true),
            ("CARGO_MANIFEST_DIR", true),
            ("RUST_RECURSION_COUNT", true),
            ("CARGO_HOME", false),
            ("CARGO_TARGET_DIR", false),
            ("RUSTUP_TOOLCHAIN", false),
            ("PATH", false),
        ] {
            assert_eq!(added_by_cargo(name), expected, "{name}");
        }
    }

    #[test]
    fn the_users_own_library_path_is_kept() {
        let ours = target().join("debug/deps");
        let mixed = env::join_paths([
            ours.as_path(),
            Path::new("/opt/lib"),
            Path::new("/home/ada/.rustup/toolchains/stable/lib"),
        ])
        .unwrap();
        assert_eq!(without_cargos(&mixed), Some("/opt/lib".into()));
        assert_eq!(without_cargos(ours.as_os_str()), None);
    }
}
