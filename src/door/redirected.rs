//! The page that Looker sends people back to.

use looker::{
    api,
    oauth::{Redirect, RedirectError},
};

use super::{Attempt, Doorway, Face, Trouble};
use crate::{
    net::{TransportError, diagnosis, log},
    page,
    session::{CallError, Pending, RedeemError, Session, Storage},
};

/// Takes the redirect, redeems its code, proves the session by its first call, greets, and hands
/// over to the workbench, which loads meanwhile.
pub async fn finish(doorway: &Doorway) -> Result<(), Box<Trouble>> {
    let storage = Storage::open().map_err(Trouble::Storage)?;
    let signed_in = Session::is_stored(&storage);
    let (pending, redirect) = match take_pending(&page::take_query(), &storage, signed_in) {
        // Reloaded after the sign-in was done: nothing is wrong.
        Err(trouble) if signed_in && matches!(*trouble, Trouble::Redirect { error: RedirectError::Empty, .. }) => {
            page::replace_address(&page::base_path());
            return doorway.hand_over(None).await;
        }
        taken => taken?,
    };
    log::came_back(&pending.request.instance.looker_url, pending.started_at);
    let attempt = Attempt {
        instance: pending.request.instance.clone(),
        client_id: pending.request.client_id.clone(),
        return_to: pending.return_to,
    };
    let grant = match redirect.accept(pending.request) {
        Ok(grant) => grant,
        Err(error) => return Err(Box::new(Trouble::Redirect { error, attempt: Some(attempt), signed_in })),
    };

    // The preload begins when this first waits, so the token request leaves before it.
    Doorway::preload();
    let session = match Session::redeem(&storage, grant).await {
        Ok(session) => session,
        Err(error) => {
            let reach = match &error {
                RedeemError::Transport(error) => reach(error, &attempt).await,
                _ => None,
            };
            return Err(Box::new(Trouble::Redeem { error, attempt, reach }));
        }
    };
    page::replace_address(attempt.return_to.as_str());
    doorway.show(Face::busy("Signing in", "Signed in. Asking Looker who you are…"));

    let user = match session.call_once(&api::user()).await {
        Ok(user) => user,
        Err(error) => {
            let reach = match &error {
                CallError::Transport(error) => reach(error, &attempt).await,
                CallError::Api(_) | CallError::Renew(_) => None,
            };
            return Err(Box::new(Trouble::FirstCall { error, attempt, reach }));
        }
    };
    doorway.show(Face::busy(["Hello ", &user.display_name].concat(), "Opening your workbench…"));
    doorway.hand_over(Some(&user)).await
}

/// How far requests get, where one brought no answer.
async fn reach(error: &TransportError, attempt: &Attempt) -> Option<diagnosis::Reach> {
    match error {
        TransportError::NoAnswer { .. } => Some(diagnosis::reach(&attempt.instance.base_url).await),
        TransportError::TimedOut | TransportError::BrokenOff { .. } => None,
    }
}

/// The redirect, and the pending sign-in of this tab that it answers; taken out, so that the same
/// redirect finds nothing again.
fn take_pending(query: &str, storage: &Storage, signed_in: bool) -> Result<(Pending, Redirect), Box<Trouble>> {
    let redirect = Redirect::parse(query).map_err(|error| Trouble::Redirect { error, attempt: None, signed_in })?;
    let pending =
        Pending::take(storage, &redirect, page::now()).map_err(|error| Trouble::Pending { error, signed_in })?;
    Ok((pending, redirect))
}
