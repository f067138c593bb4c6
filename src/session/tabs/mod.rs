//! Copies of a tab. To duplicate a tab copies its `sessionStorage`, so both have the same tokens;
//! and a refresh token that Looker replaced must not be used by the other.
//!
//! One Web Lock lets one of them renew at a time; a BroadcastChannel carries the result to the
//! others. A message may arrive later than the lock, so whoever holds the lock first asks all
//! others for newer tokens; a second lock, which all hold together, tells how many have to answer.

mod locks;
mod message;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use futures_channel::oneshot;
use leptos::prelude::set_timeout;
use looker::Timestamp;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::SessionId;
use crate::{net::json, page};

use locks::{Held, LockManager};
pub use message::{Message, News};

/// How long a copy may take to answer, in milliseconds; who is slower is not there.
const PATIENCE: i32 = 1_000;

/// How long to wait for the others to have renewed, in milliseconds: two of them that get no
/// answer from Looker.
const TURN_PATIENCE: u32 = 65_000;

/// The copies of this tab, seen from one of them.
pub struct Tabs {
    locks: LockManager,
    /// The lock of whoever renews.
    turn: String,
    /// The lock that all hold.
    open: String,
    /// Whether this tab does.
    is_held: Rc<Cell<bool>>,
    channel: BroadcastChannel,
    question: Rc<RefCell<Option<Question>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

/// A question that is being answered.
struct Question {
    number: u64,
    awaited: usize,
    told: Told,
    done: oneshot::Sender<Told>,
}

/// What the other tabs know of the session's tokens.
#[derive(Debug, Default)]
pub struct Told {
    /// Newer ones, if any tab has some.
    pub newest: Option<News>,
    /// Whether Looker may have replaced them in an answer that got to no tab.
    pub is_in_doubt: bool,
    /// Until when Looker asked to wait, if it did.
    pub pause: Option<Timestamp>,
}

impl Question {
    fn end(self) {
        // Whoever asked may be gone.
        let _ = self.done.send(self.told);
    }
}

/// No turn came within [`TURN_PATIENCE`].
pub struct NoTurn;

impl Tabs {
    /// Joins the tabs of a session; `hear` is given what they say. Nothing where the browser has no
    /// means for it.
    pub fn open(id: &SessionId, hear: impl Fn(Message) + 'static) -> Option<Self> {
        if id.as_str().is_empty() {
            return None;
        }
        let locks = LockManager::of_this_browser()?;
        let turn = ["sightline.", id.as_str()].concat();
        let open = [&turn, ".open"].concat();
        let channel = BroadcastChannel::new(&turn).ok()?;
        let question: Rc<RefCell<Option<Question>>> = Rc::default();
        let on_message = {
            let question = question.clone();
            Closure::new(move |event: MessageEvent| match read(&event) {
                Some(Message::Answer { ask, news, is_in_doubt, pause }) => {
                    note_answer(&question, ask, Told { newest: news, is_in_doubt, pause });
                }
                Some(message) => hear(message),
                None => {}
            })
        };
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        let tabs = Self { locks, turn, open, is_held: Rc::default(), channel, question, _on_message: on_message };
        tabs.rejoin();
        Some(tabs)
    }

    /// Holds the lock of all tabs, also after this page was put aside: browsers take the locks of
    /// such a page, and it hears nothing meanwhile.
    pub fn rejoin(&self) {
        self.is_held.set(false);
        let is_held = self.is_held.clone();
        self.locks.share(&self.open, move || is_held.set(true));
    }

    /// Waits until no other tab renews; none begins before what this returns is dropped.
    pub async fn turn(&self) -> Result<Held, NoTurn> {
        self.locks.exclusive(&self.turn, TURN_PATIENCE).await.ok_or(NoTurn)
    }

    /// What the other tabs know of tokens that were renewed so often. To be asked by whoever has the turn.
    pub async fn ask(&self, generation: u64) -> Told {
        let awaited = self.others().await.unwrap_or(0);
        if awaited == 0 {
            return Told::default();
        }
        let number = page::random();
        let (done, told) = oneshot::channel();
        self.question.replace(Some(Question { number, awaited, told: Told::default(), done }));
        self.tell(&Message::Ask { ask: number, generation });
        let question = self.question.clone();
        set_timeout(
            move || {
                let is_open = question.borrow().as_ref().is_some_and(|question| question.number == number);
                if is_open && let Some(question) = question.take() {
                    question.end();
                }
            },
            std::time::Duration::from_millis(PATIENCE as u64),
        );
        told.await.unwrap_or_default()
    }

    /// How many other tabs there are; nothing where the browser does not say.
    pub async fn others(&self) -> Option<usize> {
        let holders = self.locks.holders(&self.open).await?;
        Some(holders.saturating_sub(usize::from(self.is_held.get())))
    }

    /// Says something to all other tabs.
    pub fn tell(&self, message: &Message) {
        // Fails only after the channel was closed, and nobody closes it.
        let _ = self.channel.post_message(&message.to_json().into());
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        // What it would call is gone.
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}

/// What is said, if it is said from here and makes sense.
fn read(event: &MessageEvent) -> Option<Message> {
    if event.origin() != page::origin() {
        return None;
    }
    Message::from_json(&json::parse(&event.data().as_string()?).ok()?)
}

fn note_answer(question: &RefCell<Option<Question>>, number: u64, answer: Told) {
    let mut open = question.borrow_mut();
    let Some(asked) = open.as_mut().filter(|asked| asked.number == number) else { return };
    asked.awaited -= 1;
    let generation = |news: &Option<News>| news.as_ref().map(|news| news.generation);
    asked.told.is_in_doubt |= answer.is_in_doubt;
    asked.told.pause = asked.told.pause.max(answer.pause);
    if generation(&answer.newest) > generation(&asked.told.newest) {
        asked.told.newest = answer.newest;
    }
    if asked.awaited == 0
        && let Some(question) = open.take()
    {
        question.end();
    }
}
