//! What the page's own policy (Content-Security-Policy) forbids, as the browser reports it to the page. To
//! the request itself nothing of it is told.

use std::{cell::Cell, rc::Rc, time::Duration};

use futures_channel::oneshot;
use leptos::prelude::{WindowListenerHandle, window_event_listener_untyped};
use looker::BaseUrl;
use wasm_bindgen::JsCast;
use web_sys::SecurityPolicyViolationEvent;

/// How much later than the failure of a request the report of it may come.
pub const LATE: Duration = Duration::from_millis(250);

/// Listens until it is dropped.
pub struct Listening {
    listener: Cell<Option<WindowListenerHandle>>,
    tell: Tell,
}

type Tell = Rc<Cell<Option<oneshot::Sender<()>>>>;

impl Drop for Listening {
    fn drop(&mut self) {
        self.tell.take();
        if let Some(listener) = self.listener.take() {
            listener.remove();
        }
    }
}

/// Listens for a report that the policy forbids to ask `base_url`, which ends what comes second.
pub fn listen(base_url: &BaseUrl) -> (Listening, oneshot::Receiver<()>) {
    let (tell, told) = oneshot::channel();
    let tell = Rc::new(Cell::new(Some(tell)));
    let base_url = base_url.clone();
    let reported = tell.clone();
    let listener = window_event_listener_untyped("securitypolicyviolation", move |event| {
        // The browser makes no other events of this name.
        let event: SecurityPolicyViolationEvent = event.unchecked_into();
        if forbids(&event.effective_directive(), &event.blocked_uri(), &base_url)
            && let Some(tell) = reported.take()
        {
            // Whoever asked may be gone.
            let _ = tell.send(());
        }
    });
    (Listening { listener: Cell::new(Some(listener)), tell }, told)
}

/// Whether a report of this directive and this address says that the policy forbids to ask `base_url`. Of
/// another host's address a browser may tell the origin alone.
fn forbids(directive: &str, blocked: &str, base_url: &BaseUrl) -> bool {
    let path = blocked.strip_prefix(base_url.as_str());
    directive == "connect-src" && path.is_some_and(|path| path.is_empty() || path.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_report_of_a_request_to_that_host_counts() {
        let base_url = BaseUrl::parse("https://l.example:19999").unwrap();
        for (directive, blocked, counts) in [
            ("connect-src", "https://l.example:19999/alive", true),
            ("connect-src", "https://l.example:19999", true),
            ("connect-src", "https://l.example:19999/", true),
            ("connect-src", "https://l.example:199990/alive", false),
            ("connect-src", "https://l.example/alive", false),
            ("connect-src", "", false),
            ("img-src", "https://l.example:19999/alive", false),
        ] {
            assert_eq!(forbids(directive, blocked, &base_url), counts, "{directive} {blocked}");
        }
    }
}
