//! `looker-admin`: reads the command line, and prints what came of it.

use std::{
    env,
    io::{self, ErrorKind, IsTerminal as _, Write as _, stderr, stdin, stdout},
    process::ExitCode,
};

use clap::Parser as _;
use looker_admin::{Arguments, Report, Surroundings, asks_for_json, run};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // What was asked for, as help is, goes to standard output as it is.
        Err(error) if error.use_stderr() && asks_for_json(env::args_os()) => return end(&Report::misuse(&error)),
        Err(error) => error.exit(),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = writeln!(stderr(), "This machine gives no means to wait for the network ({error}).");
            return ExitCode::FAILURE;
        }
    };
    let has_terminal = stdin().is_terminal() && stderr().is_terminal();
    let surroundings = Surroundings { variable: |name| env::var_os(name), has_terminal };
    let report = runtime.block_on(run(&arguments, &surroundings));
    // A question that nobody answered is still being waited for.
    runtime.shutdown_background();
    end(&report)
}

/// Prints what came of it, and says it by the exit code.
fn end(report: &Report) -> ExitCode {
    let printed = print(report);
    let _ = stderr().write_all(report.remarks().as_bytes());
    match printed {
        // Whoever reads may have gone away; that changes nothing.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let _ = writeln!(stderr(), "What came of it could not be written ({error}). The command itself has ended.");
            ExitCode::FAILURE
        }
        _ => ExitCode::from(report.exit_code()),
    }
}

fn print(report: &Report) -> io::Result<()> {
    stdout().write_all(report.output().as_bytes())?;
    stdout().flush()
}
