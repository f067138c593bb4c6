//! `looker-admin`: reads the command line, and prints what came of it.

use std::{
    env,
    io::{IsTerminal as _, Write as _, stderr, stdin, stdout},
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
    print(&report);
    ExitCode::from(report.exit_code())
}

/// Whoever reads may have gone away; that changes nothing.
fn print(report: &Report) {
    let _ = stdout().write_all(report.output().as_bytes()).and_then(|()| stdout().flush());
    let _ = stderr().write_all(report.remarks().as_bytes());
}
