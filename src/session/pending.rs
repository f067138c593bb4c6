//! Sign-ins under way: what must be remembered while the person is at Looker.

use std::time::Duration;

use looker::{
    BaseUrl, ClientId, Instance, LookerUrl, RedirectUri, Timestamp,
    json::{Json, ObjectWriter},
    oauth::{AuthorizationRequest, CodeVerifier, Redirect, State},
};

use super::{ReturnTo, Storage, StorageError};
use crate::net::json;

/// How long a sign-in may be under way.
const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// Keys of pending sign-ins begin so and end with the sign-in's state.
const PREFIX: &str = "pending.";

/// A sign-in under way. Several may be: each stands under a key of its own.
#[derive(Debug)]
pub struct Pending {
    /// What was asked, with the secrets that the answer is checked with.
    pub request: AuthorizationRequest,
    /// Where the person goes afterwards.
    pub return_to: ReturnTo,
    /// When it began.
    pub started_at: Timestamp,
}

/// Why there is no pending sign-in for a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PendingError {
    /// None of this tab has this state.
    Unknown,
    /// It began too long ago.
    Expired,
}

impl Pending {
    /// Remembers it in this tab.
    pub fn store(&self, storage: &Storage) -> Result<(), StorageError> {
        storage.set(&key(&self.request.state), &self.to_json())
    }

    /// Takes out the pending sign-in that `redirect` answers: whatever comes of it, it can't be
    /// taken again. The others stay as they are.
    pub fn take(storage: &Storage, redirect: &Redirect, now: Timestamp) -> Result<Self, PendingError> {
        // All are compared, and each in constant time, so that time tells nothing of a state.
        let mut found = None;
        for key in storage.keys(PREFIX) {
            let state = key.strip_prefix(PREFIX).and_then(State::restore);
            if state.is_some_and(|state| redirect.answers(&state)) {
                found = Some(key);
            }
        }
        let stored = found.and_then(|key| storage.take(&key)).ok_or(PendingError::Unknown)?;
        let pending = read(&stored).ok_or(PendingError::Unknown)?;
        if pending.is_over(now) { Err(PendingError::Expired) } else { Ok(pending) }
    }

    /// Forgets every sign-in under way in this tab.
    pub fn forget_all(storage: &Storage) {
        for key in storage.keys(PREFIX) {
            storage.remove(&key);
        }
    }

    /// Forgets the sign-ins of this tab that began too long ago, and what is none. Returns the one of the others that
    /// began last.
    pub fn sweep(storage: &Storage, now: Timestamp) -> Option<Self> {
        let mut last: Option<Self> = None;
        for key in storage.keys(PREFIX) {
            match storage.get(&key).and_then(|stored| read(&stored)) {
                Some(pending) if !pending.is_over(now) => {
                    if last.as_ref().is_none_or(|last| last.started_at < pending.started_at) {
                        last = Some(pending);
                    }
                }
                _ => storage.remove(&key),
            }
        }
        last
    }

    fn is_over(&self, now: Timestamp) -> bool {
        is_over(self.started_at, now)
    }

    fn to_json(&self) -> String {
        let AuthorizationRequest { instance, client_id, redirect_uri, state, code_verifier } = &self.request;
        ObjectWriter::new()
            .text("name", &instance.name)
            .text("looker_url", instance.looker_url.as_str())
            .text("base_url", instance.base_url.as_str())
            .text("client_id", client_id.as_str())
            .text("redirect_uri", redirect_uri.as_str())
            .text("state", state.expose())
            .text("code_verifier", code_verifier.expose())
            .text("return_to", self.return_to.as_str())
            .number("started_at", self.started_at.as_millis())
            .finish()
    }

    /// Reads back what [`to_json`](Self::to_json) wrote; nothing where any of it is not so.
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            request: AuthorizationRequest {
                instance: read_instance(json)?,
                client_id: ClientId::parse(json.text("client_id").ok()?).ok()?,
                redirect_uri: RedirectUri::parse(json.text("redirect_uri").ok()?).ok()?,
                state: State::restore(json.text("state").ok()?)?,
                code_verifier: CodeVerifier::restore(json.text("code_verifier").ok()?)?,
            },
            return_to: ReturnTo::parse(json.text("return_to").ok()?),
            started_at: Timestamp::from_millis(json.whole_number("started_at").ok()?),
        })
    }
}

/// Reads a stored instance; nothing where any of it can't be one.
pub fn read_instance(json: &Json) -> Option<Instance> {
    Some(Instance {
        name: json.text("name").ok()?.into(),
        looker_url: LookerUrl::parse(json.text("looker_url").ok()?).ok()?,
        base_url: BaseUrl::parse(json.text("base_url").ok()?).ok()?,
    })
}

fn read(stored: &str) -> Option<Pending> {
    Pending::from_json(&json::parse(stored).ok()?)
}

fn key(state: &State) -> String {
    [PREFIX, state.expose()].concat()
}

/// A start far in the future counts as over too: the clock was moved a lot, or somebody edited it. One that is
/// near is this very sign-in, during which the clock was put right.
fn is_over(started_at: Timestamp, now: Timestamp) -> bool {
    u128::from(started_at.as_millis().abs_diff(now.as_millis())) >= LIFETIME.as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_may_be_under_way_for_ten_minutes() {
        let start = Timestamp::from_millis(1_700_000_000_000);
        for (now, over) in [
            (start, false),
            (start.plus_seconds(599), false),
            (start.plus_seconds(600), true),
            (start.plus_seconds(86400), true),
            (Timestamp::from_millis(start.as_millis() - 1), false),
            (Timestamp::from_millis(start.as_millis() - 599_999), false),
            (Timestamp::from_millis(start.as_millis() - 600_000), true),
            (Timestamp::from_millis(u64::MAX), true),
            (Timestamp::from_millis(0), true),
        ] {
            assert_eq!(is_over(start, now), over, "{now:?}");
        }
    }
}
