//! `looker-admin`: reads the command line, and prints what came of it.

use std::{
    env,
    io::{self, ErrorKind, IsTerminal as _, Write as _, stderr, stdin, stdout},
    process::ExitCode,
};

use clap::Parser as _;
use looker_admin::{Arguments, Report, Surroundings, run};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = writeln!(stderr(), "This machine gives no means to wait for the network ({error}).");
            return ExitCode::FAILURE;
        }
    };
    let surroundings = Surroundings { variable: |name| env::var_os(name), has_terminal: stdin().is_terminal() };
    let report = runtime.block_on(run(&arguments, &surroundings));
    // A question that nobody answered is still being waited for.
    runtime.shutdown_background();
    let printed = print(&report);
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
