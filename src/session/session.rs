//! A session: an instance, the app's name there, and the tokens.

use std::{
    mem,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_channel::oneshot;
use leptos::prelude::{ArcRwSignal, Get, GetUntracked, Read, ReadUntracked, Set, Update, WithUntracked};
use looker::{
    ClientId, Instance, Request, Timestamp,
    api::{self, ApiError, Call, User},
    json::Json,
    oauth::{AccessInfo, read_refresh_answer, refresh_request},
};
use send_wrapper::SendWrapper;
// Not Leptos's: a session lives without any view too.
use wasm_bindgen_futures::spawn_local;

use super::{
    Asker, CallError, Draft, Ending, Farewell, Hindrance, Outcome, Pending, Phase, RenewError, Renewal, SessionId,
    Step, Storage, StorageError, Stored, Turn,
    claim::claim,
    stored::{self, RENEWING, Registration, Tokens},
    tabs::{Message, News, Tabs},
    within::within,
};
use crate::{
    net::{self, TransportError, Try, diagnosis},
    page,
};

/// How long a person who signs out waits for Looker: here it is done already.
const SIGN_OUT_PATIENCE: Duration = Duration::from_secs(5);

/// A session of this tab. Pages ask it for calls; the tokens never leave it but to storage, to the
/// instance's API host, and to copies of this tab.
#[derive(Clone)]
pub struct Session {
    of: Arc<Registration>,
    tokens: ArcRwSignal<Tokens>,
    renewal: ArcRwSignal<Renewal>,
    /// Whoever waits for the renewal that is under way.
    waiters: Arc<Mutex<Waiters>>,
    /// Whether nothing of this session may be stored any more.
    is_closed: Arc<AtomicBool>,
    /// Whether there was no room for its newest tokens.
    is_unstored: Arc<AtomicBool>,
    is_signed_out: Arc<AtomicBool>,
    /// Whether its page came back, and was not to be shown any more.
    is_left: Arc<AtomicBool>,
    /// Whether Looker has taken back the tokens at this page's wish.
    is_logged_out: Arc<AtomicBool>,
    /// The copies of this tab; nothing before [`share`](Self::share).
    tabs: Arc<OnceLock<SendWrapper<Tabs>>>,
    copies: ArcRwSignal<usize>,
}

type Waiters = Vec<oneshot::Sender<Result<(), RenewError>>>;

/// When the tokens of a session end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// When the access token does.
    pub access: Timestamp,
    /// When the refresh token does; nothing where there is none.
    pub refresh: Option<Timestamp>,
}

impl Deadlines {
    fn of(info: &AccessInfo) -> Self {
        Self { access: info.expires_at, refresh: info.refresh_token.is_some().then_some(info.refresh_expires_at) }
    }
}

impl From<Stored> for Session {
    fn from(Stored { of, tokens }: Stored) -> Self {
        let renewal = Renewal::new(Deadlines::of(&tokens.access_info), page::now(), page::random());
        Self {
            of: Arc::new(of),
            tokens: ArcRwSignal::new(tokens),
            renewal: ArcRwSignal::new(renewal),
            waiters: Arc::default(),
            is_closed: Arc::default(),
            is_unstored: Arc::default(),
            is_signed_out: Arc::default(),
            is_left: Arc::default(),
            is_logged_out: Arc::default(),
            tabs: Arc::default(),
            copies: ArcRwSignal::new(0),
        }
    }
}

impl Session {
    /// The session that this tab has stored, if there is one. What is stored and makes no sense
    /// is removed.
    pub fn resume(storage: &Storage) -> Option<Self> {
        // It stays until it is known what came of it: this page, too, may go before that.
        let renewing = storage.get(RENEWING);
        let session = Stored::read(storage).map(Self::from);
        match &session {
            None => stored::remove(storage),
            Some(session) if renewing.as_deref() == Some(session.of.id.as_str()) => {
                session.renewal.update(|renewal| renewal.was_interrupted(page::now()));
            }
            Some(_) => storage.remove(RENEWING),
        }
        session
    }

