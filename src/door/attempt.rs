//! The beginning of a sign-in.

use looker::{ClientId, Instance, oauth::AuthorizationRequest};

use super::Trouble;
use crate::{
    page,
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
    pub fn begin(self) -> Result<(), Trouble> {
        let storage = Storage::open().map_err(Trouble::Storage)?;
        let redirect_uri = page::redirect_uri().map_err(Trouble::Address)?;
        let request =
            AuthorizationRequest::new(self.instance, self.client_id, redirect_uri).map_err(|_| Trouble::NoRandom)?;
        let url = request.url();
        let pending = Pending { request, return_to: self.return_to, started_at: page::now() };
        pending.store(&storage).map_err(Trouble::Storage)?;
        page::go(&url);
        Ok(())
    }
}
