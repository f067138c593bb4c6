//! A session as it lies in storage, which is how it begins.

use looker::{
    ClientId, Instance, Request,
    api::{self, Call},
    json::ObjectWriter,
    oauth::{AccessInfo, Grant, read_code_answer},
};

use super::{CallError, RedeemError, SessionId, Storage, StorageError, pending::read_instance};
use crate::{
    net::{self, Try, json},
    page,
};

const ACCESS_INFO: &str = "access_info";
const INSTANCE: &str = "instance";

/// Stands, with the session's name, from before a refresh is sent until what came of it is known. A page that
/// finds it comes after one that went meanwhile.
pub(super) const RENEWING: &str = "renewing";

/// Where a session is, and as which app.
#[derive(Clone)]
pub(super) struct Registration {
    pub id: SessionId,
    pub instance: Instance,
    pub client_id: ClientId,
}

/// The tokens, and how often they were renewed: what has been renewed more often is newer.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Tokens {
    pub access_info: AccessInfo,
    pub generation: u64,
}

/// A session as it lies in storage. It can be asked for calls, with the token as it is; for more, a
/// [`Session`](super::Session) is made of it.
pub struct Stored {
    pub(super) of: Registration,
    pub(super) tokens: Tokens,
}

impl Stored {
    /// Redeems a grant, and stores what it brings.
    pub async fn redeem(storage: &Storage, grant: Grant) -> Result<Self, RedeemError> {
        let of = Registration {
            id: SessionId::random(),
            instance: grant.instance().clone(),
            client_id: grant.client_id().clone(),
        };
        let answer = net::send(&grant.redeem(), Try::First).await.map_err(RedeemError::Transport)?;
        let access_info = read_code_answer(&answer, page::now()).map_err(RedeemError::Token)?;
        let session = Self { of, tokens: Tokens { access_info, generation: 0 } };
        if let Err(error) = session.of.store(&session.tokens, storage) {
            // Tokens that nobody keeps must not live on; Looker may not hear it, and then they
            // end by themselves.
            let _ = session.call_once(&api::logout()).await;
            return Err(RedeemError::Storage(error));
        }
        Ok(session)
    }

    /// Makes a call with the access token as it is.
    pub async fn call_once<T>(&self, call: &Call<T>) -> Result<T, CallError> {
        let request = self.of.request(call, &self.tokens);
        let answer = net::send(&request, Try::First).await.map_err(CallError::Transport)?;
        call.read(&answer).map_err(CallError::Api)
    }

    /// Reads what is stored; nothing where it can't be a session.
    pub(super) fn read(storage: &Storage) -> Option<Self> {
        let access_info = AccessInfo::from_json(&json::parse(&storage.get(ACCESS_INFO)?).ok()?).ok()?;
        let of = json::parse(&storage.get(INSTANCE)?).ok()?;
        let client_id = ClientId::parse(of.text("client_id").ok()?).ok()?;
        let generation = of.whole_number("generation").ok()?;
        let id = SessionId::restore(of.text("session_id").ok()?)?;
        let of = Registration { id, instance: read_instance(&of)?, client_id };
        Some(Self { of, tokens: Tokens { access_info, generation } })
    }
}

impl Registration {
    /// The request for a call.
    pub fn request<T>(&self, call: &Call<T>, tokens: &Tokens) -> Request {
        call.request(&self.instance.base_url, &tokens.access_info.access_token)
    }

    /// Stores a session that has these tokens. Where there is no room for them, what was stored before stays.
    pub fn store(&self, tokens: &Tokens, storage: &Storage) -> Result<(), StorageError> {
        let Instance { name, looker_url, base_url } = &self.instance;
        let instance = ObjectWriter::new()
            .text("name", name)
            .text("looker_url", looker_url.as_str())
            .text("base_url", base_url.as_str())
            .text("client_id", self.client_id.as_str())
            .text("session_id", self.id.as_str())
            .number("generation", tokens.generation)
            .finish();
        let before = storage.get(ACCESS_INFO);
        storage.set(ACCESS_INFO, &tokens.access_info.to_json())?;
        let stored = storage.set(INSTANCE, &instance);
        if stored.is_err() {
            // Else they were those of the instance before, or nobody's.
            storage.remove(ACCESS_INFO);
            if let Some(before) = before {
                storage.set(ACCESS_INFO, &before)?;
            }
        }
        stored
    }
}

impl Tokens {
    /// Whether these are the ones that are stored.
    pub fn are_stored(&self, storage: &Storage) -> bool {
        storage.get(ACCESS_INFO).is_some_and(|stored| stored == self.access_info.to_json())
    }
}

/// Whether something is stored that may be a session.
pub(super) fn is_any(storage: &Storage) -> bool {
    storage.get(ACCESS_INFO).is_some()
}

/// Removes what is stored of a session.
pub(super) fn remove(storage: &Storage) {
    for key in [ACCESS_INFO, INSTANCE, RENEWING] {
        storage.remove(key);
    }
}
