//! Asks hosts what they are.

use futures_channel::oneshot;
use looker::{
    Answer, BaseUrl, UrlError,
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
    let mut hosts = Vec::new();
    for Hosts { looker_url, base_url } in &guesses {
        for host in [BaseUrl::parse(looker_url.as_str())?, base_url.clone()] {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
    }
    let answering = answering(hosts).await;
    let answers = |host: &str| answering.iter().any(|other| other.as_str() == host);
    let mut asked = Vec::new();
    for guess in &guesses {
        if answers(guess.looker_url.as_str())
            && !asked.contains(&guess.looker_url)
            && let Ok(answer) = net::send(&guess.metadata()?, Try::First).await
            && let Ok(hosts) = Hosts::from_metadata(&answer)
        {
            return Ok(Found::Said(hosts));
        }
        asked.push(guess.looker_url.clone());
    }
    let mut asked = Vec::new();
    for guess in &guesses {
        if answers(guess.base_url.as_str())
            && !asked.contains(&guess.base_url)
            && let Ok(answer) = versions(&guess.base_url).await
        {
            if let Ok(hosts) = Hosts::from_versions(&answer) {
                return Ok(Found::Said(hosts));
            }
            // It does not say where its pages are, as some proxies have it.
            if discovery::release(&answer).is_ok() {
                return Ok(Found::Said(guess.clone()));
            }
        }
        asked.push(guess.base_url.clone());
    }
    let both = |guess: &&Hosts| answers(guess.looker_url.as_str()) && answers(guess.base_url.as_str());
    if let Some(guess) =
        guesses.iter().find(both).or_else(|| guesses.iter().find(|guess| answers(guess.base_url.as_str())))
    {
        return Ok(Found::Guessed(guess.clone()));
    }
    guesses.into_iter().next().map(Found::Nobody).ok_or(UrlError::Host)
}

/// Those of these hosts where somebody answers. All are asked at once: a firewall may leave each without an answer.
async fn answering(hosts: Vec<BaseUrl>) -> Vec<BaseUrl> {
    let asked: Vec<_> = hosts
        .into_iter()
        .map(|host| {
            let (tell, told) = oneshot::channel();
            spawn_local(async move {
                let reach = diagnosis::reach(&host).await;
                // Whoever stopped the search no longer waits.
                let _ = tell.send((reach == Reach::Answers).then_some(host));
            });
            told
        })
        .collect();
    let mut answering = Vec::new();
    for told in asked {
        answering.extend(told.await.ok().flatten());
    }
    answering
}
