//! Waiting that a person can stop.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    pin::pin,
    rc::Rc,
    task::{Poll, Waker},
};

/// What the door waits for, until the person stops it.
#[derive(Clone, Default)]
pub struct Waiting(Rc<State>);

#[derive(Default)]
struct State {
    is_stopped: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// The person stopped it.
pub struct Stopped;

impl Waiting {
    /// Waits for `work`. When the person stops it, it is dropped, which cancels the request that it is at.
    pub async fn until_done<T>(&self, work: impl Future<Output = T>) -> Result<T, Stopped> {
        let mut work = pin!(work);
        poll_fn(|context| {
            if self.0.is_stopped.get() {
                return Poll::Ready(Err(Stopped));
            }
            self.0.waker.replace(Some(context.waker().clone()));
            work.as_mut().poll(context).map(Ok)
        })
        .await
    }

    /// Stops it.
    pub fn stop(&self) {
        self.0.is_stopped.set(true);
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn what_is_stopped_is_dropped_and_what_is_done_is_not_lost() {
        let waiting = Waiting::default();
        assert!(matches!(waiting.until_done(ready(1)).now_or_never(), Some(Ok(1))));
        let work = Rc::new(());
        let held = work.clone();
        let mut wait = Box::pin(waiting.until_done(async move {
            pending::<()>().await;
            drop(held);
        }));
        assert!((&mut wait).now_or_never().is_none());
        waiting.stop();
        assert!(matches!((&mut wait).now_or_never(), Some(Err(Stopped))));
        drop(wait);
        assert_eq!(Rc::strong_count(&work), 1);
    }
}
