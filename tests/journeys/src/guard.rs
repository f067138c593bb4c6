//! Keeps what a program starts from outliving the tests.

use std::{
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// Runs a program until its own standard input closes, as it does however this process ends; then ends
/// the program with all that it started, and removes their directory for temporary files.
const GUARD: &str = r#"
    directory=$1; shift
    TMPDIR=$directory "$@" < /dev/null > "$directory/output" 2>&1 &
    program=$!
    read -r _
    children() { cat /proc/"$1"/task/*/children 2> /dev/null || pgrep -P "$1"; }
    descendants() { for child in $(children "$1"); do echo "$child"; descendants "$child"; done; }
    runs() { case "$(cat /proc/"$1"/stat 2> /dev/null)" in "" | *") Z "*) return 1;; esac; }
    started=$(descendants "$program")
    kill -KILL "$program" $started 2> /dev/null
    wait "$program" 2> /dev/null
    # The others are not this shell's to wait for.
    for process in $started; do while runs "$process"; do sleep 0.01; done; done
    rm -rf "$directory"
"#;

/// A program under guard. Dropping it ends it with all that it started, after a panic as well; so does
/// the end of this process, whatever ends it.
#[derive(Debug)]
pub(crate) struct Guarded {
    guard: Child,
    directory: PathBuf,
}

impl Guarded {
    /// Starts a program, with these arguments and this in its environment.
    pub(crate) fn start(program: &Path, arguments: &[String], environment: &[(&str, &str)]) -> Self {
        let directory = make_directory();
        let mut guard = Command::new("sh");
        guard.args(["-c", GUARD, "sh"]).arg(&directory).arg(program).args(arguments);
        guard.envs(environment.iter().copied());
        // A group of its own: what ends this process, as Ctrl-C does, must not reach the guard before it
        // has done its work.
        guard.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let guard = guard.spawn().unwrap_or_else(|error| panic!("sh can't be run: {error}"));
        Self { guard, directory }
    }

    /// Its directory for temporary files; gone with it.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The file with what it writes to its standard output, and all that it started.
    pub(crate) fn output(&self) -> PathBuf {
        self.directory.join("output")
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// An empty directory, with a short name: browsers put sockets into it.
fn make_directory() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("sightline-journeys-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&path).expect("a directory for temporary files can be made");
    path
}

// With a command that macOS has not.
#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::{fs, thread, time::Duration};

    /// Whether it runs: one that has ended may still have its number until somebody asks for how.
    fn runs(process: &str) -> bool {
        let state = Command::new("ps").args(["-o", "stat=", "-p", process]).output().expect("ps can be run").stdout;
        !state.is_empty() && !state.starts_with(b"Z")
    }

    #[test]
    fn a_program_ends_with_all_that_it_started_and_leaves_no_file() {
        // It starts another that starts another, each in a session of its own, and says their numbers.
        let script = "cd $TMPDIR && setsid sh -c 'sleep 600 & echo $$ $! > numbers; mv numbers said; wait' & wait";
        let guarded = Guarded::start(Path::new("sh"), &["-c".into(), script.into()], &[]);
        let directory = guarded.directory().to_owned();
        let said = (0..1_000).find_map(|_| {
            thread::sleep(Duration::from_millis(10));
            fs::read_to_string(directory.join("said")).ok()
        });
        let said = said.expect("the program runs");
        let processes: Vec<&str> = said.split_whitespace().collect();
        assert!(processes.len() == 2 && processes.iter().all(|process| runs(process)), "{said}");
        drop(guarded);
        let left: Vec<_> = processes.iter().filter(|process| runs(process)).collect();
        assert!(left.is_empty(), "{left:?} are left running");
        assert!(!directory.exists());
    }
}
