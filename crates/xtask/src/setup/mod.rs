//! Installs what is missing, and tells where everything is.
//!
//! Nothing goes into the checkout: tools go into the user's cache, each version beside the others, and one
//! that is on PATH already is used as it is. An installation is made aside and moved into place at its end,
//! so an interrupted one never counts.

mod apt;
pub mod browsers;
mod cargo_tool;
pub mod lockfile;
pub mod npm;
pub mod servers;
mod wasm_target;

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::trouble::Trouble;
use crate::{place, process, say};
use browsers::Browser;

/// What a command is going to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A compiler for wasm32-unknown-unknown.
    WasmTarget,
    /// Trunk, which builds and serves the app.
    Trunk,
    /// wasm-bindgen and its test runner.
    WasmBindgen,
    /// Node.js and npm.
    Node,
    /// wasm-opt, for release builds; by npm.
    WasmOpt,
    /// esbuild, for release builds; by npm.
    Esbuild,
    /// A browser with its driver.
    Browser(Browser),
    /// A display, for the browsers that cannot do without.
    Display,
    /// nginx and Caddy.
    Servers,
}

/// What can be done without: only some steps of the tests are of no use then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Luxury {
    /// A browser, for what is tested in it.
    Browser(Browser),
    /// Chromium without windows: what is tested in Chromium only takes longer.
    ChromiumShell,
    /// Real servers, for what is tested behind them.
    Servers,
}

impl Need {
    /// For `serve`: nothing that needs Node.js, so that cargo alone is enough.
    pub const SERVE: [Self; 3] = [Self::WasmTarget, Self::Trunk, Self::WasmBindgen];
    /// For a release build.
    pub const BUILD: [Self; 6] =
        [Self::WasmTarget, Self::Trunk, Self::WasmBindgen, Self::Node, Self::WasmOpt, Self::Esbuild];
    /// For every test.
    pub const ALL: [Self; 11] = [
        Self::WasmTarget,
        Self::Trunk,
        Self::WasmBindgen,
        Self::Node,
        Self::WasmOpt,
        Self::Esbuild,
        Self::Browser(Browser::Chromium),
        Self::Browser(Browser::Firefox),
        Self::Browser(Browser::WebKit),
        Self::Display,
        Self::Servers,
    ];
}

impl Luxury {
    /// In a list of what is missing.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Browser(browser) => browser.name(),
            Self::ChromiumShell => "chromium without windows",
            Self::Servers => "servers",
        }
    }
}

/// A tool that is there.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Found {
    /// The folder it is in, when that is not on PATH.
    bin: Option<PathBuf>,
    /// The rustup toolchain to use, when that is not the user's.
    toolchain: Option<String>,
}

/// Something that can be looked for and installed.
trait Tool {
    /// With its version, as people call it.
    fn name(&self) -> String;
    /// How long its installation takes, as in "about 2 minutes".
    fn takes(&self) -> &'static str;
    /// Where it is, if it is anywhere. Fast.
    fn look(&self) -> Option<Found>;
    /// Puts it where `look` finds it.
    fn install(&self) -> Result<(), Trouble>;
    /// What alone is of no use without it. Without the others nothing is.
    fn only_for(&self) -> Option<Luxury> {
        None
    }
}

/// Where the tools are, for running commands with them.
#[derive(Debug, Default)]
pub struct Tools {
    path: Vec<PathBuf>,
    toolchain: Option<String>,
    unusable: Vec<(Luxury, String)>,
}

impl Tools {
    /// A command that finds the tools, and compiles with the compiler that knows wasm32.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        // Looked up here because a search by the system would use our PATH, not the child's.
        let program = program.as_ref();
        let ours = self.path.iter().map(|dir| dir.join(program)).find(|path| place::is_program(path));
        let mut command = match ours {
            Some(path) => place::command(path),
            None => place::command(program),
        };
        let theirs = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(self.path.iter().cloned().chain(env::split_paths(&theirs)));
        if let Ok(path) = path {
            command.env("PATH", path);
        }
        if let Some(toolchain) = &self.toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        command
    }

    /// cargo, with the compiler that knows wasm32.
    pub fn cargo(&self) -> Command {
        self.command("cargo")
    }

    /// Where a tool is.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        self.path
            .iter()
            .map(|dir| dir.join(program))
            .find(|path| place::is_program(path))
            .or_else(|| place::on_path(program))
    }

    /// Why something cannot be used, if it cannot.
    pub fn why_not(&self, luxury: Luxury) -> Option<&str> {
        self.unusable.iter().find(|(unusable, _)| *unusable == luxury).map(|(_, why)| why.as_str())
    }

    /// What cannot be used, and why.
    pub fn unusable(&self) -> &[(Luxury, String)] {
        &self.unusable
    }

    fn add(&mut self, found: Found) {
        if let Some(bin) = found.bin
            && !self.path.contains(&bin)
        {
            self.path.push(bin);
        }
        if found.toolchain.is_some() {
            self.toolchain = found.toolchain;
        }
    }
}

