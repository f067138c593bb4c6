//! Tools that cargo compiles from its registry into the cache.

use std::fs;
use std::path::PathBuf;

use super::{Found, Luxury, Tool};
use crate::place;
use crate::process::{self, Run};
use crate::setup::browsers::Browser;
use crate::trouble::Trouble;
use crate::version::{Accepts, Version};

/// A crate with programs in it.
pub struct CargoTool {
    package: &'static str,
    version: Version,
    /// The first one is asked for its version.
    programs: &'static [&'static str],
    accepts: Accepts,
    /// For `cargo install`.
    options: &'static [&'static str],
    /// The crates in which it spends its time. The compiler optimises these alone: all others are compiled sooner without,
    /// and in one way for all tools. A name that no crate has is passed over in silence.
    busy: &'static [&'static str],
    takes: &'static str,
    only_for: Option<Luxury>,
}

/// Trunk. The newest version that rustc 1.95 compiles.
pub fn trunk() -> CargoTool {
    let version = Version::new(0, 21, 14);
    CargoTool {
        package: "trunk",
        version,
        programs: &["trunk"],
        accepts: Accepts::SameMinor(version),
        // It fetches nothing for us, so it needs no TLS.
        options: &["--locked", "--no-default-features"],
        // Others do the work for it.
        busy: &[],
        takes: "about 4 minutes",
        only_for: None,
    }
}

/// wasm-bindgen and its test runner.
pub fn wasm_bindgen(version: Version) -> CargoTool {
    CargoTool {
        package: "wasm-bindgen-cli",
        version,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        accepts: Accepts::Exactly(version),
        // Its lock file has named versions that were taken back.
        options: &[],
        busy: &["walrus", "wasm-bindgen-cli-support", "wasm-encoder", "wasmparser"],
        takes: "about 2 minutes",
        only_for: None,
    }
}

/// Firefox's driver.
pub fn geckodriver() -> CargoTool {
    CargoTool {
        package: "geckodriver",
        version: Version::new(0, 37, 1),
        programs: &["geckodriver"],
        accepts: Accepts::Any,
        options: &["--locked"],
        // It waits for Firefox.
        busy: &[],
        takes: "about a minute",
        only_for: Some(Luxury::Browser(Browser::Firefox)),
    }
}

impl CargoTool {
    fn folder(&self, cache: PathBuf) -> PathBuf {
        cache.join(self.name().replace(' ', "-"))
    }

    fn is_on_path(&self) -> bool {
        let all = self.programs.iter().all(|p| place::on_path(p).is_some());
        if !all || self.accepts == Accepts::Any {
            return all;
        }
        self.programs.first().is_some_and(|program| {
            let mut command = place::command(program);
            command.arg("--version");
            process::ask(command).is_some_and(|said| self.accepts.what_says(&said))
        })
    }
}

impl Tool for CargoTool {
    fn name(&self) -> String {
        format!("{} {}", self.package, self.version)
    }

    fn takes(&self) -> &'static str {
        self.takes
    }

    fn only_for(&self) -> Option<Luxury> {
        self.only_for
    }

    fn look(&self) -> Option<Found> {
        let bin = self.folder(place::tools().ok()?).join("bin");
        if self.programs.iter().all(|p| place::is_program(&bin.join(p))) {
            return Some(Found { bin: Some(bin), toolchain: None });
        }
        self.is_on_path().then(Found::default)
    }

    fn install(&self) -> Result<(), Trouble> {
        let cache = place::tools()?;
        let aside = cache.join("aside").join(self.package);
        let build = cache.join("build");
        fs::create_dir_all(&build).map_err(Trouble::file(&build))?;
        let mut cargo = place::command("cargo");
        cargo
            .current_dir(&cache)
            .args(["install", "--force", "--version", &self.version.to_string()])
            .arg("--root")
            .arg(&aside);
        cargo.args(self.options);
        cargo.args(
            self.busy
                .iter()
                .flat_map(|busy| ["--config".to_owned(), format!("profile.release.package.{busy}.opt-level=1")]),
        );
        cargo.arg(self.package);
        cargo
            // Shared, so that one tool's dependencies serve the next, and an interrupted build is not lost.
            .env("CARGO_TARGET_DIR", &build)
            .env_remove("CARGO_BUILD_TARGET")
            // Whole-program optimisation makes the compiling longer by more than it ever saves us.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
        Run {
            doing: &format!("Installing {}", self.name()),
            log: place::log(&format!("install-{}", self.package))?,
            lines: 30,
            remedy: format!(
                "cargo compiles it from its registry, which must be reachable. To install it by hand: \
                 cargo install {} {} --version {}",
                self.options.join(" "),
                self.package,
                self.version
            ),
            limit_minutes: 25,
        }
        .run(cargo)?;
        let folder = self.folder(cache);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(Trouble::file(&folder))?;
        }
        fs::rename(&aside, &folder).map_err(Trouble::file(&folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_a_tool_live_beside_each_other() {
        let cache = PathBuf::from("/cache");
        let tool = wasm_bindgen(Version::new(0, 2, 130));
        let folder = tool.folder(cache.clone());
        assert_eq!(folder, cache.join("wasm-bindgen-cli-0.2.130"));
        assert_eq!(trunk().folder(cache.clone()), cache.join("trunk-0.21.14"));
    }
}
