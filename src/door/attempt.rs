//! The beginning of a sign-in.

use looker::{ClientId, Instance, RandomError, oauth::AuthorizationRequest};

use super::Trouble;
use crate::{
    config, page,
    session::{Farewell, Pending, ReturnTo, Session, Storage},
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

    /// Begins the sign-in of a session that there is, or was, once more; it leads back to where the page is.
    pub async fn again(session: &Session) -> Result<(), Box<Trouble>> {
        let attempt = Self {
            instance: session.instance().clone(),
            client_id: session.client_id().clone(),
            return_to: page::here(),
        };
        attempt.anew().await.begin()?;
        if let Ok(storage) = Storage::open() {
            // The way back leads past the door, which would tell it.
            let _ = Farewell::take(&storage);
        }
        Ok(())
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
