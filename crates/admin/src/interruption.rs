//! Being asked to end.

use std::io;
#[cfg(unix)]
use std::task::Poll;

/// What asked for the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// The terminal is gone (SIGHUP).
    #[cfg_attr(not(unix), allow(dead_code))]
    HangUp,
    /// Ctrl-C (SIGINT).
    CtrlC,
    /// Ctrl-\ (SIGQUIT).
    #[cfg_attr(not(unix), allow(dead_code))]
    Quit,
    /// A supervisor (SIGTERM).
    #[cfg_attr(not(unix), allow(dead_code))]
    Terminate,
}

impl Interruption {
    /// The signal's number.
    pub const fn number(self) -> u8 {
        match self {
            Self::HangUp => 1,
            Self::CtrlC => 2,
            Self::Quit => 3,
            Self::Terminate => 15,
        }
    }
}

/// From its making on, nothing of what asks for the end ends this program by itself.
pub struct Interruptions {
    #[cfg(unix)]
    signals: Vec<(tokio::signal::unix::Signal, Interruption)>,
}

#[cfg(unix)]
impl Interruptions {
    /// Begins to watch. A signal that this program was started to ignore, as `nohup` does, stays ignored.
    pub fn watch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let ignored = ignored(&std::fs::read_to_string("/proc/self/status").unwrap_or_default());
        let mut signals = Vec::new();
        for (kind, by) in [
            (SignalKind::hangup(), Interruption::HangUp),
            (SignalKind::interrupt(), Interruption::CtrlC),
            (SignalKind::quit(), Interruption::Quit),
            (SignalKind::terminate(), Interruption::Terminate),
        ] {
            if ignored >> (by.number() - 1) & 1 == 0 {
                signals.push((signal(kind)?, by));
            }
        }
        Ok(Self { signals })
    }

    /// Waits for the next. What came before nobody waited is not lost.
    pub async fn next(&mut self) -> Interruption {
        std::future::poll_fn(|context| {
            for (signal, by) in &mut self.signals {
                if let Poll::Ready(Some(())) = signal.poll_recv(context) {
                    return Poll::Ready(*by);
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// The signals that a process ignores, the first in the lowest bit, by what Linux says of it. Elsewhere there is no
/// such text, and none counts as ignored: to ask the system itself takes code that is not safe.
#[cfg(unix)]
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(not(unix))]
impl Interruptions {
    /// Begins to watch when it is first waited for.
    pub fn watch() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for Ctrl-C.
    pub async fn next(&mut self) -> Interruption {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Interruption::CtrlC,
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_signals_that_are_ignored_are_read_from_what_linux_says() {
        for (status, mask) in
            [("Name:\tx\nSigIgn:\t0000000000001005\nSigCgt:\t7\n", 0x1005), ("SigIgn:\todd\n", 0), ("", 0)]
        {
            assert_eq!(ignored(status), mask, "{status}");
        }
    }
}
