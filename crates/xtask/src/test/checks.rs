//! How each step is done.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;

use super::display::Display;
use super::first_minute;
use super::plan::{Step, StepKind};
use super::summary::{Outcome, Tests};
use super::telling;
use crate::process::Run;
use crate::setup::browsers::{Browser, CHROMIUM_SHELL};
use crate::setup::servers::Server;
use crate::setup::{Luxury, Tools, npm};
use crate::trouble::Trouble;
use crate::{bench, build, markup, pages, parts, place, remap, say, serve};

const WASM: &str = "wasm32-unknown-unknown";

/// The tests that cargo runs only by name, because they need a browser.
const IN_A_BROWSER: [&str; 2] = ["journeys", "hosts"];

/// The tools, what was asked for, and what one step leaves for the next.
pub struct Checks {
    tools: Tools,
    is_whole: bool,
    display: Option<Display>,
    browser_tests_compile: Option<bool>,
    has_programs: bool,
    has_pages: bool,
    has_axe: bool,
}

impl Checks {
    /// Nothing is started yet.
    pub fn new(tools: Tools, is_whole: bool) -> Self {
        Self {
            tools,
            is_whole,
            display: None,
            browser_tests_compile: None,
            has_programs: false,
            has_pages: false,
            has_axe: false,
        }
    }

    /// Does one step.
    pub fn run(&mut self, step: Step) -> Result<Outcome, Trouble> {
        let browser = step.browser.map(Luxury::Browser);
        let servers = (step.kind == StepKind::Hosts).then_some(Luxury::Servers);
        if let Some(why) = browser.into_iter().chain(servers).find_map(|luxury| self.tools.why_not(luxury)) {
            return Ok(Outcome::Skipped(why.to_owned()));
        }
        match (step.kind, step.browser) {
            (StepKind::Format, _) => format(),
            (StepKind::Clippy, _) => self.clippy(),
            (StepKind::Docs, _) => self.docs(),
            (StepKind::Deny, _) => self.deny(),
            (StepKind::Native, _) => self.native(),
            (StepKind::Clients, _) => self.clients(),
            (StepKind::Browser, Some(browser)) => self.browser(browser),
            (StepKind::Journeys, Some(browser)) => self.journeys(browser),
            (StepKind::Hosts, Some(browser)) => self.hosts(browser),
            (StepKind::Build, _) => self.build(),
            (StepKind::Serve, _) => self.serve(),
            (StepKind::Sizes, _) => self.sizes(),
            (StepKind::Browser | StepKind::Journeys | StepKind::Hosts, None) => {
                Ok(Outcome::Skipped("no browser was named".into()))
            }
        }
    }

    fn clippy(&self) -> Result<Outcome, Trouble> {
        let mut native = self.tools.cargo();
        native.args(["clippy", "--workspace", "--all-targets"]);
        let mut in_a_browser = self.tools.cargo();
        in_a_browser.args(["clippy", "--workspace"]).args(IN_A_BROWSER.iter().flat_map(|test| ["--test", test]));
        let mut wasm = self.tools.cargo();
        wasm.args(["clippy", "--all-targets", "--target", WASM]);
        wasm.args(["sightline", "looker", "smallest", "calls"].iter().flat_map(|package| ["-p", package]));
        for (name, mut cargo) in [("clippy", native), ("clippy-in-a-browser", in_a_browser), ("clippy-wasm32", wasm)] {
            cargo.args(["--", "-D", "warnings"]);
            run(name, "clippy", cargo)?;
        }
        Ok(Outcome::Passed("native and wasm32".into()))
    }

