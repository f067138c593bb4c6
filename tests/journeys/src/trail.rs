//! What a journey did so far, for the report when it fails.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

/// The steps of a journey, with when they were taken.
#[derive(Debug)]
pub(crate) struct Trail {
    began: Instant,
    steps: Mutex<Vec<(Duration, String)>>,
}

impl Trail {
    /// Begins to count.
    pub(crate) fn begin() -> Self {
        Self { began: Instant::now(), steps: Mutex::default() }
    }

    /// Notes a step.
    pub(crate) fn note(&self, step: impl Into<String>) {
        self.steps.lock().unwrap().push((self.began.elapsed(), step.into()));
    }

    /// The steps, one in each line.
    pub(crate) fn tell(&self) -> String {
        let steps = self.steps.lock().unwrap();
        steps.iter().map(|(at, step)| format!("  {:6.2} s  {step}\n", at.as_secs_f64())).collect()
    }
}
