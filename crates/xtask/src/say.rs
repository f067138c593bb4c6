//! How xtask speaks: headlines, progress, troubles.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::trouble::Trouble;

static VERBOSE: AtomicBool = AtomicBool::new(false);

/// From now on the output of every program is shown as it comes.
pub fn be_verbose() {
    VERBOSE.store(true, Ordering::Relaxed);
}

/// Whether `--verbose` was given.
pub fn is_verbose() -> bool {
    VERBOSE.load(Ordering::Relaxed)
}

/// One line.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    // A closed stdout is no reason to stop halfway.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// A line that begins something.
pub fn headline(text: &str) {
    line(&strong(text));
}

/// A failure, on stderr.
pub fn trouble(trouble: &Trouble) {
    let text = trouble.to_string();
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    eprintln!("\n{}", strong(first));
    if !rest.is_empty() {
        eprintln!("{rest}");
    }
}

fn strong(text: &str) -> String {
    if colours() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

fn colours() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// `0.4 s`, `12 s`, `2 min 5 s`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Shows that a long step is alive: on a terminal one line that changes, elsewhere a line each minute.
pub struct Progress {
    began: Instant,
    spoke: Instant,
    terminal: bool,
    drawn: bool,
}

impl Progress {
    /// Begins to count.
    pub fn begin() -> Self {
        let now = Instant::now();
        Self { began: now, spoke: now, terminal: std::io::stdout().is_terminal() && !is_verbose(), drawn: false }
    }

    /// To be called often; `doing` is the last line of the step's output.
    pub fn tick(&mut self, doing: &str) {
        if is_verbose() {
            return;
        }
        let every = Duration::from_secs(if self.terminal { 1 } else { 60 });
        if self.spoke.elapsed() < every {
            return;
        }
        self.spoke = Instant::now();
        let elapsed = duration(Duration::from_secs(self.began.elapsed().as_secs()));
        let doing: String = doing.chars().filter(|c| !c.is_control()).take(60).collect();
        if self.terminal {
            print!("\r\x1b[K      {elapsed}  {}", doing.trim());
            let _ = std::io::stdout().flush();
            self.drawn = true;
        } else {
            line(&format!("      {elapsed} so far: {}", doing.trim()));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn {
            print!("\r\x1b[K");
            let _ = std::io::stdout().flush();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_plainly() {
        for (milliseconds, expected) in
            [(0, "0.0 s"), (432, "0.4 s"), (12_300, "12 s"), (59_999, "59 s"), (125_000, "2 min 5 s")]
        {
            assert_eq!(duration(Duration::from_millis(milliseconds)), expected, "{milliseconds}");
        }
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (66_590, "66,590"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(number), expected);
        }
    }
}
