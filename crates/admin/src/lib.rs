//! `looker-admin`: for the admin who prefers a terminal. Registers the app at a Looker, sets the allowlist, and
//! finds out what is in the way of a sign-in.
//!
//! Requests and the reading of their answers are those of the `looker` crate; here they are carried. What decides
//! is pure: reading the settings (`settings::Sources`), what a command is to do (`job::Job`), what
//! is different, and how a trouble is said. What does is little: `carrier` sends, `session` logs in and, whatever
//! happens, out again.

mod allowlist;
mod apps;
mod arguments;
mod carrier;
mod consent;
mod deed;
mod doctor;
mod exit;
mod files;
mod ini;
mod interruption;
mod job;
mod json;
mod outcome;
mod page;
mod register;
mod run;
mod secret;
mod session;
mod settings;
mod shell;
mod shown;
mod transport_error;
mod trouble;

pub use arguments::{Arguments, asks_for_json};
pub use run::{Report, Surroundings, run};
