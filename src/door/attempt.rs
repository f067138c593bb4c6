//! The beginning of a sign-in.

use looker::{ClientId, Instance, RandomError, oauth::AuthorizationRequest};

use super::Trouble;
use crate::{
    config, page,
    session::{Pending, ReturnTo, Storage},
};

/// A sign-in that can be begun: where, as which app, and where to go afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The instance to sign in to.
    pub instance: Instance,
    /// The app's name there.
    pub client_id: ClientId,
    /// Where the person goes afterwards.
    pub return_to: ReturnTo,
}

impl Attempt {
    /// Makes a fresh state and verifier, remembers them in this tab, and sends the browser to
    /// Looker's `/auth`.
    pub fn begin(self) -> Result<(), Box<Trouble>> {
        let storage = Storage::open().map_err(Trouble::Storage)?;
        let redirect_uri = page::redirect_uri().map_err(Trouble::Address)?;
        let looker_url = self.instance.looker_url.clone();
        let request = AuthorizationRequest::new(self.instance, self.client_id, redirect_uri)
            .map_err(|RandomError| Trouble::NoRandom)?;
        let url = request.url();
        let pending = Pending { request, return_to: self.return_to, started_at: page::now() };
        pending.store(&storage).map_err(|_| Trouble::NoRoom(pending.return_to))?;
        Ok(page::go(&url).map_err(|page::NoAddress| Trouble::NoAddress(looker_url))?)
    }

    /// The same sign-in by what `config.json` says now: it may have been mended meanwhile.
    pub async fn anew(self) -> Self {
        let Ok(config) = config::load().await else { return self };
        match config.instances.into_iter().find(|instance| instance.name == self.instance.name) {
            Some(instance) => Self { instance, client_id: config.client_id, ..self },
            None => self,
        }
    }
}
