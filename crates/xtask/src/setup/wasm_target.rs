//! The standard library for wasm32-unknown-unknown.
//!
//! By rustup where its server can be reached. Elsewhere Debian's own compiler builds it once from Debian's
//! source package, and becomes the rustup toolchain `sightline`, which then compiles everything here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Found, Tool, apt};
use crate::place;
use crate::process::{self, Run};
use crate::trouble::Trouble;

const TARGET: &str = "wasm32-unknown-unknown";
const LINKED: &str = "sightline";
const BY_HAND: &str = "With a network: rustup target add wasm32-unknown-unknown";

/// The target, with a linker for it.
pub struct WasmTarget;

impl Tool for WasmTarget {
    fn name(&self) -> String {
        TARGET.into()
    }

    fn takes(&self) -> &'static str {
        "seconds by rustup, about 2 minutes by Debian's compiler"
    }

    fn look(&self) -> Option<Found> {
        if can_link(None) {
            return Some(Found::default());
        }
        if place::on_path("rustup").is_some() && can_link(Some(LINKED)) {
            return Some(Found { bin: None, toolchain: Some(LINKED.into()) });
        }
        None
    }

    fn install(&self) -> Result<(), Trouble> {
        let why = match by_rustup() {
            Ok(()) => return Ok(()),
            Err(Trouble::Interrupted) => return Err(Trouble::Interrupted),
            Err(trouble) => trouble.to_string(),
        };
        if !apt::is_debian() || apt::as_root("true").is_none() {
            return Err(Trouble::CannotInstall { what: self.name(), why, remedy: BY_HAND.into() });
        }
        crate::say::line("      rustup cannot bring it; building it with Debian's compiler");
        apt::update()?;
        if !apt::knows("rustc-web") {
            return Err(Trouble::CannotInstall { what: self.name(), why, remedy: BY_HAND.into() });
        }
        by_debian()
    }
}

/// Compiles and links an empty program: only that tells that library and linker are both there.
fn can_link(toolchain: Option<&str>) -> bool {
    let Ok(dir) = place::tools().map(|cache| {
        // Each its own: another set-up may be asking the same question.
        cache.join(format!("probe-{}", std::process::id()))
    }) else {
        return false;
    };
    let source = dir.join("probe.rs");
    let text = "#[unsafe(no_mangle)] pub extern \"C\" fn probe() { println!() }\n";
    if fs::create_dir_all(&dir).is_err() || fs::write(&source, text).is_err() {
        return false;
    }
    let mut rustc = place::command("rustc");
    rustc
        .args(["--edition=2024", "--crate-type=cdylib", "--target", TARGET])
        .arg("-o")
        .arg(dir.join("probe.wasm"))
        .arg(&source);
    if let Some(toolchain) = toolchain {
        rustc.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    let linked = process::ask(rustc).is_some();
    let _ = fs::remove_dir_all(&dir);
    linked
}

fn by_rustup() -> Result<(), Trouble> {
    let mut rustup = place::command("rustup");
    rustup.args(["target", "add", TARGET]);
    Run {
        doing: "rustup target add wasm32-unknown-unknown",
        log: place::log("install-wasm32-rustup")?,
        lines: 5,
        remedy: String::new(),
        limit_minutes: 5,
    }
    .run(rustup)
}

fn by_debian() -> Result<(), Trouble> {
    apt::install(
        "Debian's Rust compiler",
        &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy"],
        BY_HAND,
    )?;
    let linker = Path::new("/usr/bin/rust-lld");
    if let Some(package) = linker_package(linker) {
        apt::install("The linker for WebAssembly", &[&package], BY_HAND)?;
    }
    let built = build_std()?;
    put_in_place(&built)?;
    link_toolchain()
}

/// `/usr/bin/rust-lld` is a link to the `lld-22` of the package with that name.
fn linker_package(link: &Path) -> Option<String> {
    if link.exists() {
        return None; // it leads somewhere
    }
    let leads_to = fs::read_link(link).ok()?;
    Some(leads_to.file_name()?.to_str()?.to_owned())
}

/// The folder with the libraries.
fn build_std() -> Result<PathBuf, Trouble> {
    let dir = place::tools()?.join("build").join("wasm32-std");
    let source = dir.join("src");
    fs::create_dir_all(&source).map_err(Trouble::file(&source))?;
    let manifest =
        "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n[workspace]\n";
    let file = dir.join("Cargo.toml");
    fs::write(&file, manifest).map_err(Trouble::file(&file))?;
    let file = source.join("lib.rs");
    fs::write(&file, "").map_err(Trouble::file(&file))?;
    let target = dir.join("target");
    let mut cargo = place::command("/usr/bin/cargo");
    cargo
        .current_dir(&dir)
        .args(["build", "--release", "--target", TARGET])
        .args(["-Z", "build-std=std,panic_abort,proc_macro,test"])
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        // A later build with `lto = "fat"` reads it.
        .env("RUSTFLAGS", "-C embed-bitcode=yes")
        .env("CARGO_TARGET_DIR", &target)
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    Run {
        doing: "Building the standard library for wasm32-unknown-unknown",
        log: place::log("install-wasm32-std")?,
        lines: 30,
        remedy: BY_HAND.into(),
        limit_minutes: 15,
    }
    .run(cargo)?;
    Ok(target.join(TARGET).join("release").join("deps"))
}

fn put_in_place(built: &Path) -> Result<(), Trouble> {
    let script = r#"set -eu
lib=/usr/lib/rustlib/wasm32-unknown-unknown
rm -rf "$lib.new"
mkdir -p "$lib.new/lib"
cp "$1"/*.rlib "$lib.new/lib/"
rm -rf "$lib"
mv "$lib.new" "$lib"
"#;
    let mut sh: Command = apt::as_root("sh").ok_or_else(|| Trouble::CannotInstall {
        what: TARGET.into(),
        why: "Debian's compiler lives in /usr, where only root may write.".into(),
        remedy: BY_HAND.into(),
    })?;
    sh.args(["-c", script, "sh"]).arg(built);
    Run {
        doing: "Putting the standard library into /usr/lib/rustlib",
        log: place::log("install-wasm32-place")?,
        lines: 10,
        remedy: String::new(),
        limit_minutes: 15,
    }
    .run(sh)
}

fn link_toolchain() -> Result<(), Trouble> {
    if place::on_path("rustup").is_none() {
        return Ok(()); // then the compiler on PATH is Debian's
    }
    let mut rustup = place::command("rustup");
    rustup.args(["toolchain", "link", LINKED, "/usr"]);
    Run {
        doing: "Making Debian's compiler a rustup toolchain",
        log: place::log("install-wasm32-link")?,
        lines: 10,
        remedy: String::new(),
        limit_minutes: 15,
    }
    .run(rustup)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn the_linkers_package_is_named_by_the_link_that_leads_nowhere() {
        let dir = std::env::temp_dir().join(format!("xtask-test-lld-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let link = dir.join("rust-lld");
        assert_eq!(linker_package(&link), None, "no link at all");
        symlink("lld-22", &link).unwrap();
        assert_eq!(linker_package(&link).as_deref(), Some("lld-22"));
        fs::write(dir.join("lld-22"), "").unwrap();
        assert_eq!(linker_package(&link), None, "it leads somewhere");
        fs::remove_dir_all(&dir).unwrap();
    }
}
