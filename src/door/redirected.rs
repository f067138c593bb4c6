//! The page that Looker sends people back to.

use looker::{
    api::{self, User},
    oauth::{Grant, Redirect, RedirectError},
};

use super::{Attempt, Doorway, Face, Stopped, Trouble, face::OPENING};
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
        doorway.show(Face::busy("Sightline", OPENING));
        return doorway.hand_over(None).await;
    };
    // It begins when this waits, so the token request leaves before it.
    Doorway::preload();
    let stopped = |is_signed_in| {
        let attempt = attempt.clone();
        move |Stopped| Box::new(Trouble::Stopped { attempt, is_signed_in })
    };
    let waiting = doorway.waiting();
    let session = waiting.until_done(redeem(&storage, grant, &attempt)).await.map_err(stopped(false))??;
    doorway.show(Face::waiting("Signed in. Asking Looker who you are…"));
    let user = waiting.until_done(first_call(&session, &attempt)).await.map_err(stopped(true))??;
    if page::is_setup() {
        // It is no room of the workbench's.
        page::reload();
        return Ok(());
    }
    doorway.show(Face::busy(["Hello ", &user.display_name].concat(), OPENING));
    doorway.hand_over(Some(&user)).await
}

/// The session that a page finds when it is opened: the one that it was just sent back with, or the
/// one that the tab has stored. For apps that have pages of their own in place of this door.
///
/// On an error, what the tab has stored is still there for [`Session::resume`].
pub async fn arrive() -> Result<Option<Session>, Box<Trouble>> {
    let storage = Storage::open().map_err(Trouble::Storage)?;
    if !page::is_redirect() {
        Pending::sweep(&storage, page::now());
        return Ok(Session::resume(&storage));
    }
    match accept(&storage)? {
        Some((grant, attempt)) => Ok(Some(redeem(&storage, grant, &attempt).await?.into())),
        None => {
            page::replace_address(&page::base_path());
            Ok(Session::resume(&storage))
        }
    }
}

/// Checks the redirect. Nothing where the page was only loaded again after the sign-in was done.
fn accept(storage: &Storage) -> Result<Option<(Grant, Attempt)>, Box<Trouble>> {
    let redirect = match Redirect::parse(&page::take_query()) {
        Err(RedirectError::Empty) if Session::is_stored(storage) => return Ok(None),
        redirect => redirect.map_err(|error| Trouble::Redirect { error, attempt: None })?,
    };
    // Taken out, so that the same redirect finds nothing again.
    let pending = Pending::take(storage, &redirect, page::now()).map_err(Trouble::Pending)?;
    log::came_back(&pending.request.instance.looker_url, pending.started_at);
    let attempt = Attempt {
        instance: pending.request.instance.clone(),
        client_id: pending.request.client_id.clone(),
        return_to: pending.return_to,
    };
    match redirect.accept(pending.request) {
        Ok(grant) => Ok(Some((grant, attempt))),
        Err(error) => Err(Box::new(Trouble::Redirect { error, attempt: Some(attempt) })),
    }
}

/// Redeems the code, and puts the address back to where the person was.
async fn redeem(storage: &Storage, grant: Grant, attempt: &Attempt) -> Result<Stored, Box<Trouble>> {
    let error = match Stored::redeem(storage, grant).await {
        Ok(session) => {
            page::replace_address(attempt.return_to.as_str());
            return Ok(session);
        }
        Err(error) => error,
    };
    let reach = match &error {
        RedeemError::Transport(error) => reach(error, attempt).await,
        RedeemError::Token(_) | RedeemError::Storage(_) => None,
    };
    Err(Box::new(Trouble::Redeem { error, attempt: attempt.clone(), reach }))
}

/// Asks who is signed in.
async fn first_call(session: &Stored, attempt: &Attempt) -> Result<User, Box<Trouble>> {
    let error = match session.call_once(&api::user()).await {
        Ok(user) => return Ok(user),
        Err(error) => error,
    };
    let reach = match &error {
        CallError::Transport(error) => reach(error, attempt).await,
        CallError::Api(_) | CallError::Renew(_) => None,
    };
    Err(Box::new(Trouble::FirstCall { error, attempt: attempt.clone(), reach }))
}

/// How far requests get, where one brought no answer.
async fn reach(error: &TransportError, attempt: &Attempt) -> Option<diagnosis::Reach> {
    match error {
        TransportError::NoAnswer { .. } => Some(diagnosis::reach(&attempt.instance.base_url).await),
        TransportError::TimedOut | TransportError::BrokenOff { .. } => None,
    }
}
