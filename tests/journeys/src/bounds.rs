//! How often the app may be loaded, and may ask for tokens, in one journey: a loop would do either
//! without end.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::stage::Stage;

/// Not stated by the journey.
const ACTS: usize = usize::MAX;

/// What a journey did, and the bounds that it stated.
#[derive(Debug)]
pub(crate) struct Bounds {
    acts: AtomicUsize,
    page_loads: AtomicUsize,
    token_requests: AtomicUsize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { acts: AtomicUsize::new(0), page_loads: AtomicUsize::new(ACTS), token_requests: AtomicUsize::new(ACTS) }
    }
}

/// What is wrong with this many, where `stated` is the journey's bound; with none, each act may lead
/// to one.
fn excess(what: &str, seen: usize, stated: usize, acts: usize) -> Option<String> {
    let bound = if stated == ACTS { acts } else { stated };
    (seen > bound).then(|| format!("{seen} {what} came of {acts} acts, and {bound} are the bound: is it a loop?"))
}

impl Stage {
    /// Notes an act of the person or of the world that may lead to one load of the app and to one
    /// token request.
    pub fn acts(&self, step: impl Into<String>) {
        self.bounds.acts.fetch_add(1, Relaxed);
        self.trail.note(step);
    }

    /// Bounds the loads of the app in this journey by this number, instead of by one for each act.
    pub fn bounds_page_loads(&self, most: usize) {
        self.bounds.page_loads.store(most, Relaxed);
    }

    /// Bounds the token requests in this journey by this number, instead of by one for each act.
    pub fn bounds_token_requests(&self, most: usize) {
        self.bounds.token_requests.store(most, Relaxed);
    }

    /// Makes sure that nothing went round in a loop.
    pub(crate) async fn went_round_in_no_loop(&self) {
        let Bounds { acts, page_loads, token_requests } = &self.bounds;
        let acts = acts.load(Relaxed);
        let sent = self.looker.token_requests_in_all().await;
        let loads = excess("loads of the app", self.site.pages(), page_loads.load(Relaxed), acts);
        let requests = excess("token requests", sent, token_requests.load(Relaxed), acts);
        if let Some(excess) = loads.or(requests) {
            self.fail(&excess).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_one_for_each_act_or_than_the_journey_stated_is_too_much() {
        for (seen, stated, acts, is_too_much) in [
            (0, ACTS, 0, false),
            (1, ACTS, 0, true),
            (5, ACTS, 5, false),
            (6, ACTS, 5, true),
            (6, 6, 5, false),
            (7, 6, 5, true),
            (3, 2, 5, true),
        ] {
            assert_eq!(excess("loads", seen, stated, acts).is_some(), is_too_much, "{seen} {stated} {acts}");
        }
    }
}
