//! The page that Looker sends people back to.

use looker::{
    api,
    oauth::{Grant, Redirect, RedirectError},
};

use super::{Attempt, Doorway, Face, Trouble};
use crate::{
    net::{TransportError, diagnosis, log},
    page,
    session::{CallError, Pending, RedeemError, Session, Storage, Stored},
};

/// Takes the redirect, redeems its code, proves the session by its first call, greets, and hands
/// over to the workbench, which loads meanwhile.
pub async fn finish(doorway: &Doorway) -> Result<(), Box<Trouble>> {
    let storage = Storage::open().map_err(Trouble::Storage)?;
    let Some((grant, attempt)) = accept(&storage)? else {
        page::replace_address(&page::base_path());
        return doorway.hand_over(None).await;
    };
    // It begins when this waits, so the token request leaves before it.
    Doorway::preload();
    let (session, attempt) = redeem(&storage, grant, attempt).await?;
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

/// The session that a page finds when it is opened: the one that it was just sent back with, or the
/// one that the tab has stored. For apps that have pages of their own in place of this door.
pub async fn arrive() -> Result<Option<Session>, Box<Trouble>> {
    let storage = Storage::open().map_err(Trouble::Storage)?;
    if !page::is_redirect() {
        Pending::sweep(&storage, page::now());
        return Ok(Session::resume(&storage));
    }
    match accept(&storage)? {
        Some((grant, attempt)) => Ok(Some(redeem(&storage, grant, attempt).await?.0.into())),
        None => {
            page::replace_address(&page::base_path());
            Ok(Session::resume(&storage))
        }
    }
}

/// Checks the redirect. Nothing where the page was only loaded again after the sign-in was done.
fn accept(storage: &Storage) -> Result<Option<(Grant, Attempt)>, Box<Trouble>> {
    let signed_in = Session::is_stored(storage);
    let (pending, redirect) = match take_pending(&page::take_query(), storage, signed_in) {
        Err(trouble) if signed_in && matches!(*trouble, Trouble::Redirect { error: RedirectError::Empty, .. }) => {
            return Ok(None);
        }
        taken => taken?,
    };
    log::came_back(&pending.request.instance.looker_url, pending.started_at);
    let attempt = Attempt {
        instance: pending.request.instance.clone(),
        client_id: pending.request.client_id.clone(),
        return_to: pending.return_to,
    };
    match redirect.accept(pending.request) {
        Ok(grant) => Ok(Some((grant, attempt))),
        Err(error) => Err(Box::new(Trouble::Redirect { error, attempt: Some(attempt), signed_in })),
    }
}

/// Redeems the code, and puts the address back to where the person was.
async fn redeem(storage: &Storage, grant: Grant, attempt: Attempt) -> Result<(Stored, Attempt), Box<Trouble>> {
    match Stored::redeem(storage, grant).await {
        Ok(session) => {
            page::replace_address(attempt.return_to.as_str());
            Ok((session, attempt))
        }
        Err(error) => {
            let reach = match &error {
                RedeemError::Transport(error) => reach(error, &attempt).await,
                _ => None,
            };
            Err(Box::new(Trouble::Redeem { error, attempt, reach }))
        }
    }
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
