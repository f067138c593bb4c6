//! Waiting, but not for ever.

use std::{cell::Cell, rc::Rc, time::Duration};

use futures_channel::oneshot;
use leptos::prelude::set_timeout;
use wasm_bindgen_futures::spawn_local;

/// What `work` comes to, if it does `within` this time. It goes on all the same.
pub async fn within<T: 'static>(time: Duration, work: impl Future<Output = T> + 'static) -> Option<T> {
    let (done, result) = oneshot::channel();
    let done = Rc::new(Cell::new(Some(done)));
    let over = done.clone();
    set_timeout(move || drop(over.take()), time);
    spawn_local(async move {
        let came = work.await;
        if let Some(done) = done.take() {
            // Whoever asked may be gone.
            let _ = done.send(came);
        }
    });
    result.await.ok()
}
