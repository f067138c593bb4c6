//! Node.js, and programs from its registry.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::{Found, Tool, Tools, apt};
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

/// A program from npm's registry.
pub struct NpmTool {
    package: &'static str,
    version: Version,
    program: &'static str,
    accepts: Accepts,
}

/// wasm-opt. Debian's own is too old for what rustc emits.
pub fn wasm_opt() -> NpmTool {
    NpmTool {
        package: "binaryen",
        version: Version::new(132, 0, 0),
        program: "wasm-opt",
        accepts: Accepts::AtLeast(Version::new(116, 0, 0)),
    }
}

/// esbuild, which makes scripts and styles smaller.
pub fn esbuild() -> NpmTool {
    let version = Version::new(0, 28, 2);
    NpmTool { package: "esbuild", version, program: "esbuild", accepts: Accepts::Exactly(version) }
}

impl NpmTool {
    fn folder(&self) -> String {
        format!("{}-{}", self.package, self.version)
    }
}

impl Tool for NpmTool {
    fn name(&self) -> String {
        let Self { package, version, program, .. } = self;
        if package == program { format!("{package} {version}") } else { format!("{package} {version} ({program})") }
    }

    fn takes(&self) -> &'static str {
        "about 10 seconds"
    }

    fn look(&self) -> Option<Found> {
        let bin = place::tools().ok()?.join(self.folder()).join("bin");
        if place::is_program(&bin.join(self.program)) {
            return Some(Found { bin: Some(bin), toolchain: None });
        }
        let mut theirs = place::command(self.program);
        theirs.arg("--version");
        self.accepts.what_says(&process::ask(theirs)?).then(Found::default)
    }

    fn install(&self) -> Result<(), Trouble> {
        let (package, program) = (self.package, self.program);
        let cache = place::tools()?;
        let aside = cache.join("aside").join(package);
        if aside.exists() {
            fs::remove_dir_all(&aside).map_err(Trouble::file(&aside))?;
        }
        let bin = aside.join("bin");
        fs::create_dir_all(&bin).map_err(Trouble::file(&bin))?;
        let mut npm = place::command("npm");
        // These packages work as they come; nothing of theirs need run here before it is wanted.
        npm.current_dir(&aside)
            .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--prefix"])
            .arg(&aside)
            .arg(format!("{package}@{}", self.version));
        Run {
            doing: &format!("Installing {package}"),
            log: place::log(&format!("install-{package}"))?,
            lines: 30,
            remedy: format!(
                "npm fetches it from its registry: that must be reachable. To install it by hand: \
                 npm install -g {package}@{}",
                self.version
            ),
            limit_minutes: 10,
        }
        .run(npm)?;
        let link = bin.join(program);
        symlink(format!("../node_modules/.bin/{program}"), &link).map_err(Trouble::file(&link))?;
        let folder = cache.join(self.folder());
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Trouble::file(&folder))?;
        }
        fs::rename(&aside, &folder).map_err(Trouble::file(&folder))
    }
}

/// Installs the packages of a folder in the checkout, as its lock file has them.
pub fn install_locked(tools: &Tools, folder: &Path) -> Result<(), Trouble> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut npm = tools.command("npm");
    npm.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    Run {
        doing: &format!("npm ci in {}", folder.strip_prefix(place::root()).unwrap_or(folder).display()),
        log: place::log(&format!("packages-{name}"))?,
        lines: 150,
        remedy: String::new(),
        limit_minutes: 20,
    }
    .run(npm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_a_tool_live_beside_each_other_and_it_is_called_by_its_package() {
        assert_eq!(
            (wasm_opt().folder(), wasm_opt().name()),
            ("binaryen-132.0.0".into(), "binaryen 132.0.0 (wasm-opt)".into())
        );
        assert_eq!((esbuild().folder(), esbuild().name()), ("esbuild-0.28.2".into(), "esbuild 0.28.2".into()));
    }
}
