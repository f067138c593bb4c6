//! What can go wrong, with the evidence; displayed as what happened, what it means, what to do next.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// Why a command could not do what was asked.
#[derive(Debug)]
pub enum Trouble {
    /// Ctrl-C or SIGTERM: not a failure of anything, but the end.
    Interrupted,
    /// A program is not on this machine.
    NotFound {
        /// The program's name.
        program: String,
        /// What to do about it.
        remedy: String,
    },
    /// A program ended with an error.
    Failed {
        /// What was being done, as in "Building the app".
        doing: String,
        /// How it ended, as in "exit code 101".
        how: String,
        /// The end of what it said.
        said: String,
        /// Where all of it is.
        log: Option<PathBuf>,
        /// What to do next; empty when the output says it.
        remedy: String,
    },
    /// A part of the set-up that cannot be done from here.
    CannotInstall {
        /// The tool.
        what: String,
        /// Why not.
        why: String,
        /// What to do by hand.
        remedy: String,
    },
    /// A port that something else holds.
    PortTaken {
        /// The number.
        port: u16,
        /// Who wanted it.
        wanted_by: &'static str,
        /// How to get past it.
        remedy: String,
    },
    /// A child that should have gone on running has ended.
    Died {
        /// Its name.
        name: &'static str,
        /// How it ended.
        how: String,
        /// The end of what it said.
        said: String,
    },
    /// Something did not answer within its time.
    Silent {
        /// Its name.
        name: &'static str,
        /// Where an answer was expected.
        url: String,
        /// For how many seconds.
        seconds: u64,
        /// The end of what it said.
        said: String,
    },
    /// A folder that would have been lost.
    InTheWay {
        /// Which.
        folder: PathBuf,
        /// What to do about it.
        remedy: String,
    },
    /// A file that could not be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
    /// Something read makes no sense.
    Unreadable {
        /// What was read.
        what: String,
        /// Why it makes no sense.
        why: String,
        /// What to do next.
        remedy: String,
    },
}

impl Trouble {
    /// For `map_err` on file operations.
    pub fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, error }
    }

    /// The same with its quoted output made shorter.
    #[must_use]
    pub fn said(mut self, shorter: impl FnOnce(&str) -> String) -> Self {
        if let Self::Failed { said, .. } = &mut self {
            *said = shorter(said);
        }
        self
    }

    /// 130 after an interruption, as shells do; else 1.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Interrupted => ExitCode::from(130),
            _ => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => write!(f, "Stopped."),
            Self::NotFound { program, remedy } => {
                write!(f, "{program} is not installed on this machine.\n{remedy}")
            }
            Self::Failed { doing, how, said, log, remedy } => {
                write!(f, "{doing} failed ({how}).")?;
                quote(f, said)?;
                if let Some(log) = log {
                    write!(f, "\nAll of its output: {}", log.display())?;
                }
                next(f, remedy)
            }
            Self::CannotInstall { what, why, remedy } => {
                write!(f, "{what}: not on this machine, and it could not be installed.\n{why}")?;
                next(f, remedy)
            }
            Self::PortTaken { port, wanted_by, remedy } => {
                write!(f, "Port {port} is taken, and {wanted_by} needs it.\n{remedy}")
            }
            Self::Died { name, how, said } => {
                write!(f, "{name} has ended by itself ({how}).")?;
                quote(f, said)
            }
            Self::Silent { name, url, seconds, said } => {
                write!(f, "{name} did not answer at {url} within {seconds} s.")?;
                quote(f, said)
            }
            Self::InTheWay { folder, remedy } => write!(
                f,
                "{} is there already and is no earlier build: it would have been lost, so nothing was done.\n{remedy}",
                folder.display()
            ),
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Unreadable { what, why, remedy } => {
                write!(f, "{what} could not be understood: {why}.")?;
                next(f, remedy)
            }
        }
    }
}

impl std::error::Error for Trouble {}

fn quote(f: &mut fmt::Formatter<'_>, said: &str) -> fmt::Result {
    for line in said.lines() {
        write!(f, "\n    {line}")?;
    }
    Ok(())
}

fn next(f: &mut fmt::Formatter<'_>, remedy: &str) -> fmt::Result {
    if remedy.is_empty() { Ok(()) } else { write!(f, "\n{remedy}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_happened_then_the_evidence_then_what_to_do() {
        let trouble = Trouble::Failed {
            doing: "Installing trunk".into(),
            how: "exit code 101".into(),
            said: "error: no network\ngiving up".into(),
            log: Some("/tmp/trunk.log".into()),
            remedy: "Connect, then run the command again.".into(),
        };
        assert_eq!(
            trouble.to_string(),
            "Installing trunk failed (exit code 101).\n    error: no network\n    giving up\n\
             All of its output: /tmp/trunk.log\nConnect, then run the command again."
        );
    }
}