    /// Whether something is stored that may be a session; [`resume`](Self::resume) tells.
    pub fn is_stored(storage: &Storage) -> bool {
        stored::is_any(storage)
    }

    /// The instance that the session is with.
    pub fn instance(&self) -> &Instance {
        &self.of.instance
    }

    /// Its name, which copies of this tab know it by.
    pub fn id(&self) -> &SessionId {
        &self.of.id
    }

    /// The app's name there.
    pub fn client_id(&self) -> &ClientId {
        &self.of.client_id
    }

    /// A name for whose is what this tab keeps, the same at every sign-in of the same person: other instances
    /// have other people by the same ID.
    pub fn owner(&self, user: &User) -> String {
        [self.of.instance.base_url.as_str(), " ", &*user.id].concat()
    }

    /// When the tokens end. Follows every renewal when read reactively.
    pub fn deadlines(&self) -> Deadlines {
        Deadlines::of(&self.tokens.read().access_info)
    }

    /// What the renewal of the access token is at. Follows when read reactively.
    pub fn phase(&self) -> Phase {
        self.renewal.read().phase()
    }

    /// What to do about the access token at `now`. Follows when read reactively.
    pub fn step(&self, now: Timestamp) -> Step {
        self.renewal.read().step(now)
    }

    /// The page wakes: what waited for the network does not wait any longer. With
    /// `clock_was_moved`, no deadline is believed until there are new ones.
    pub fn wake(&self, clock_was_moved: bool) {
        self.renewal.update(|renewal| {
            renewal.wake(page::now());
            if clock_was_moved {
                renewal.distrust_clock(page::now());
            }
        });
    }

    /// Makes a call with the access token as it is.
    async fn make<T>(&self, call: &Call<T>, of: Try) -> Result<T, CallError> {
        let answer = net::send(&self.request(call), of).await;
        call.read(&answer.map_err(CallError::Transport)?).map_err(CallError::Api)
    }

    fn request<T>(&self, call: &Call<T>) -> Request {
        self.of.request(call, &self.tokens.read_untracked())
    }

    /// Makes a call; where Looker no longer takes the access token, gets a new one and makes the
    /// call once more, and never again: refused with its newest tokens, the session is over. To drop what
    /// this returns cancels the request.
    pub async fn call<T>(&self, call: &Call<T>) -> Result<T, CallError> {
        if self.has_to_renew_first() {
            self.renew().await.map_err(CallError::Renew)?;
        }
        let generation = self.tokens.read_untracked().generation;
        let error = match self.make(call, Try::First).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        match &error {
            CallError::Api(ApiError::Unauthenticated) => {}
            // Where Looker lets no page read its refusals, a 401 looks like no answer at all. So does a
            // call that Firefox ends while the page goes; new tokens would come too late to be stored.
            CallError::Transport(TransportError::NoAnswer { .. })
                if call.is_safe()
                    && !page::is_going()
                    && self.renewal.read_untracked().is_settled(page::now())
                    && diagnosis::reach(&self.of.instance.base_url).await == diagnosis::Reach::Answers => {}
            _ => return Err(error),
        }
        // Somebody else's call may have led to new tokens meanwhile.
        if self.tokens.read_untracked().generation == generation {
            let renewed = self.renew().await;
            match (renewed, error) {
                (Ok(()), _) => {}
                // The refusal that could not be read was none, then.
                (Err(RenewError::Transport(_)), error @ CallError::Transport(_)) => return Err(error),
                (Err(error), _) => return Err(CallError::Renew(error)),
            }
        }
        loop {
            let generation = self.tokens.read_untracked().generation;
            let answer = self.make(call, Try::Again).await;
            if !matches!(answer, Err(CallError::Api(ApiError::Unauthenticated))) {
                return answer;
            }
            // Else there are newer ones by now, which this call was not made with.
            if self.tokens.read_untracked().generation == generation {
                return Err(CallError::Renew(RenewError::Over(self.reject())));
            }
        }
    }