/// Sees to it that everything needed is there. A browser that cannot be had is not an error but noted.
pub fn set_up(needs: &[Need]) -> Result<Tools, Trouble> {
    let mut tools = Tools::default();
    let mut missing = Vec::new();
    for tool in tools_for(needs)? {
        process::go_on()?;
        match tool.look() {
            Some(found) => tools.add(found),
            None => missing.push(tool),
        }
    }
    if missing.is_empty() {
        return Ok(tools);
    }
    let names: Vec<String> = missing.iter().map(|tool| tool.name()).collect();
    say::headline(&format!("Setting up: {}", names.join(", ")));
    let _alone = wait_for_our_turn()?;
    let count = missing.len();
    for (i, tool) in missing.into_iter().enumerate() {
        let n = i + 1;
        let name = tool.name();
        // Another set-up may have brought it while we waited.
        let found = match tool.look() {
            Some(found) => Ok(found),
            None => {
                say::line(&format!("[{n}/{count}] {name} — installing, takes {}", tool.takes()));
                let began = Instant::now();
                let found = install(&*tool);
                if found.is_ok() {
                    say::line(&format!("      done in {}", say::duration(began.elapsed())));
                }
                found
            }
        };
        match (found, tool.only_for()) {
            (Ok(found), _) => tools.add(found),
            (Err(Trouble::Interrupted), _) => return Err(Trouble::Interrupted),
            (Err(trouble), Some(luxury)) => {
                say::trouble(&trouble);
                let why = trouble.to_string();
                let why = why.lines().next().unwrap_or_default().to_owned();
                tools.unusable.push((luxury, why));
            }
            (Err(trouble), None) => return Err(trouble),
        }
    }
    clean_up();
    Ok(tools)
}

fn install(tool: &dyn Tool) -> Result<Found, Trouble> {
    tool.install()?;
    tool.look().ok_or_else(|| Trouble::CannotInstall {
        what: tool.name(),
        why: "Its installation succeeded, and it is still not found.".into(),
        remedy: "Install it by hand, see that it is on PATH, and run the command again.".into(),
    })
}

fn tools_for(needs: &[Need]) -> Result<Vec<Box<dyn Tool>>, Trouble> {
    let mut tools: Vec<Box<dyn Tool>> = Vec::new();
    for need in needs {
        match need {
            Need::WasmTarget => tools.push(Box::new(wasm_target::WasmTarget)),
            Need::Trunk => tools.push(Box::new(cargo_tool::trunk())),
            Need::WasmBindgen => {
                // Its command-line tool must be the same as what the app is built with.
                let version = lockfile::version_of("wasm-bindgen")?;
                tools.push(Box::new(cargo_tool::wasm_bindgen(version)));
            }
            Need::Node => tools.push(Box::new(npm::Node)),
            Need::WasmOpt => tools.push(Box::new(npm::wasm_opt())),
            Need::Esbuild => tools.push(Box::new(npm::esbuild())),
            Need::Browser(browser) => tools.extend(browsers::tools_for(*browser)),
            Need::Display => tools.push(Box::new(browsers::xvfb())),
            Need::Servers => tools.extend(servers::tools()),
        }
    }
    Ok(tools)
}

/// One set-up at a time, over all checkouts.
fn wait_for_our_turn() -> Result<File, Trouble> {
    let cache = place::tools()?;
    fs::create_dir_all(&cache).map_err(Trouble::file(&cache))?;
    let path = cache.join("lock");
    let file = File::create(&path).map_err(Trouble::file(&path))?;
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {
                if !told {
                    say::line("Another set-up is running; waiting for it to end.");
                    told = true;
                }
                process::breathe()?;
            }
            Err(TryLockError::Error(error)) => return Err(Trouble::File { path, error }),
        }
    }
}

/// What the compiling of tools left behind; kept after a failure, so that the next attempt goes on from there.
fn clean_up() {
    if let Ok(cache) = place::tools() {
        let _ = fs::remove_dir_all(cache.join("build"));
    }
}
