//! Children that never outlive us: each has a process group of its own, which ends with its guard.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::say;
use crate::trouble::Trouble;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

const LINES_KEPT: usize = 400;
const POLL: Duration = Duration::from_millis(30);

/// From now on Ctrl-C, SIGTERM and SIGHUP end whatever is being waited for.
pub fn watch_for_interruption() {
    // Fails only when there is a handler already.
    let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst));
}

/// An error once Ctrl-C was pressed.
pub fn go_on() -> Result<(), Trouble> {
    if INTERRUPTED.load(Ordering::SeqCst) { Err(Trouble::Interrupted) } else { Ok(()) }
}

/// One turn of a waiting loop.
pub fn breathe() -> Result<(), Trouble> {
    thread::sleep(POLL);
    go_on()
}

/// A running program with all that it starts. Dropped, all of it is stopped.
pub struct Group {
    child: Child,
    group: Pid,
    ended: Option<ExitStatus>,
    output: Output,
}

impl Group {
    /// Starts a program; its output goes to `log` and, line by line, to whom [`Group::output`] is shown.
    pub fn start(mut command: Command, log: &Path) -> Result<Self, Trouble> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut file = File::create(log).map_err(Trouble::file(log))?;
        let (reader, writer) = std::io::pipe().map_err(Trouble::file(log))?;
        let twin = writer.try_clone().map_err(Trouble::file(log))?;
        command.stdout(twin).stderr(writer).process_group(0);
        let child = command.spawn().map_err(|error| cannot_start(&program, error))?;
        // The command holds our ends of the pipe; the reader would wait for them.
        drop(command);
        let group = Pid::from_raw(child.id().cast_signed());
        let output = Output::default();
        let heard = output.clone();
        thread::spawn(move || {
            for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
                let _ = file.write_all(&line).and_then(|()| file.write_all(b"\n"));
                heard.add(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            heard.0.closed.store(true, Ordering::SeqCst);
        });
        Ok(Self { child, group, ended: None, output })
    }

    /// What it says.
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// How it ended, when it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().ok().flatten();
            if self.ended.is_some() {
                self.output.wait_until_closed(Duration::from_millis(500));
            }
        }
        self.ended
    }

    /// Sends a signal to the program alone, as a terminal does whose other programs have groups of their own.
    pub fn send(&self, signal: Signal) {
        let _ = kill(self.group, signal);
    }

    /// Asks everything in the group to end, gives the program a few seconds, then insists.
    pub fn stop(&mut self) {
        self.stop_within(Duration::from_secs(5));
    }

    fn stop_within(&mut self, patience: Duration) {
        let _ = killpg(self.group, Signal::SIGTERM);
        let deadline = Instant::now() + patience;
        while self.ended().is_none() && Instant::now() < deadline {
            thread::sleep(POLL);
        }
        // Whoever is left, also when the leader went first.
        let _ = killpg(self.group, Signal::SIGKILL);
        if self.ended.is_none() {
            self.ended = self.child.wait().ok();
        }
        self.output.wait_until_closed(Duration::from_secs(1));
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What a program has said so far: the last lines, and where to show them.
#[derive(Clone, Default)]
pub struct Output(Arc<Heard>);

#[derive(Default)]
struct Heard {
    lines: Mutex<VecDeque<String>>,
    prefix: Mutex<Option<String>>,
    closed: AtomicBool,
}

impl Output {
    /// From now on shows each line with a prefix.
    pub fn show(&self, prefix: &str) {
        *locked(&self.0.prefix) = Some(prefix.to_owned());
    }

    /// The last line that is not blank.
    pub fn last_line(&self) -> String {
        locked(&self.0.lines).iter().rev().find(|line| !line.trim().is_empty()).cloned().unwrap_or_default()
    }

    /// The last `count` lines.
    pub fn end(&self, count: usize) -> String {
        let lines = locked(&self.0.lines);
        let skipped = lines.len().saturating_sub(count);
        let lines: Vec<&str> = lines.iter().skip(skipped).map(String::as_str).collect();
        lines.join("\n").trim_matches('\n').to_owned()
    }

    fn add(&self, line: String) {
        if let Some(prefix) = locked(&self.0.prefix).as_deref() {
            say::line(&format!("{prefix}{line}"));
        }
        let mut lines = locked(&self.0.lines);
        if lines.len() == LINES_KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn wait_until_closed(&self, patience: Duration) {
        // Bounded: a grandchild that left the group may hold the pipe for ever.
        let deadline = Instant::now() + patience;
        while !self.0.closed.load(Ordering::SeqCst) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// A poisoned lock means that a thread died while it wrote a line: the lines are still good.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a program is run to its end.
pub struct Run<'a> {
    /// What is being done, as in "Building the app".
    pub doing: &'a str,
    /// Where its output goes.
    pub log: PathBuf,
    /// How many of its last lines are shown when it fails.
    pub lines: usize,
    /// What to do when it fails; empty when its output says it.
    pub remedy: String,
    /// After how many minutes it is stopped, because it must be stuck.
    pub limit_minutes: u64,
}

impl Run<'_> {
    /// Runs it; an exit code other than 0 is an error with the end of the output.
    pub fn run(self, command: Command) -> Result<(), Trouble> {
        go_on()?;
        let mut group = Group::start(command, &self.log)?;
        if say::is_verbose() {
            group.output().show("      ");
        }
        let deadline = Instant::now() + Duration::from_secs(self.limit_minutes * 60);
        let mut progress = say::Progress::begin();
        let how = loop {
            match group.ended() {
                Some(status) if status.success() => return Ok(()),
                Some(status) => break how_it_ended(status),
                None if Instant::now() > deadline => {
                    group.stop();
                    break format!("not done after {} minutes", self.limit_minutes);
                }
                None => {}
            }
            progress.tick(&group.output().last_line());
            breathe()?;
        };
        drop(progress);
        Err(Trouble::Failed {
            doing: self.doing.to_owned(),
            how,
            said: if say::is_verbose() { String::new() } else { group.output().end(self.lines) },
            log: Some(self.log),
            remedy: self.remedy,
        })
    }
}

/// What a short command prints on stdout when it succeeds within ten seconds.
pub fn ask(command: Command) -> Option<String> {
    ask_within(Duration::from_secs(10), command)
}

/// What a command prints on stdout when it succeeds in time.
pub fn ask_within(patience: Duration, mut command: Command) -> Option<String> {
    let (mut reader, writer) = std::io::pipe().ok()?;
    command.stdout(writer).stderr(std::process::Stdio::null()).process_group(0);
    let mut child = command.spawn().ok()?;
    drop(command);
    let listener = thread::spawn(move || {
        let mut said = String::new();
        reader.read_to_string(&mut said).map(|_| said)
    });
    let deadline = Instant::now() + patience;
    let status = loop {
        if let Some(status) = child.try_wait().ok()? {
            break status;
        }
        if Instant::now() > deadline || go_on().is_err() {
            let _ = killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGKILL);
            break child.wait().ok()?;
        }
        thread::sleep(Duration::from_millis(3));
    };
    let said = listener.join().ok()?.ok()?;
    status.success().then_some(said)
}

/// `exit code 101`, `signal 9`.
pub fn how_it_ended(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "no exit code".into(),
    }
}