    /// Ends the session since not even its newest token is good, and tells how it ended: it may have been over before.
    fn reject(&self) -> Ending {
        if let Phase::Over(ending) = self.renewal.read_untracked().phase() {
            return ending;
        }
        self.conclude_over(Ending::Rejected);
        self.tell_ended();
        let session = self.clone();
        // They may be good for something else, and nobody has them any more.
        spawn_local(async move { drop(session.log_out().await) });
        Ending::Rejected
    }

    /// Asks Looker to take back the tokens.
    async fn log_out(&self) -> Result<(), CallError> {
        let told = self.make(&api::logout(), Try::First).await;
        if told.is_ok() {
            self.is_logged_out.store(true, Ordering::Relaxed);
        }
        told
    }

    /// Reads what Looker has at `path`, which begins behind `/api/4.0`: `session.get("/user")`.
    pub async fn get(&self, path: &str) -> Result<Json, CallError> {
        self.call(&api::get(path)).await
    }

    /// Whether a call can only fail with the token that there is, while another can be had, or never.
    fn has_to_renew_first(&self) -> bool {
        if matches!(self.renewal.read_untracked().phase(), Phase::Over(_)) {
            return true;
        }
        let deadlines = Deadlines::of(&self.tokens.read_untracked().access_info);
        deadlines.refresh.is_some() && deadlines.access <= page::now()
    }

    /// Gets a new access token, and stores it; soon after a failure not yet again. However many
    /// ask at once, Looker is asked once.
    pub async fn renew(&self) -> Result<(), RenewError> {
        self.renew_for(Asker::Page).await
    }

    /// The same because a person wants it: only what Looker itself asks to wait is waited for.
    pub async fn renew_now(&self) -> Result<(), RenewError> {
        self.renew_for(Asker::Person).await
    }

    async fn renew_for(&self, asker: Asker) -> Result<(), RenewError> {
        if asker == Asker::Page && self.is_signed_out() {
            return Err(RenewError::SignedOut);
        }
        // Out of reactive reach while it is decided: who joins changes nothing.
        let mut renewal = self.renewal.get_untracked();
        match renewal.ask(asker, page::now()) {
            Turn::Over(ending) => return Err(RenewError::Over(ending)),
            Turn::Wait(hindrance) => return Err(RenewError::Waiting(hindrance)),
            Turn::Join => {}
            Turn::Begin => {
                self.renewal.set(renewal);
                // A task of its own, so that it ends even when whoever asked no longer waits.
                let session = self.clone();
                spawn_local(async move { session.carry_out().await });
            }
        }
        let (done, renewed) = oneshot::channel();
        self.waiters().push(done);
        renewed.await.unwrap_or(Err(RenewError::Waiting(Hindrance::NoAnswer)))
    }

    fn waiters(&self) -> std::sync::MutexGuard<'_, Waiters> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renews, draws the conclusion, and tells everybody who waits.
    async fn carry_out(&self) {
        let mut was_online = true;
        let result = self.refresh(&mut was_online).await;
        let outcome = match &result {
            Ok(()) => Outcome::Renewed(Deadlines::of(&self.tokens.read_untracked().access_info)),
            Err(error) => Outcome::of(error, was_online),
        };
        if let Outcome::Over(ending) = outcome {
            self.conclude_over(ending);
            self.tell_ended();
        } else {
            self.conclude(outcome);
        }
        if !self.renewal.read_untracked().is_in_doubt()
            && let Ok(storage) = Storage::open()
        {
            storage.remove(RENEWING);
        }
        for waiter in mem::take(&mut *self.waiters()) {
            // Whoever no longer waits needs no word.
            let _ = waiter.send(result.clone());
        }
    }

    fn conclude(&self, outcome: Outcome) {
        self.renewal.update(|renewal| renewal.conclude(outcome, page::now(), page::random()));
    }

