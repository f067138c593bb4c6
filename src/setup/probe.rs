//! Asks hosts what they are.

use futures_channel::oneshot;
use looker::{
    Answer, BaseUrl, Request, UrlError,
    discovery::{self, Hosts},
};
use wasm_bindgen_futures::spawn_local;

use super::{checks::Touch, policy};
use crate::{
    net::{
        self, TransportError, Try,
        diagnosis::{self, Reach},
    },
    page,
    session::within,
};

/// Finds out whether anybody answers at an API host, by a request whose answer is not read.
pub async fn touch(base_url: &BaseUrl) -> Touch {
    let (_listening, forbidden) = policy::listen(base_url);
    let began = page::uptime();
    match diagnosis::reach(base_url).await {
        Reach::Offline => Touch::Offline,
        Reach::Answers => Touch::Answers,
        Reach::Silent if page::uptime() >= began + u64::from(diagnosis::PATIENCE) => Touch::Silence,
        Reach::Silent if !is_reported(forbidden).await => Touch::Refused,
        // Of a redirect to where the policy does not let the page go, a browser reports the address that was asked.
        // Without redirects, nothing is reported but what the policy says of that address itself.
        Reach::Silent => {
            let (_listening, forbidden) = policy::listen(base_url);
            match alive(base_url).await {
                Ok(_) => Touch::Answers,
                Err(_) if is_reported(forbidden).await => Touch::Forbidden,
                Err(_) => Touch::Redirected,
            }
        }
    }
}

/// Whether the policy is reported to have forbidden a request that has failed.
async fn is_reported(forbidden: oneshot::Receiver<()>) -> bool {
    matches!(within(policy::LATE, forbidden).await, Some(Ok(())))
}

/// Asks an API host for `/versions`.
pub async fn versions(base_url: &BaseUrl) -> Result<Answer, TransportError> {
    net::send(&discovery::versions(base_url), Try::First).await
}

/// Asks an API host for `/alive`.
pub async fn alive(base_url: &BaseUrl) -> Result<Answer, TransportError> {
    net::send(&discovery::alive(base_url), Try::First).await
}

/// What a search came to. Shown for correction, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Looker says so, or its API answers there.
    Said(Hosts),
    /// Somebody answers there, and this page may not read what: the likeliest.
    Guessed(Hosts),
    /// Nobody answers at any: the likeliest of all.
    Nobody(Hosts),
}

/// Finds the hosts that a pasted address means.
pub async fn find(pasted: &str) -> Result<Found, UrlError> {
    let guesses = Hosts::guess(pasted)?;
    let mut doors = Doors::default();
    for guess in &guesses {
        doors.knock(&BaseUrl::parse(guess.looker_url.as_str())?);
        doors.knock(&guess.base_url);
    }
    let mut asked: Vec<Request> = Vec::new();
    for guess in &guesses {
        let metadata = guess.metadata()?;
        if doors.open(guess.looker_url.as_str()).await
            && is_new(&mut asked, &metadata)
            && let Ok(answer) = net::send(&metadata, Try::First).await
            && let Ok(hosts) = Hosts::from_metadata(&answer)
        {
            return Ok(Found::Said(hosts));
        }
        let versions = discovery::versions(&guess.base_url);
        if doors.open(guess.base_url.as_str()).await
            && is_new(&mut asked, &versions)
            && let Ok(answer) = net::send(&versions, Try::First).await
        {
            if let Ok(hosts) = Hosts::from_versions(&answer) {
                return Ok(Found::Said(hosts));
            }
            // It does not say where its pages are, as behind some proxies.
            if discovery::release(&answer).is_ok() {
                return Ok(doors
                    .pages_of(&guess.base_url, &guesses)
                    .await
                    .map_or_else(|| Found::Guessed(guess.clone()), Found::Said));
            }
        }
    }
    for guess in &guesses {
        if doors.open(guess.base_url.as_str()).await {
            let pages = doors.pages_of(&guess.base_url, &guesses).await;
            return Ok(Found::Guessed(pages.unwrap_or_else(|| guess.clone())));
        }
    }
    guesses.into_iter().next().map(Found::Nobody).ok_or(UrlError::Host)
}

/// Whether a request was not made before.
fn is_new(asked: &mut Vec<Request>, request: &Request) -> bool {
    let is_new = asked.iter().all(|other| other.url() != request.url());
    asked.push(request.clone());
    is_new
}

/// Hosts at which it is tried whether anybody answers: at all of them at once, since a firewall may leave each without
/// an answer, and each is waited for only when it matters.
#[derive(Default)]
struct Doors(Vec<Door>);

struct Door {
    host: BaseUrl,
    told: Option<oneshot::Receiver<bool>>,
    is_open: bool,
}

impl Doors {
    fn knock(&mut self, host: &BaseUrl) {
        if self.0.iter().any(|door| door.host == *host) {
            return;
        }
        let (tell, told) = oneshot::channel();
        let knocked = host.clone();
        spawn_local(async move {
            // Whoever stopped the search no longer waits.
            let _ = tell.send(diagnosis::reach(&knocked).await == Reach::Answers);
        });
        self.0.push(Door { host: host.clone(), told: Some(told), is_open: false });
    }

    /// Whether somebody answers at this host.
    async fn open(&mut self, host: &str) -> bool {
        let Some(door) = self.0.iter_mut().find(|door| door.host.as_str() == host) else { return false };
        if let Some(told) = door.told.take() {
            door.is_open = told.await.unwrap_or_default();
        }
        door.is_open
    }

    /// The guess with this API host of which the pages answer, too.
    async fn pages_of(&mut self, base_url: &BaseUrl, guesses: &[Hosts]) -> Option<Hosts> {
        for guess in guesses {
            if guess.base_url == *base_url && self.open(guess.looker_url.as_str()).await {
                return Some(guess.clone());
            }
        }
        None
    }
}
