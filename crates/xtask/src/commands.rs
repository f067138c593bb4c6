//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::*;

use crate::hosting::{self, BasePath, Settings, page};
use crate::setup::{self, Need, browsers::Browser};
use crate::trouble::Trouble;
use crate::{bench, build, compress, place, process, reproduce, say, serve, test};

/// What is printed for `--help`.
pub const HELP: &str = "\
cargo xtask serve  [--port 8080]              the app and a local Looker, to try it; stop with Ctrl-C
cargo xtask test   [--only STEP ...]          all checks, or some of them:
                   [--browser NAME ...]         format clippy docs deny native clients browser build
                                                serve journeys hosts sizes,
                                                in chromium firefox webkit
                   [--whole]                    every journey and host in each of these, not only in chromium
cargo xtask build  [--config FILE]            the release build, in dist/, and what to tell its host, in
                   [--public-url /path/]        dist-hosting/; for hosts without headers of one's own, --meta
                   [--dist FOLDER] [--meta]     puts the policy into the page
cargo xtask host   [--config FILE]            what to tell the host, anew, after a change of the build's config.json
                   [--dist FOLDER] [--meta]
cargo xtask reproduce                         whether two builds from nothing are the same
cargo xtask bench  [--runs 10]                what visits load, in bytes, and how long they take, beside two other
                                                pages (builds first); with no runs, bytes alone
cargo xtask setup  [--tests]                  installs what the others need, which they also do themselves

--verbose shows the output of every program as it comes.";

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Prints the help.
    Help,
    /// Installs what is missing.
    Setup {
        /// Also what only the tests need.
        tests: bool,
    },
    /// Runs app and local Looker.
    Serve {
        /// Where the app is served.
        port: u16,
    },
    /// Runs the checks.
    Test(test::Selection),
    /// Makes the release build.
    Build(Options),
    /// Writes the hosts' files for a build that is there.
    Host(Options),
    /// Builds twice, and compares.
    Reproduce,
    /// Measures the release build.
    Bench {
        /// How often times are measured.
        runs: u16,
    },
}

/// What a build is for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The file that becomes the build's `config.json`.
    config: Option<PathBuf>,
    /// The path under which the app will be served.
    base: Option<BasePath>,
    /// Where it is, or goes, instead of `dist/`.
    dist: Option<PathBuf>,
    /// With the policy in the page.
    policy_in_page: bool,
}

/// Reads the command line.
pub fn read(mut args: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut name = None;
    let mut tests = false;
    let mut port = 8080;
    let mut runs = 10;
    let mut options = Options::default();
    let mut selection = test::Selection::default();
    let mut given = Vec::new();
    while let Some(arg) = args.next()? {
        match arg {
            Value(value) if name.is_none() => name = Some(value.string()?),
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('v') | Long("verbose") => say::be_verbose(),
            Long("tests") => {
                given.push("tests");
                tests = true;
            }
            Long("port") => {
                given.push("port");
                port = args.value()?.parse()?;
            }
            Long("runs") => {
                given.push("runs");
                runs = args.value()?.parse()?;
            }
            Long("public-url") => {
                given.push("public-url");
                let value = args.value()?;
                let base =
                    value.parse_with(|v| BasePath::parse(v).ok_or("it is a path of plain letters, like /looker/"))?;
                options.base = Some(base);
            }
            Long("dist") => {
                given.push("dist");
                options.dist = Some(file(args.value()?)?);
            }
            Long("config") => {
                given.push("config");
                options.config = Some(file(args.value()?)?);
            }
            Long("meta") => {
                given.push("meta");
                options.policy_in_page = true;
            }
            Long("only") => {
                given.push("only");
                for value in args.values()? {
                    let step = value.parse_with(|v| test::StepKind::named(v).ok_or("no such step"))?;
                    selection.only.push(step);
                }
            }
            Long("browser") => {
                given.push("browser");
                for value in args.values()? {
                    let browser = value.parse_with(|v| Browser::named(v).ok_or("no such browser"))?;
                    selection.browsers.push(browser);
                }
            }
            Long("whole") => {
                given.push("whole");
                selection.is_whole = true;
            }
            other => return Err(other.unexpected()),
        }
    }
    let name = name.unwrap_or_else(|| "help".into());
    let (command, takes): (Command, &[&str]) = match name.as_str() {
        "help" => (Command::Help, &[]),
        "setup" => (Command::Setup { tests }, &["tests"]),
        "serve" => (Command::Serve { port }, &["port"]),
        "test" => (Command::Test(selection), &["only", "browser", "whole"]),
        "build" => (Command::Build(options), &["config", "public-url", "dist", "meta"]),
        "host" => (Command::Host(options), &["config", "dist", "meta"]),
        "reproduce" => (Command::Reproduce, &[]),
        "bench" => (Command::Bench { runs }, &["runs"]),
        other => return Err(format!("there is no command `{other}`").into()),
    };
    match given.iter().find(|option| !takes.contains(option)) {
        Some(option) => Err(format!("`{name}` has no option --{option}").into()),
        None => Ok(command),
    }
}

/// As seen from where the command was given.
fn file(value: OsString) -> Result<PathBuf, lexopt::Error> {
    std::path::absolute(value).map_err(|error| error.to_string().into())
}

