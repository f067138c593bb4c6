//! A session: an instance, the app's name there, and the tokens.

use std::{fmt, sync::Arc};

use leptos::prelude::{ArcRwSignal, GetUntracked, Read, Set};
use looker::{
    Answer, ClientId, Instance, Timestamp,
    api::{self, ApiError, Call},
    json::ObjectWriter,
    oauth::{AccessInfo, Grant, TokenError, read_code_answer, read_refresh_answer, refresh_request},
};

use super::{Farewell, Pending, Storage, StorageError, pending::read_instance};
use crate::{
    net::{self, TransportError, json},
    page,
};

const ACCESS_INFO: &str = "access_info";
const INSTANCE: &str = "instance";

/// A session of this tab. Pages ask it for calls; the tokens never leave it but to storage and
/// to the instance's API host.
#[derive(Clone)]
pub struct Session {
    of: Arc<Registration>,
    access_info: ArcRwSignal<AccessInfo>,
}

struct Registration {
    instance: Instance,
    client_id: ClientId,
}

/// When the tokens of a session end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// When the access token does.
    pub access: Timestamp,
    /// When the refresh token does; nothing where there is none.
    pub refresh: Option<Timestamp>,
}

impl Session {
    /// Redeems a grant and stores the session.
    pub async fn redeem(storage: &Storage, grant: Grant) -> Result<Self, RedeemError> {
        let of = Registration { instance: grant.instance().clone(), client_id: grant.client_id().clone() };
        let answer = net::send(&grant.redeem()).await.map_err(RedeemError::Transport)?;
        let access_info = read_code_answer(&answer, page::now()).map_err(RedeemError::Token)?;
        let session = Self { of: Arc::new(of), access_info: ArcRwSignal::new(access_info) };
        session.store(storage).map_err(RedeemError::Storage)?;
        Ok(session)
    }

    /// The session that this tab has stored, if there is one. What is stored and makes no sense
    /// is removed.
    pub fn resume(storage: &Storage) -> Option<Self> {
        let session = read(storage);
        if session.is_none() {
            forget(storage);
        }
        session
    }

    /// Whether something is stored that may be a session; [`resume`](Self::resume) tells.
    pub fn is_stored(storage: &Storage) -> bool {
        storage.get(ACCESS_INFO).is_some()
    }

    /// The instance that the session is with.
    pub fn instance(&self) -> &Instance {
        &self.of.instance
    }

    /// When the tokens end. Follows every renewal when read reactively.
    pub fn deadlines(&self) -> Deadlines {
        let info = self.access_info.read();
        Deadlines { access: info.expires_at, refresh: info.refresh_token.is_some().then_some(info.refresh_expires_at) }
    }

    /// Makes a call with the session's access token.
    pub async fn call<T>(&self, call: &Call<T>) -> Result<T, CallError> {
        call.read(&self.send(call).await.map_err(CallError::Transport)?).map_err(CallError::Api)
    }

    /// Gets a new access token now, and stores it.
    pub async fn renew(&self) -> Result<(), RenewError> {
        let old = self.access_info.get_untracked();
        let refresh_token = old.refresh_token.as_ref().ok_or(RenewError::NoRefreshToken)?;
        let request = refresh_request(&self.of.instance.base_url, &self.of.client_id, refresh_token);
        let answer = net::send(&request).await.map_err(RenewError::Transport)?;
        let new = read_refresh_answer(&answer, page::now(), &old).map_err(RenewError::Token)?;
        self.access_info.set(new);
        Storage::open().and_then(|storage| self.store(&storage)).map_err(RenewError::Storage)
    }

    /// Signs out at Looker and forgets everything here, whatever Looker answers.
    pub async fn sign_out(self) -> Farewell {
        let told = self.call(&api::logout()).await;
        let farewell = match told {
            // A token that Looker no longer takes is as good as signed out.
            Ok(()) | Err(CallError::Api(ApiError::Unauthenticated)) => Farewell::SignedOut,
            Err(_) => Farewell::SignedOutHereOnly,
        };
        end(farewell);
        farewell
    }

    async fn send<T>(&self, call: &Call<T>) -> Result<Answer, TransportError> {
        let request = {
            let info = self.access_info.get_untracked();
            call.request(&self.of.instance.base_url, &info.access_token)
        };
        net::send(&request).await
    }

    fn store(&self, storage: &Storage) -> Result<(), StorageError> {
        let Instance { name, looker_url, base_url } = &self.of.instance;
        let instance = ObjectWriter::new()
            .text("name", name)
            .text("looker_url", looker_url.as_str())
            .text("base_url", base_url.as_str())
            .text("client_id", self.of.client_id.as_str())
            .finish();
        let stored = storage
            .set(INSTANCE, &instance)
            .and_then(|()| storage.set(ACCESS_INFO, &self.access_info.get_untracked().to_json()));
        if stored.is_err() {
            forget(storage);
        }
        stored
    }
}

/// Forgets the session and every sign-in under way, and leaves word of it for the door.
pub fn end(farewell: Farewell) {
    if let Ok(storage) = Storage::open() {
        forget(&storage);
        Pending::forget_all(&storage);
        // Without it the door says nothing, which is no harm.
        let _ = farewell.leave(&storage);
    }
}

fn forget(storage: &Storage) {
    storage.remove(ACCESS_INFO);
    storage.remove(INSTANCE);
}

fn read(storage: &Storage) -> Option<Session> {
    let access_info = AccessInfo::from_json(&json::parse(&storage.get(ACCESS_INFO)?).ok()?).ok()?;
    let of = json::parse(&storage.get(INSTANCE)?).ok()?;
    let client_id = ClientId::parse(of.text("client_id").ok()?).ok()?;
    let of = Registration { instance: read_instance(&of)?, client_id };
    Some(Session { of: Arc::new(of), access_info: ArcRwSignal::new(access_info) })
}

/// Why a grant brought no session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedeemError {
    /// No answer came.
    Transport(TransportError),
    /// The answer was no.
    Token(TokenError),
    /// The tokens could not be stored.
    Storage(StorageError),
}

/// Why there is no new access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenewError {
    /// Looker gave this session no refresh token.
    NoRefreshToken,
    /// No answer came.
    Transport(TransportError),
    /// The answer was no.
    Token(TokenError),
    /// The new tokens could not be stored.
    Storage(StorageError),
}

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// No answer came.
    Transport(TransportError),
    /// The answer was no.
    Api(ApiError),
}

impl fmt::Display for RenewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRefreshToken => f.write_str("this session has no refresh token"),
            Self::Transport(error) => error.fmt(f),
            Self::Token(error) => error.fmt(f),
            Self::Storage(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RenewError {}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CallError {}
