//! Node.js, and wasm-opt from its registry.

use std::fs;
use std::os::unix::fs::symlink;

use super::{Found, Tool, apt};
use crate::place;
use crate::process::{self, Run};
use crate::trouble::Trouble;
use crate::version::{Accepts, Version};

/// Node.js with npm.
pub struct Node;

impl Tool for Node {
    fn name(&self) -> String {
        "Node.js with npm".into()
    }

    fn takes(&self) -> &'static str {
        "about a minute"
    }

    fn look(&self) -> Option<Found> {
        let mut node = place::command("node");
        node.arg("--version");
        let will_do = Accepts::AtLeast(Version::new(18, 0, 0)).what_says(&process::ask(node)?);
        (will_do && place::on_path("npm").is_some()).then(Found::default)
    }

    fn install(&self) -> Result<(), Trouble> {
        apt::install(
            &self.name(),
            &["nodejs", "npm"],
            "Install Node.js 20 or later (https://nodejs.org), which brings npm.",
        )
    }
}

/// wasm-opt. Debian's own is too old for what rustc emits.
pub struct WasmOpt;

const BINARYEN: &str = "132.0.0";
const OLDEST: Accepts = Accepts::AtLeast(Version::new(116, 0, 0));

impl Tool for WasmOpt {
    fn name(&self) -> String {
        format!("binaryen {BINARYEN} (wasm-opt)")
    }

    fn takes(&self) -> &'static str {
        "about 10 seconds"
    }

    fn look(&self) -> Option<Found> {
        let folder = place::tools().ok()?.join(format!("binaryen-{BINARYEN}"));
        let bin = folder.join("bin");
        if place::is_program(&bin.join("wasm-opt")) {
            return Some(Found { bin: Some(bin), toolchain: None });
        }
        let mut theirs = place::command("wasm-opt");
        theirs.arg("--version");
        OLDEST.what_says(&process::ask(theirs)?).then(Found::default)
    }

    fn install(&self) -> Result<(), Trouble> {
        let cache = place::tools()?;
        let aside = cache.join("aside").join("binaryen");
        if aside.exists() {
            fs::remove_dir_all(&aside).map_err(Trouble::file(&aside))?;
        }
        let bin = aside.join("bin");
        fs::create_dir_all(&bin).map_err(Trouble::file(&bin))?;
        let mut npm = place::command("npm");
        npm.current_dir(&aside)
            .args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"])
            .arg(&aside)
            .arg(format!("binaryen@{BINARYEN}"));
        Run {
            doing: "Installing binaryen",
            log: place::log("install-binaryen")?,
            lines: 30,
            remedy: format!(
                "npm fetches it from its registry: that must be reachable. To install it by hand: \
                 npm install -g binaryen@{BINARYEN}"
            ),
            limit_minutes: 10,
        }
        .run(npm)?;
        let link = bin.join("wasm-opt");
        symlink("../node_modules/.bin/wasm-opt", &link).map_err(Trouble::file(&link))?;
        let folder = cache.join(format!("binaryen-{BINARYEN}"));
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Trouble::file(&folder))?;
        }
        fs::rename(&aside, &folder).map_err(Trouble::file(&folder))
    }
}