    /// The session is over: nothing of it stays stored. The page stays as it is.
    fn conclude_over(&self, ending: Ending) {
        if !self.is_closed.swap(true, Ordering::Relaxed) {
            end(Farewell::Ended);
        }
        self.conclude(Outcome::Over(ending));
    }

    /// Gets new tokens, from another tab or from Looker. `was_online` becomes what the browser says right before
    /// Looker is asked.
    async fn refresh(&self, was_online: &mut bool) -> Result<(), RenewError> {
        let generation = self.tokens.read_untracked().generation;
        let tabs = self.tabs.get();
        let mut pause = None;
        // Held until the copies have been told.
        let _turn = match tabs {
            None => None,
            Some(tabs) => {
                let turn = tabs.turn().await.map_err(|_| RenewError::Crowded)?;
                let told = tabs.ask(generation).await;
                if let Some(newer) = told.newest {
                    self.adopt(newer);
                } else if told.is_in_doubt {
                    self.renewal.update(Renewal::doubt);
                }
                pause = told.pause;
                Some(turn)
            }
        };
        if let Phase::Over(ending) = self.renewal.read_untracked().phase() {
            return Err(RenewError::Over(ending));
        }
        if self.tokens.read_untracked().generation != generation {
            return Ok(());
        }
        // One that is over asks for nothing any more, so none is handed round for ever.
        if let Some(until) = pause.filter(|until| *until > page::now()) {
            return Err(RenewError::Paused(until));
        }
        let old = self.tokens.get_untracked().access_info;
        let refresh_token = old.refresh_token.as_ref().ok_or(RenewError::NoRefreshToken)?;
        let request = refresh_request(&self.of.instance.base_url, &self.of.client_id, refresh_token);
        let failed_before = matches!(self.renewal.read_untracked().phase(), Phase::Underway { tries: 1.., .. });
        let of = if failed_before { Try::Again } else { Try::First };
        if let Ok(storage) = Storage::open()
            && self.is_current(&storage)
        {
            // Where there is no room for it, the next page takes this one's word for good.
            let _ = storage.set(RENEWING, self.of.id.as_str());
        }
        *was_online = page::window().navigator().on_line();
        let answer = net::send(&request, of).await.map_err(RenewError::Transport)?;
        let access_info = read_refresh_answer(&answer, page::now(), &old).map_err(RenewError::Token)?;
        self.take_over(Tokens { access_info, generation: generation + 1 });
        self.tell_tokens();
        Ok(())
    }

    /// New tokens from here on. They are stored where the old ones are: another page of the tab may
    /// have signed out meanwhile, and in anew.
    fn take_over(&self, tokens: Tokens) {
        self.tokens.set(tokens);
        if let Ok(storage) = Storage::open()
            && !self.is_closed.load(Ordering::Relaxed)
            && match Stored::read(&storage) {
                Some(stored) => stored.of.id == self.of.id,
                None => self.is_unstored.load(Ordering::Relaxed) && !stored::is_any(&storage),
            }
        {
            // Where it can't be stored, this page goes on, and the next one asks for a sign-in.
            let has_no_room = self.of.store(&self.tokens.read_untracked(), &storage).is_err();
            self.is_unstored.store(has_no_room, Ordering::Relaxed);
            if has_no_room {
                // The old ones may be dead by now.
                stored::remove(&storage);
            }
        }
    }

    /// Takes tokens that another tab got, if they are newer.
    fn adopt(&self, News { generation, access_info }: News) {
        if generation > self.tokens.read_untracked().generation {
            let deadlines = Deadlines::of(&access_info);
            self.take_over(Tokens { access_info, generation });
            // What is under way is concluded by whoever began it.
            if !matches!(self.renewal.read_untracked().phase(), Phase::Underway { .. }) {
                self.conclude(Outcome::Renewed(deadlines));
                if let Ok(storage) = Storage::open() {
                    storage.remove(RENEWING);
                }
            }
        }
    }

