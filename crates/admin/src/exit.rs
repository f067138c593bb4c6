//! What the exit code says.

use crate::interruption::Interruption;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or there was nothing to do.
    Done,
    /// Looker did not do what was asked, for a reason that has no code of its own.
    Failed,
    /// The command line, the settings or a file can't be used. Nothing was changed.
    Usage,
    /// There is no way to Looker's API.
    Unreachable,
    /// Looker refuses the credentials, or lets them not do this.
    Refused,
    /// There is no such app.
    NoSuchApp,
    /// Nobody said yes.
    NotConfirmed,
    /// `doctor` found something.
    Unwell,
    /// A signal ended it.
    Interrupted(Interruption),
}

impl Exit {
    /// The table, for people.
    pub const HELP: &str = "\
Exit codes:
  0  done, or there was nothing to do
  1  Looker did not do it, for a reason that has no code of its own, or what came of it could not be written
  2  the command line, the settings or a file can't be used; nothing was changed
     (what doctor finds wrong with settings and files is 7, as all that it finds)
  3  Looker's API can't be reached: the host, its certificate, or not the API
  4  Looker refuses the credentials, or does not let them do this
  5  there is no such app
  6  not confirmed
  7  doctor found something to mend
  128 + n  ended by signal n (130: Ctrl-C), and logged out";

    /// The code itself.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Refused => 4,
            Self::NoSuchApp => 5,
            Self::NotConfirmed => 6,
            Self::Unwell => 7,
            Self::Interrupted(by) => 128 + by.number(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_help_and_in_the_readme() {
        let readme = include_str!("../README.md");
        for exit in [
            Exit::Done,
            Exit::Failed,
            Exit::Usage,
            Exit::Unreachable,
            Exit::Refused,
            Exit::NoSuchApp,
            Exit::NotConfirmed,
            Exit::Unwell,
        ] {
            let code = exit.code();
            assert!(Exit::HELP.contains(&format!("\n  {code}  ")), "{exit:?}");
            assert!(readme.contains(&format!("\n| {code} | ")), "{exit:?}");
        }
        assert_eq!(Exit::Interrupted(Interruption::CtrlC).code(), 130);
        assert_eq!(Exit::Interrupted(Interruption::Terminate).code(), 143);
    }
}
