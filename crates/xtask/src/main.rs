//! The developer's commands: `cargo xtask serve`, `test`, `build`, `bench`, `setup`.
//!
//! ```text
//! main        reads the command line
//! serve       the app and a local Looker, running
//! test/       the checks, in order, with a summary
//! build       the release build in dist/
//! remap       no path of this machine in it
//! pages       pages beside the app, for the journeys
//! slim/       makes smaller what Trunk built for it
//! compress    copies in brotli and gzip
//! hosting/    what a host has to answer, in each host's words
//! parts/      licences and bill of materials
//! reproduce   whether it can be made again
//! bench/      what visits cost, in bytes and in time
//! setup/      installs what is missing, one file per tool
//! place       where things are: the checkout, the tools' cache, the target folder
//! process     children that never outlive us
//! http ports  waiting for an answer; a port that is taken
//! version     reading and comparing version numbers
//! trouble say how a failure and everything else is told
//! ```

#[cfg(not(unix))]
compile_error!("xtask stops what it starts by process groups, which needs Linux or macOS (on Windows: WSL)");

mod bench;
mod build;
mod commands;
mod compress;
mod hosting;
mod http;
mod markup;
mod pages;
mod parts;
mod place;
mod ports;
mod process;
mod remap;
mod reproduce;
mod say;
mod serve;
mod setup;
mod slim;
mod test;
mod trouble;
mod version;

use std::process::ExitCode;

fn main() -> ExitCode {
    let command = match commands::read(lexopt::Parser::from_env()) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("{error}\n\n{}", commands::HELP);
            return ExitCode::from(2);
        }
    };
    match commands::run(command) {
        Ok(code) => code,
        Err(trouble) => {
            say::trouble(&trouble);
            trouble.exit_code()
        }
    }
}
