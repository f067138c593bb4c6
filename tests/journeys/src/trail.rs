//! What a journey did so far, for the report when it fails.

use std::sync::Mutex;

/// The steps of a journey.
#[derive(Debug, Default)]
pub(crate) struct Trail(Mutex<Vec<String>>);

impl Trail {
    /// Notes a step.
    pub(crate) fn note(&self, step: impl Into<String>) {
        self.0.lock().unwrap().push(step.into());
    }

    /// The steps, one in each line.
    pub(crate) fn tell(&self) -> String {
        self.0.lock().unwrap().iter().map(|step| format!("  - {step}\n")).collect()
    }
}