    /// Shares the session with the copies of this tab from here on. False where the browser has no
    /// means for it and this tab is a copy itself: then the session is the other tab's, and is no
    /// longer this one's.
    pub fn share(&self) -> bool {
        if self.tabs.get().is_some() {
            return true;
        }
        let session = self.clone();
        let Some(tabs) = Tabs::open(&self.of.id, move |message| session.hear(message)) else {
            let is_claimed = Storage::open().is_ok_and(|storage| claim(&storage));
            if !is_claimed {
                self.is_closed.store(true, Ordering::Relaxed);
                end(Farewell::NotShared);
            }
            return is_claimed;
        };
        // Nobody else has set it since: nothing was waited for.
        let _ = self.tabs.set(SendWrapper::new(tabs));
        self.tell(&Message::Opened);
        self.count_copies();
        true
    }

    /// The page is shown again as it was left. False where the tab has another session by now, or
    /// none: then nothing of this one is good any more, and the page is to be loaded anew.
    pub fn is_back(&self) -> bool {
        let is_current = Storage::open().is_ok_and(|storage| self.is_current(&storage));
        if !is_current {
            self.is_closed.store(true, Ordering::Relaxed);
            self.is_left.store(true, Ordering::Relaxed);
        }
        if let Some(tabs) = self.tabs.get() {
            tabs.rejoin();
        }
        is_current
    }

    /// How many other tabs have this session, as far as is known. Follows when read reactively.
    pub fn copies(&self) -> usize {
        self.copies.get()
    }

    /// Finds out how many other tabs have this session.
    pub fn count_copies(&self) {
        let session = self.clone();
        spawn_local(async move {
            if let Some(tabs) = session.tabs.get()
                && let Some(others) = tabs.others().await
            {
                session.copies.set(others);
            }
        });
    }

    /// What a copy of this tab says.
    fn hear(&self, message: Message) {
        let generation = self.tokens.read_untracked().generation;
        match message {
            // It began with what this tab had, and missed the news.
            Message::Opened if self.is_signed_out() => self.tell(&Message::SignedOut),
            Message::Opened => self.count_copies(),
            // To a question of this tab, which hears it first.
            Message::Answer { .. } => {}
            Message::Ask { ask, generation: theirs } => {
                let news = (generation > theirs).then(|| self.news());
                let (is_in_doubt, pause) =
                    self.renewal.with_untracked(|renewal| (renewal.is_in_doubt(), renewal.pause(page::now())));
                self.tell(&Message::Answer { ask, news, is_in_doubt: is_in_doubt && generation == theirs, pause });
            }
            Message::Renewed(news) => self.adopt(news),
            Message::Ended { generation: theirs, ending } if theirs >= generation => self.conclude_over(ending),
            // Theirs were old tokens: it is not over.
            Message::Ended { .. } => self.tell_tokens(),
            Message::SignedOut => {
                let is_news = !self.is_signed_out.swap(true, Ordering::Relaxed);
                self.is_closed.store(true, Ordering::Relaxed);
                if is_news && Storage::open().is_ok_and(|storage| !self.is_replaced(&storage)) {
                    // The other one no longer asks this one, and so does not know of its doubt. What is under way
                    // ends with this page.
                    let is_in_doubt = self.renewal.with_untracked(|renewal| {
                        renewal.is_in_doubt() || matches!(renewal.phase(), Phase::Underway { .. })
                    });
                    end(if is_in_doubt { Farewell::SignedOutHereOnly } else { Farewell::SignedOutElsewhere });
                    page::go_instead(&page::base_path());
                }
            }
        }
    }

    /// Keeps what stands in the fields of this page, for when this person, by the name that [`owner`](Self::owner)
    /// gives them, is back; not of a session that the person signed out of, nor where it is not known whose it is.
    pub fn keep_draft(&self, owner: Option<&str>) -> Result<(), StorageError> {
        match (owner, Storage::open()) {
            (Some(owner), Ok(storage)) if !self.is_signed_out() && !self.is_left.load(Ordering::Relaxed) => {
                Draft::keep(&storage, owner)
            }
            _ => Ok(()),
        }
    }

