//! Being asked to end.

use std::io;

/// What asked for the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// The terminal is gone (SIGHUP).
    #[cfg_attr(not(unix), allow(dead_code))]
    HangUp,
    /// Ctrl-C (SIGINT).
    CtrlC,
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
            Self::Terminate => 15,
        }
    }
}

/// From its making on, nothing of what asks for the end ends this program by itself.
pub struct Interruptions {
    #[cfg(unix)]
    signals: [(tokio::signal::unix::Signal, Interruption); 3],
}

#[cfg(unix)]
impl Interruptions {
    /// Begins to watch.
    pub fn watch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            signals: [
                (signal(SignalKind::hangup())?, Interruption::HangUp),
                (signal(SignalKind::interrupt())?, Interruption::CtrlC),
                (signal(SignalKind::terminate())?, Interruption::Terminate),
            ],
        })
    }

    /// Waits for the next. What came before nobody waited is not lost.
    pub async fn next(&mut self) -> Interruption {
        let [hang_up, ctrl_c, terminate] = &mut self.signals;
        tokio::select! {
            Some(()) = hang_up.0.recv() => hang_up.1,
            Some(()) = ctrl_c.0.recv() => ctrl_c.1,
            Some(()) = terminate.0.recv() => terminate.1,
            // The streams never end.
            else => std::future::pending().await,
        }
    }
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