fn cannot_start(program: &str, error: std::io::Error) -> Trouble {
    if error.kind() == std::io::ErrorKind::NotFound {
        Trouble::NotFound {
            program: program.to_owned(),
            remedy: "Install it, see that it is on PATH, and run the command again.".into(),
        }
    } else {
        Trouble::File { path: program.into(), error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("xtask-test-{}-{name}.log", std::process::id()))
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.arg("-c").arg(script);
        command
    }

    #[test]
    fn a_dropped_group_leaves_no_grandchild() {
        let log = log("grandchild");
        let group = Group::start(shell("sleep 300 & echo $!; wait"), &log).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while group.output().last_line().is_empty() && Instant::now() < deadline {
            thread::sleep(POLL);
        }
        let grandchild = Pid::from_raw(group.output().last_line().parse().unwrap());
        assert!(nix::sys::signal::kill(grandchild, None).is_ok());
        drop(group);
        let deadline = Instant::now() + Duration::from_secs(5);
        let gone = loop {
            // An orphan that nobody has buried yet still has a number.
            let state = std::fs::read_to_string(format!("/proc/{grandchild}/stat"));
            let dead = state.is_ok_and(|state| state.contains(") Z "));
            if dead || nix::sys::signal::kill(grandchild, None).is_err() {
                break true;
            }
            if Instant::now() > deadline {
                break false;
            }
            thread::sleep(POLL);
        };
        assert!(gone);
        std::fs::remove_file(log).unwrap();
    }

    #[test]
    fn a_group_that_ignores_the_request_is_stopped_all_the_same() {
        let log = log("stubborn");
        let script = "trap '' TERM; echo ready; while :; do sleep 0.1; done";
        let mut group = Group::start(shell(script), &log).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while group.output().last_line() != "ready" && Instant::now() < deadline {
            thread::sleep(POLL);
        }
        group.stop_within(Duration::from_millis(300));
        assert_eq!(how_it_ended(group.ended().unwrap()), "signal 9");
        std::fs::remove_file(log).unwrap();
    }

    #[test]
    fn a_failure_carries_the_end_of_the_output() {
        let log = log("failure");
        let run = Run { doing: "Trying", log: log.clone(), lines: 2, remedy: String::new(), limit_minutes: 1 };
        let trouble = run.run(shell("echo one; echo two >&2; echo three; exit 7")).unwrap_err();
        assert_eq!(
            trouble.to_string(),
            format!("Trying failed (exit code 7).\n    two\n    three\nAll of its output: {}", log.display())
        );
        std::fs::remove_file(log).unwrap();
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let trouble = Group::start(Command::new("no-such-program"), &log("none")).err();
        assert!(matches!(trouble, Some(Trouble::NotFound { program, .. }) if program == "no-such-program"));
    }

    #[test]
    fn a_question_is_answered_or_not() {
        assert_eq!(ask(shell("echo yes")).as_deref(), Some("yes\n"));
        assert_eq!(ask(shell("echo yes; exit 1")), None);
        assert_eq!(ask(Command::new("no-such-program")), None);
    }
}
