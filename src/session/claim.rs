//! For browsers without Web Locks or BroadcastChannel: which of two copies of a tab keeps the
//! session.

use leptos::{
    ev,
    prelude::{set_timeout, window_event_listener, window_event_listener_untyped},
};

use super::Storage;
use crate::page;

/// Stands in the tab's storage while a page of it has the session.
const KEY: &str = "open";

/// Claims the session for this page. False where another page has it: then this tab is a copy of
/// that one, made while it was open.
///
/// A browser that crashed leaves the claim behind; then the session it restores is lost, and a new
/// sign-in is needed.
pub fn claim(storage: &Storage) -> bool {
    // The claim was copied with the rest, and is the other tab's.
    if storage.take(KEY).is_some() {
        return false;
    }
    let set = {
        let storage = storage.clone();
        move || {
            // Where there is no room for it, a copy is not noticed.
            let _ = storage.set(KEY, "1");
        }
    };
    set();
    let storage = storage.clone();
    let give_up = move || storage.remove(KEY);
    // Where the next page is another process's, Firefox may open it before this one has gone; and not every
    // browser tells beforehand.
    window_event_listener_untyped("beforeunload", {
        let (give_up, set) = (give_up.clone(), set.clone());
        move |_| {
            give_up();
            // Nobody tells a page that it stays after all.
            set_timeout(set.clone(), page::LONGEST_WAY);
        }
    });
    window_event_listener(ev::pagehide, move |_| give_up());
    window_event_listener(ev::pageshow, move |_| set());
    true
}
