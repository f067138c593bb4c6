//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::*;

use crate::setup::{self, Need, browsers::Browser};
use crate::trouble::Trouble;
use crate::{bench, build, place, process, say, serve, test};

/// What is printed for `--help`.
pub const HELP: &str = "\
cargo xtask serve  [--port 8080]              the app and a local Looker, to try it; stop with Ctrl-C
cargo xtask test   [--only STEP ...]          every check there is, or some:
                   [--browser NAME ...]         format clippy native clients browser build journeys sizes,
                                                in chromium firefox webkit
cargo xtask build  [--public-url /path/]      the release build, in dist/
                   [--dist FOLDER]              or elsewhere
cargo xtask bench                             what a first visit loads, in bytes (builds first)
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
    Build {
        /// The path under which the app will be served.
        public_url: Option<String>,
        /// Where it goes instead of `dist/`.
        dist: Option<PathBuf>,
    },
    /// Measures the release build.
    Bench,
}

/// Reads the command line.
pub fn read(mut args: lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut name = None;
    let mut tests = false;
    let mut port = 8080;
    let mut public_url = None;
    let mut dist = None;
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
            Long("public-url") => {
                given.push("public-url");
                public_url = Some(args.value()?.string()?);
            }
            Long("dist") => {
                given.push("dist");
                // As seen from where the command was given.
                dist = Some(std::path::absolute(args.value()?).map_err(|error| error.to_string())?);
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
            other => return Err(other.unexpected()),
        }
    }
    let name = name.unwrap_or_else(|| "help".into());
    let (command, takes): (Command, &[&str]) = match name.as_str() {
        "help" => (Command::Help, &[]),
        "setup" => (Command::Setup { tests }, &["tests"]),
        "serve" => (Command::Serve { port }, &["port"]),
        "test" => (Command::Test(selection), &["only", "browser"]),
        "build" => (Command::Build { public_url, dist }, &["public-url", "dist"]),
        "bench" => (Command::Bench, &[]),
        other => return Err(format!("there is no command `{other}`").into()),
    };
    match given.iter().find(|option| !takes.contains(option)) {
        Some(option) => Err(format!("`{name}` has no option --{option}").into()),
        None => Ok(command),
    }
}

/// Does it.
pub fn run(command: Command) -> Result<ExitCode, Trouble> {
    process::watch_for_interruption();
    match command {
        Command::Help => say::line(HELP),
        Command::Setup { tests } => {
            let needs: &[Need] = if tests { &Need::ALL } else { &Need::BUILD };
            let tools = setup::set_up(needs)?;
            let unusable: Vec<_> = Browser::ALL.into_iter().filter_map(|b| Some((b, tools.why_not(b)?))).collect();
            if unusable.is_empty() {
                say::line("Everything needed is there.");
            } else {
                say::line("The tests can run, but not in every browser:");
            }
            for (browser, why) in unusable {
                say::line(&format!("  {:<9} {why}", browser.name()));
            }
        }
        Command::Serve { port } => serve::serve(port)?,
        Command::Test(selection) => return test::test(&selection),
        Command::Build { public_url, dist } => {
            let tools = setup::set_up(&Need::BUILD)?;
            say::line(build::TAKES);
            let dist = dist.unwrap_or_else(place::dist);
            let built = build::build(&tools, &dist, public_url.as_deref())?;
            build::tell(&built, &dist)?;
        }
        Command::Bench => bench::bench()?,
    }
    Ok(ExitCode::SUCCESS)
}

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
            ("build", Command::Build { public_url: None, dist: None }),
            (
                "build --public-url=/x/ --dist /tmp/y",
                Command::Build { public_url: Some("/x/".into()), dist: Some("/tmp/y".into()) },
            ),
            ("bench", Command::Bench),
            (
                "test --only format clippy --browser firefox --only sizes",
                Command::Test(test::Selection {
                    only: vec![test::StepKind::Format, test::StepKind::Clippy, test::StepKind::Sizes],
                    browsers: vec![Browser::Firefox],
                }),
            ),
        ] {
            assert_eq!(parsed(line), Ok(expected), "{line}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (line, expected) in [
            ("dance", "there is no command `dance`"),
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
