//! What all requests share.

use crate::clock::{Clock, Seconds};
use crate::steering::answers::Answers;
use crate::steering::faults::Faults;
use crate::steering::requests::RequestLog;
use crate::steering::sign_in::SignIn;
use crate::store::{Seed, Store, Stored};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// One running Looker.
#[derive(Debug)]
pub(crate) struct Looker {
    /// The address of the UI host, as people type it.
    pub(crate) looker_url: String,
    /// The address of the API host.
    pub(crate) base_url: String,
    /// The name of the session cookie: cookies ignore ports, and several Lookers may run.
    pub(crate) cookie_name: String,
    pub(crate) clock: Clock,
    seed: Seed,
    store: Mutex<Store>,
    answers: Mutex<Answers>,
    sign_in: Mutex<SignIn>,
    faults: Mutex<Faults>,
    log: Mutex<RequestLog>,
    /// Goes up when faults are cleared: requests that hang end then, and those that are held go on.
    cleared: watch::Sender<u64>,
    /// Tells the connections that exist when faults are added to end.
    connections: Mutex<watch::Sender<()>>,
}

/// How handlers get at it.
pub(crate) type Shared = Arc<Looker>;

impl Looker {
    /// Fills the database and puts everything else in its start state.
    pub(crate) fn new(
        looker_url: String,
        base_url: String,
        cookie_name: String,
        seed: Seed,
        store: Store,
    ) -> Stored<Self> {
        let clock = Clock::default();
        store.plant(&seed, clock.now())?;
        Ok(Self {
            looker_url,
            base_url,
            cookie_name,
            clock,
            seed,
            store: Mutex::new(store),
            answers: Mutex::default(),
            sign_in: Mutex::default(),
            faults: Mutex::default(),
            log: Mutex::default(),
            cleared: watch::Sender::new(0),
            connections: Mutex::new(watch::Sender::new(())),
        })
    }

    /// What time it is here.
    pub(crate) fn now(&self) -> Seconds {
        self.clock.now()
    }

    /// The database, for as long as the guard lives; never across an await.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    /// What is presently answered where Looker's answer is unknown.
    pub(crate) fn answers(&self) -> Answers {
        lock(&self.answers).clone()
    }

    /// Replaces that.
    pub(crate) fn set_answers(&self, answers: Answers) {
        *lock(&self.answers) = answers;
    }

    /// How people presently sign in to Looker's pages.
    pub(crate) fn sign_in(&self) -> SignIn {
        *lock(&self.sign_in)
    }

    /// Replaces that.
    pub(crate) fn set_sign_in(&self, to: SignIn) {
        *lock(&self.sign_in) = to;
    }

    /// The faults that wait for their requests.
    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// The requests so far.
    pub(crate) fn log(&self) -> MutexGuard<'_, RequestLog> {
        lock(&self.log)
    }

    /// Takes all faults away, ends what hangs and lets go what is held.
    pub(crate) fn clear_faults(&self) {
        self.replace_faults(Faults::default());
    }

    /// The same, and whatever goes on or comes from then on meets these.
    pub(crate) fn replace_faults(&self, faults: Faults) {
        *self.faults() = faults;
        self.cleared.send_modify(|generation| *generation += 1);
    }

    /// Lets every connection end that exists now; those that are in use, after their answer.
    /// When this resolves, none of them takes another request.
    pub(crate) async fn renew_connections(&self) {
        let before = std::mem::replace(&mut *lock(&self.connections), watch::Sender::new(()));
        before.send_replace(());
        before.closed().await;
    }

    /// For a new connection: changes when it is to end; to be dropped when it takes no more.
    pub(crate) fn until_renewed(&self) -> watch::Receiver<()> {
        lock(&self.connections).subscribe()
    }

    /// Resolves when faults are cleared, or this Looker ends.
    pub(crate) fn until_cleared(&self) -> impl Future<Output = ()> + use<> {
        let mut cleared = self.cleared.subscribe();
        async move {
            // An error means that the sender is gone, which is an end as well.
            let _ = cleared.changed().await;
        }
    }

    /// Everything back to the start state.
    pub(crate) fn reset(&self) -> Stored<()> {
        self.clock.reset();
        self.set_answers(Answers::default());
        self.set_sign_in(SignIn::default());
        self.clear_faults();
        self.log().clear();
        let store = self.store();
        store.clear()?;
        store.plant(&self.seed, self.now())
    }
}

/// A panic elsewhere does not make what it left behind unusable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
