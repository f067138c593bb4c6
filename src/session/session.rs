//! A session: an instance, the app's name there, and the tokens.

use std::{
    fmt, mem,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use futures_channel::oneshot;
use leptos::{
    prelude::{ArcRwSignal, Get, GetUntracked, Read, Set},
    task::spawn_local,
};
use looker::{
    ClientId, Instance, Timestamp,
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
    is_over: ArcRwSignal<bool>,
    /// Whether nothing of this session may be stored any more.
    is_signed_out: Arc<AtomicBool>,
    /// Whoever waits for the renewal that is under way; nobody asks Looker twice at a time.
    renewal: Arc<Mutex<Option<Waiters>>>,
}

type Waiters = Vec<oneshot::Sender<Result<(), RenewError>>>;

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
    fn new(of: Registration, access_info: AccessInfo) -> Self {
        Self {
            of: Arc::new(of),
            access_info: ArcRwSignal::new(access_info),
            is_over: ArcRwSignal::new(false),
            is_signed_out: Arc::default(),
            renewal: Arc::default(),
        }
    }

    /// Redeems a grant and stores the session.
    pub async fn redeem(storage: &Storage, grant: Grant) -> Result<Self, RedeemError> {
        let of = Registration { instance: grant.instance().clone(), client_id: grant.client_id().clone() };
        let answer = net::send(&grant.redeem()).await.map_err(RedeemError::Transport)?;
        let access_info = read_code_answer(&answer, page::now()).map_err(RedeemError::Token)?;
        let session = Self::new(of, access_info);
        if let Err(error) = session.store(storage) {
            // Tokens that nobody keeps must not live on; Looker may not hear it, and then they
            // end by themselves.
            let _ = session.call_once(&api::logout()).await;
            return Err(RedeemError::Storage(error));
        }
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

    /// Makes a call with the access token as it is.
    pub async fn call_once<T>(&self, call: &Call<T>) -> Result<T, CallError> {
        let token = self.access_info.get_untracked().access_token;
        let answer = net::send(&call.request(&self.of.instance.base_url, &token)).await;
        call.read(&answer.map_err(CallError::Transport)?).map_err(CallError::Api)
    }

    /// Makes a call; where Looker no longer takes the access token, gets a new one and makes the
    /// call once more, and never again.
    pub async fn call<T>(&self, call: &Call<T>) -> Result<T, CallError> {
        let token = self.access_info.get_untracked().access_token;
        match self.call_once(call).await {
            Err(CallError::Api(ApiError::Unauthenticated)) => {
                // Somebody else's call may have led to a new token meanwhile.
                if self.access_info.get_untracked().access_token == token {
                    self.renew().await.map_err(CallError::Renew)?;
                }
                self.call_once(call).await
            }
            other => other,
        }
    }

    /// Gets a new access token now, and stores it. However many ask at once, Looker is asked once.
    ///
    /// When Looker says that the session is no more, it is over: everything is forgotten, and
    /// [`is_over`](Self::is_over) says so.
    pub async fn renew(&self) -> Result<(), RenewError> {
        let (done, renewed) = oneshot::channel();
        let first = {
            let mut waiters = self.renewal.lock().unwrap_or_else(PoisonError::into_inner);
            let first = waiters.is_none();
            waiters.get_or_insert_default().push(done);
            first
        };
        if first {
            // A task of its own, so that it ends even when whoever asked no longer waits.
            let session = self.clone();
            spawn_local(async move {
                let result = session.refresh().await;
                let is_signed_out = session.is_signed_out.load(Ordering::Relaxed);
                if result.as_ref().is_err_and(RenewError::ends_the_session) && !is_signed_out {
                    end(Farewell::Ended);
                    session.is_over.set(true);
                }
                let waiters = mem::take(&mut *session.renewal.lock().unwrap_or_else(PoisonError::into_inner));
                for waiter in waiters.into_iter().flatten() {
                    // Whoever no longer waits needs no word.
                    let _ = waiter.send(result.clone());
                }
            });
        }
        renewed.await.unwrap_or(Err(RenewError::GivenUp))
    }

    /// Whether this is what the tab has stored: another page of the tab may have ended it.
    pub fn is_current(&self, storage: &Storage) -> bool {
        storage.get(ACCESS_INFO).is_some_and(|stored| stored == self.access_info.get_untracked().to_json())
    }

    /// Whether Looker ended the session. Follows when read reactively.
    pub fn is_over(&self) -> bool {
        self.is_over.get()
    }

    async fn refresh(&self) -> Result<(), RenewError> {
        let old = self.access_info.get_untracked();
        let refresh_token = old.refresh_token.as_ref().ok_or(RenewError::NoRefreshToken)?;
        let request = refresh_request(&self.of.instance.base_url, &self.of.client_id, refresh_token);
        let answer = net::send(&request).await.map_err(RenewError::Transport)?;
        let new = read_refresh_answer(&answer, page::now(), &old).map_err(RenewError::Token)?;
        self.access_info.set(new);
        if let Ok(storage) = Storage::open()
            && !self.is_signed_out.load(Ordering::Relaxed)
        {
            // Where it can't be stored, this page goes on, and the next one asks for a sign-in.
            let _ = self.store(&storage);
        }
        Ok(())
    }

    /// Forgets everything here, and then ends the tokens at Looker; whatever Looker answers.
    pub async fn sign_out(self) -> Farewell {
        self.is_signed_out.store(true, Ordering::Relaxed);
        end(Farewell::SignedOutHereOnly);
        let mut told = self.call_once(&api::logout()).await;
        if told == Err(CallError::Api(ApiError::Unauthenticated)) {
            // The access token is dead, but the refresh token may live for weeks: only a new
            // access token can end it.
            told = match self.renew().await {
                Ok(()) => self.call_once(&api::logout()).await,
                Err(error) if error.ends_the_session() => Ok(()),
                Err(error) => Err(CallError::Renew(error)),
            };
        }
        if told.is_err() {
            return Farewell::SignedOutHereOnly;
        }
        end(Farewell::SignedOut);
        Farewell::SignedOut
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
    Some(Session::new(of, access_info))
}

/// Why a grant brought no session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedeemError {
    /// No answer came.
    Transport(TransportError),
    /// The answer was no.
    Token(TokenError),
    /// The tokens could not be stored, and were given back.
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
    /// Whoever asked Looker is gone.
    GivenUp,
}

impl RenewError {
    /// Whether no further try can help: the refresh token is dead, or there is none.
    pub fn ends_the_session(&self) -> bool {
        match self {
            Self::NoRefreshToken => true,
            Self::Token(TokenError::Refused(refusal)) => refusal.is_invalid_grant(),
            Self::Token(_) | Self::Transport(_) | Self::GivenUp => false,
        }
    }
}

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// No answer came.
    Transport(TransportError),
    /// The answer was no.
    Api(ApiError),
    /// The access token is no longer good, and there is no new one.
    Renew(RenewError),
}

impl fmt::Display for RenewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRefreshToken => f.write_str("this session has no refresh token"),
            Self::Transport(error) => error.fmt(f),
            Self::Token(error) => error.fmt(f),
            Self::GivenUp => f.write_str("the renewal was given up"),
        }
    }
}

impl std::error::Error for RenewError {}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
            Self::Renew(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CallError {}
