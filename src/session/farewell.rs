//! Why somebody stands at the door again, told by the page before to the page after.

use super::{Storage, StorageError};

/// How the last session of this tab ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// Signed out, here and at Looker.
    SignedOut,
    /// Signed out here; Looker did not confirm it.
    SignedOutHereOnly,
    /// Signed out in a copy of this tab, which says what Looker said of it.
    SignedOutElsewhere,
    /// It is over: Looker no longer takes its tokens, or gave none to renew it with.
    Ended,
    /// It was another tab's, and this browser can't share it.
    NotShared,
}

const KEY: &str = "farewell";

impl Farewell {
    /// Leaves it for the next page.
    pub fn leave(self, storage: &Storage) -> Result<(), StorageError> {
        storage.set(KEY, self.name())
    }

    /// Takes what the page before left.
    pub fn take(storage: &Storage) -> Option<Self> {
        let name = storage.take(KEY)?;
        [Self::SignedOut, Self::SignedOutHereOnly, Self::SignedOutElsewhere, Self::Ended, Self::NotShared]
            .into_iter()
            .find(|farewell| farewell.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::SignedOutHereOnly => "signed_out_here_only",
            Self::SignedOutElsewhere => "signed_out_elsewhere",
            Self::Ended => "ended",
            Self::NotShared => "not_shared",
        }
    }
}