/// Does it.
pub fn run(command: Command) -> Result<ExitCode, Trouble> {
    process::watch_for_interruption();
    match command {
        Command::Help => say::line(HELP),
        Command::Setup { tests } => {
            let needs: &[Need] = if tests { &Need::ALL } else { &Need::BUILD };
            let tools = setup::set_up(needs)?;
            let unusable = tools.unusable();
            if unusable.is_empty() {
                say::line("Everything needed is there.");
            } else {
                say::line("The tests can run, but not all of them:");
            }
            for (luxury, why) in unusable {
                say::line(&format!("  {:<9} {why}", luxury.name()));
            }
        }
        Command::Serve { port } => serve::serve(port)?,
        Command::Test(selection) => return test::test(&selection),
        Command::Build(options) => {
            let config = options.config.unwrap_or_else(|| place::root().join("config.json"));
            let plan = build::Plan {
                dist: options.dist.unwrap_or_else(place::dist),
                base: options.base.unwrap_or_else(BasePath::root),
                settings: Settings::read(&config)?,
                policy_in_page: options.policy_in_page,
            };
            let tools = setup::set_up(&Need::BUILD)?;
            say::line(build::TAKES);
            let built = build::build(&tools, &plan)?;
            build::tell(&built, &plan)?;
        }
        Command::Host(options) => {
            let dist = options.dist.unwrap_or_else(place::dist);
            let settings = Settings::read(&options.config.unwrap_or_else(|| dist.join("config.json")))?;
            let base = BasePath::of_build(&dist)?;
            hosting::may_write(&dist)?;
            if options.policy_in_page || page::has_policy(&dist)? {
                let tools = setup::set_up(&[Need::Node])?;
                page::write_policy(&dist, &settings)?;
                compress::compress_some(&tools, &dist, page::PAGES)?;
            }
            build::tell_hosting(&hosting::write(&dist, &base, &settings)?, &settings);
        }
        Command::Reproduce => {
            let differing = reproduce::reproduce()?;
            if !differing.is_empty() {
                say::line(&format!("{}\nThe two builds differ. Both are in target/reproduce/.", differing.join("\n")));
                return Ok(ExitCode::FAILURE);
            }
            say::line("Both builds are the same, byte for byte.");
        }
        Command::Bench { runs } => bench::bench(runs)?,
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
#[path = "../tests/pages/mod.rs"]
mod pages;

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        let parser = lexopt::Parser::from_args(line.split_whitespace());
        read(parser).map_err(|error| error.to_string())
    }

    #[test]
    fn commands_are_read_with_their_options() {
        for (line, expected) in [
            ("", Command::Help),
            ("serve --help", Command::Help),
            ("serve", Command::Serve { port: 8080 }),
            ("serve --port 3000", Command::Serve { port: 3000 }),
            ("setup", Command::Setup { tests: false }),
            ("setup --tests", Command::Setup { tests: true }),
            ("build", Command::Build(Options::default())),
            (
                "build --public-url=x --dist /tmp/y --config /tmp/c.json --meta",
                Command::Build(Options {
                    base: BasePath::parse("/x/"),
                    dist: Some("/tmp/y".into()),
                    config: Some("/tmp/c.json".into()),
                    policy_in_page: true,
                }),
            ),
            ("host --dist /tmp/y", Command::Host(Options { dist: Some("/tmp/y".into()), ..Options::default() })),
            ("host --meta", Command::Host(Options { policy_in_page: true, ..Options::default() })),
            ("reproduce", Command::Reproduce),
            ("bench", Command::Bench { runs: 10 }),
            ("bench --runs 3", Command::Bench { runs: 3 }),
            (
                "test --only format clippy --browser firefox --only sizes",
                Command::Test(test::Selection {
                    only: vec![test::StepKind::Format, test::StepKind::Clippy, test::StepKind::Sizes],
                    browsers: vec![Browser::Firefox],
                    is_whole: false,
                }),
            ),
            ("test --whole", Command::Test(test::Selection { is_whole: true, ..test::Selection::default() })),
        ] {
            assert_eq!(parsed(line), Ok(expected), "{line}");
        }
    }

    #[test]
    fn every_command_that_the_docs_name_is_one() {
        let mut found = 0;
        for page in pages::pages() {
            let text = std::fs::read_to_string(&page).unwrap();
            let page = page.display();
            for rest in text.split("cargo xtask ").skip(1) {
                let line = rest.split(['`', '\n']).next().unwrap_or_default();
                if let Err(error) = parsed(line) {
                    panic!("{page} has `cargo xtask {line}`: {error}");
                }
                found += 1;
            }
        }
        assert!(found > 10, "{found}");
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (line, expected) in [
            ("dance", "there is no command `dance`"),
            ("host --public-url /x/", "`host` has no option --public-url"),
            ("serve --meta", "`serve` has no option --meta"),
            ("build --whole", "`build` has no option --whole"),
            ("bench --port 1", "`bench` has no option --port"),
            ("serve --tests", "`serve` has no option --tests"),
            ("serve now", "unexpected argument \"now\""),
            ("test --only everything", "cannot parse argument \"everything\": no such step"),
            ("test --browser lynx", "cannot parse argument \"lynx\": no such browser"),
        ] {
            assert_eq!(parsed(line), Err(expected.into()), "{line}");
        }
        assert!(parsed("serve --port 70000").is_err());
    }
}