    /// Whether the person signed out, here or in a copy of this tab.
    pub fn is_signed_out(&self) -> bool {
        self.is_signed_out.load(Ordering::Relaxed)
    }

    fn news(&self) -> News {
        let Tokens { access_info, generation } = self.tokens.get_untracked();
        News { generation, access_info }
    }

    fn tell_ended(&self) {
        if let Phase::Over(ending) = self.renewal.read_untracked().phase() {
            self.tell(&Message::Ended { generation: self.tokens.read_untracked().generation, ending });
        }
    }

    fn tell_tokens(&self) {
        self.tell(&Message::Renewed(self.news()));
    }

    fn tell(&self, message: &Message) {
        if let Some(tabs) = self.tabs.get() {
            tabs.tell(message);
        }
    }

    /// Whether this is what the tab has stored: another page of the tab may have ended it.
    fn is_current(&self, storage: &Storage) -> bool {
        self.tokens.read_untracked().are_stored(storage)
    }

    /// Whether another page of the tab has begun another session, which is not this one's to end.
    fn is_replaced(&self, storage: &Storage) -> bool {
        stored::is_any(storage) && !self.is_current(storage)
    }

    /// Forgets everything here and in the copies of this tab, and then ends the tokens at Looker;
    /// whatever Looker answers, and soon even if it does not.
    pub async fn sign_out(self) -> Farewell {
        self.is_signed_out.store(true, Ordering::Relaxed);
        self.is_closed.store(true, Ordering::Relaxed);
        end(Farewell::SignedOutHereOnly);
        self.tell(&Message::SignedOut);
        match within(SIGN_OUT_PATIENCE, async move { self.end_tokens().await }).await {
            Some(true) => {
                if let Ok(storage) = Storage::open()
                    && !stored::is_any(&storage)
                {
                    // As it is left in `end`.
                    let _ = Farewell::SignedOut.leave(&storage);
                }
                Farewell::SignedOut
            }
            Some(false) | None => Farewell::SignedOutHereOnly,
        }
    }

    /// Ends all tokens of the session at Looker; false where some may live on.
    async fn end_tokens(&self) -> bool {
        let is_in_doubt = || self.renewal.read_untracked().is_in_doubt();
        if matches!(self.renewal.read_untracked().phase(), Phase::Underway { .. }) || is_in_doubt() {
            // What comes of it has to end, too; and what does not come is as good as it is.
            let _ = self.renew_now().await;
        }
        let mut told = self.log_out().await;
        if told == Err(CallError::Api(ApiError::Unauthenticated)) {
            // The access token is dead, but the refresh token may live for weeks: only a new access token
            // can end it.
            told = match self.renew_now().await {
                Ok(()) => self.log_out().await,
                Err(error) => match self.renewal.read_untracked().phase() {
                    Phase::Over(Ending::Refused | Ending::NoRefreshToken) => return true,
                    Phase::Over(Ending::Rejected) => return self.is_logged_out.load(Ordering::Relaxed),
                    _ => Err(CallError::Renew(error)),
                },
            };
        }
        // In an answer that did not get here there may be others, which are good.
        told.is_ok() && !is_in_doubt()
    }
}

/// Forgets the session, and leaves word of it for the door. When Looker ended it, a sign-in may be
/// under way already that follows it, and the log tells why; otherwise both go too.
pub fn end(farewell: Farewell) {
    if farewell != Farewell::Ended {
        net::log::forget();
    }
    if let Ok(storage) = Storage::open() {
        stored::remove(&storage);
        if farewell != Farewell::Ended {
            Pending::forget_all(&storage);
        }
        Draft::forget(&storage);
        // Without it the door says nothing, which is no harm.
        let _ = farewell.leave(&storage);
    }
}
