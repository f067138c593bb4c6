//! What the page is doing: one thing at a time, which can be stopped.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

use futures_channel::oneshot;
use leptos::{prelude::*, task::spawn_local};

/// What the page can be doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It waits for the person.
    Nothing,
    /// It looks for the hosts of an instance.
    Finding,
    /// It checks an instance.
    Checking,
}

/// What the page is doing.
#[derive(Clone, Copy)]
pub struct Work {
    doing: RwSignal<Doing>,
    stop: StoredValue<Option<oneshot::Sender<()>>>,
}

impl Work {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { doing: RwSignal::new(Doing::Nothing), stop: StoredValue::new(None) }
    }

    /// What it is.
    pub fn doing(self) -> Doing {
        self.doing.get()
    }

    /// Begins something, in place of what goes on.
    pub fn begin(self, doing: Doing, work: impl Future<Output = ()> + 'static) {
        let (sender, receiver) = oneshot::channel();
        self.stop.set_value(Some(sender));
        self.doing.set(doing);
        spawn_local(async move {
            if unless_stopped(work, receiver).await {
                self.doing.set(Doing::Nothing);
            }
        });
    }

    /// Stops what goes on, if anything does.
    pub fn stop(self) {
        self.stop.set_value(None);
        self.doing.set(Doing::Nothing);
    }
}

/// Does it until it has ended, which is true, or until the other end of `stop` is gone.
async fn unless_stopped(work: impl Future<Output = ()>, mut stop: oneshot::Receiver<()>) -> bool {
    let mut work = pin!(work);
    poll_fn(|context| {
        if Pin::new(&mut stop).poll(context).is_ready() {
            return Poll::Ready(false);
        }
        work.as_mut().poll(context).map(|()| true)
    })
    .await
}