    fn docs(&self) -> Result<Outcome, Trouble> {
        let mut cargo = self.tools.cargo();
        cargo.args(["doc", "--workspace", "--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "-D warnings");
        run("docs", "cargo doc", cargo)?;
        Ok(Outcome::Passed(String::new()))
    }

    /// Licences and advisories of all crates, tests' own included.
    fn deny(&self) -> Result<Outcome, Trouble> {
        if self.tools.find("cargo-deny").is_none() {
            return Ok(Outcome::LeftOut("cargo-deny is not installed".into()));
        }
        let deny = |arguments: &[&str]| {
            let mut cargo = self.tools.cargo();
            cargo.args(["deny", "--workspace"]).args(arguments);
            cargo
        };
        // All of them, those of other systems too: `--offline` is said to cargo as well.
        let mut fetch = self.tools.cargo();
        fetch.args(["fetch", "--locked"]);
        run("deny-crates", "cargo fetch", fetch)?;
        run("deny", "cargo deny", deny(&["--offline", "check", "bans", "licenses", "sources"]))?;
        if run("deny-fetch", "cargo deny fetch", deny(&["fetch", "db"])).is_err() {
            return Ok(Outcome::LeftOut("the database of advisories can't be reached".into()));
        }
        run("deny-advisories", "cargo deny", deny(&["--offline", "check", "advisories"]))?;
        Ok(Outcome::Passed(String::new()))
    }

    fn native(&self) -> Result<Outcome, Trouble> {
        let mut cargo = self.tools.cargo();
        cargo.args(["test", "--workspace"]);
        run_tests("native", "cargo test", cargo)
    }

    fn clients(&mut self) -> Result<Outcome, Trouble> {
        let folder = place::root().join("tests").join("clients");
        if !folder.join("package.json").is_file() {
            return Ok(Outcome::Skipped("tests/clients is not there".into()));
        }
        self.programs()?;
        npm::install_locked(&self.tools, &folder)?;
        let mut npm = self.tools.command("npm");
        npm.current_dir(&folder).arg("test").env("LOCAL_LOOKER", serve::local_looker_program());
        run("clients", "npm test in tests/clients", npm)?;
        Ok(Outcome::Passed(String::new()))
    }

    fn browser(&mut self, browser: Browser) -> Result<Outcome, Trouble> {
        if self.browser_tests_compile == Some(false) {
            return Ok(Outcome::Skipped("these tests do not compile".into()));
        }
        if self.browser_tests_compile.is_none() {
            let mut cargo = self.browser_tests();
            cargo.arg("--no-run");
            let compiled = run("browser-compile", "Compiling the browser tests", cargo);
            self.browser_tests_compile = Some(compiled.is_ok());
            compiled?;
        }
        let mut cargo = self.browser_tests();
        cargo
            .env(browser.driver_variable(), self.driver(browser)?)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", self.program("wasm-bindgen-test-runner")?)
            // For a whole program of tests; its own 20 s are short on a busy machine.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
        for other in Browser::ALL {
            if other != browser {
                cargo.env_remove(other.driver_variable());
            }
        }
        self.give_display(browser, &mut cargo)?;
        let name = format!("browser-{}", browser.name());
        run_tests(&name, &format!("The browser tests in {}", browser.name()), cargo)
    }

    fn browser_tests(&self) -> Command {
        let mut cargo = self.tools.cargo();
        cargo.args(["test", "-p", "sightline", "--target", WASM]);
        cargo
    }

    fn build(&mut self) -> Result<Outcome, Trouble> {
        let plan = build::Plan::usual()?;
        build::fetch(&self.tools)?;
        // The release build is for the most part one core's work; the other has what later steps need meanwhile.
        let (built, beside) = thread::scope(|scope| {
            let beside = scope.spawn(|| {
                pages::build(&self.tools)?;
                self.programs_alone()?;
                build::compile(&self.tools, build::Profile::Debug)
            });
            let built = build::build(&self.tools, &plan);
            (built, beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        built?;
        beside?;
        self.has_pages = true;
        let with_paths = remap::files_with_paths(&place::dist())?;
        if !with_paths.is_empty() {
            return Ok(Outcome::Failed(format!("paths of this machine are in {}", with_paths.join(", "))));
        }
        let with_sinks = markup::scripts_with_sinks(&place::dist())?;
        if !with_sinks.is_empty() {
            let why = "strings become markup, by a static part of a view most likely (docs/architecture.md)";
            return Ok(Outcome::Failed(format!("{why}: {}", with_sinks.join(", "))));
        }
        let with_other_terms = parts::with_other_terms(&self.tools)?;
        if !with_other_terms.is_empty() {
            let why = "the licences of these crates are not among those that deny.toml allows";
            return Ok(Outcome::Failed(format!("{why}: {}", with_other_terms.join(", "))));
        }
        Ok(Outcome::Passed(String::new()))
    }

    /// Whether what people install compiles without what tests add to the features of the crates that it shares with
    /// them. The local Looker, which newcomers serve, is built so.
    fn programs_alone(&self) -> Result<(), Trouble> {
        serve::build_local_looker(&self.tools)?;
        let mut cargo = self.tools.cargo();
        cargo.args(["check", "-p", "looker-admin"]);
        run("programs-alone", "Compiling looker-admin by itself", cargo)?;
        Ok(())
    }

    fn serve(&mut self) -> Result<Outcome, Trouble> {
        // Another one may have been built in the place of the one that runs this.
        self.programs()?;
        first_minute::try_it(&xtask())
    }

    fn journeys(&mut self, browser: Browser) -> Result<Outcome, Trouble> {
        let mut cargo = self.in_browser(browser)?;
        cargo.args(["--test", "journeys"]);
        if let (Browser::Chromium, Some(shell)) = (browser, self.tools.find(CHROMIUM_SHELL)) {
            cargo.env("SIGHTLINE_CHROMIUM_SHELL", shell);
        }
        self.run_telling("journeys", telling::JOURNEYS, browser, cargo)
    }

    fn hosts(&mut self, browser: Browser) -> Result<Outcome, Trouble> {
        let mut cargo = self.in_browser(browser)?;
        cargo.args(["--test", "hosts"]);
        for server in Server::ALL {
            cargo.env(server.variable(), self.program(server.program())?);
        }
        cargo.env("SIGHTLINE_NODE", self.program("node")?);
        cargo.env("SIGHTLINE_XTASK", xtask());
        self.run_telling("hosts", telling::HOSTS, browser, cargo)
    }

    /// Runs all tests in Chromium; in other browsers those that tell them apart, where not all are asked for.
    fn run_telling(
        &self,
        what: &str,
        chosen: &[&str],
        browser: Browser,
        mut cargo: Command,
    ) -> Result<Outcome, Trouble> {
        if browser != Browser::Chromium && !self.is_whole {
            cargo.arg("--").args(chosen);
        }
        let browser = browser.name();
        run_tests(&format!("{what}-{browser}"), &format!("The {what} in {browser}"), cargo)
    }

    /// The programs that tests run, built once in a run of the checks. Selected like the native tests, and with a test:
    /// what is shared has the same features then, and is compiled once.
    fn programs(&mut self) -> Result<(), Trouble> {
        if self.has_programs {
            return Ok(());
        }
        let mut cargo = self.tools.cargo();
        cargo.args(["build", "--workspace", "--test", "docs"]);
        cargo.args(["local-looker", "looker-admin", "xtask"].iter().flat_map(|program| ["--bin", program]));
        run("programs", "Building the programs that tests run", cargo)?;
        self.has_programs = true;
        Ok(())
    }

    /// Tests of the package of journeys, with all that they need.
    fn in_browser(&mut self, browser: Browser) -> Result<Command, Trouble> {
        let screenshots = place::target().join("screenshots").join(browser.name());
        fs::create_dir_all(&screenshots).map_err(Trouble::file(&screenshots))?;
        self.programs()?;
        if !self.has_pages {
            pages::build(&self.tools)?;
            self.has_pages = true;
        }
        let folder = place::root().join("tests").join("journeys");
        let axe = folder.join("node_modules/axe-core/axe.min.js");
        if !self.has_axe {
            npm::install_locked(&self.tools, &folder)?;
            self.has_axe = true;
        }
        let mut cargo = self.tools.cargo();
        cargo
            .args(["test", "--workspace"])
            .env("SIGHTLINE_BROWSER", browser.name())
            .env("SIGHTLINE_DRIVER", self.driver(browser)?)
            .env("SIGHTLINE_DIST", place::dist())
            .env("SIGHTLINE_PAGES", pages::folder())
            .env("SIGHTLINE_SCREENSHOTS", screenshots)
            .env("SIGHTLINE_AXE", axe)
            // More than go on at the same time (tests/journeys/src/stage.rs): some only wait for time to pass.
            .env("RUST_TEST_THREADS", "8")
            .env("LOOKER_ADMIN", serve::looker_admin_program());
        self.give_display(browser, &mut cargo)?;
        Ok(cargo)
    }

    fn sizes(&self) -> Result<Outcome, Trouble> {
        let sizes = bench::measure(&self.tools, &place::dist())?;
        let verdicts = sizes.verdicts();
        let line = verdicts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        if verdicts.iter().any(|v| v.standing == bench::Standing::Over) {
            say::line(&sizes.table());
            return Ok(Outcome::Failed(line));
        }
        Ok(Outcome::Passed(line))
    }

    fn driver(&self, browser: Browser) -> Result<PathBuf, Trouble> {
        browser.driver(&self.tools).ok_or_else(|| not_found(browser.name()))
    }

    fn program(&self, name: &str) -> Result<PathBuf, Trouble> {
        self.tools.find(name).ok_or_else(|| not_found(name))
    }

    fn give_display(&mut self, browser: Browser, command: &mut Command) -> Result<(), Trouble> {
        if browser != Browser::WebKit {
            return Ok(());
        }
        if self.display.is_none() {
            self.display = Some(Display::start(&self.tools)?);
        }
        if let Some(display) = &self.display {
            command.env("DISPLAY", display.name()).env("GDK_BACKEND", "x11").env_remove("WAYLAND_DISPLAY");
        }
        Ok(())
    }
}

/// Where cargo puts this very program.
fn xtask() -> PathBuf {
    place::target().join("debug").join("xtask")
}

fn not_found(what: &str) -> Trouble {
    Trouble::NotFound { program: what.to_owned(), remedy: "Run `cargo xtask setup --tests`.".into() }
}

fn format() -> Result<Outcome, Trouble> {
    // By the user's toolchain: Debian's compiler comes without rustfmt.
    let mut cargo = place::command("cargo");
    cargo.args(["fmt", "--all", "--check"]).env("TERM", "dumb");
    Run {
        doing: "cargo fmt --check",
        log: place::log("test-format")?,
        lines: 60,
        remedy: "Run `cargo fmt`.".into(),
        limit_minutes: 5,
    }
    .run(cargo)?;
    Ok(Outcome::Passed(String::new()))
}

/// Runs a program and gives its output.
fn run(name: &str, doing: &str, command: Command) -> Result<String, Trouble> {
    let log = place::log(&format!("test-{name}"))?;
    Run { doing, log: log.clone(), lines: 150, remedy: String::new(), limit_minutes: 20 }.run(command)?;
    let output = fs::read(&log).map_err(Trouble::file(&log))?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// Runs tests; none at all is a failure, because then something keeps them from being found.
fn run_tests(name: &str, doing: &str, command: Command) -> Result<Outcome, Trouble> {
    let tests = Tests::counted(&run(name, doing, command)?);
    Ok(if tests.passed == 0 { Outcome::Failed("no test ran".into()) } else { Outcome::Passed(tests.to_string()) })
}
