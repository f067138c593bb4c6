//! Asks hosts what they are.

use futures_channel::oneshot;
use looker::{
    Answer, BaseUrl, UrlError,
    discovery::{self, Hosts},
};

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

/// Finds the hosts that a pasted address means: what Looker itself names, or else the likeliest where
/// somebody answers, or else the likeliest. Shown for correction, whatever it is.
pub async fn find(pasted: &str) -> Result<Hosts, UrlError> {
    let guesses = Hosts::guess(pasted)?;
    let mut likeliest = None;
    for guess in &guesses {
        if let Ok(answer) = net::send(&guess.metadata()?, Try::First).await
            && let Ok(hosts) = Hosts::from_metadata(&answer)
        {
            return Ok(hosts);
        }
        match versions(&guess.base_url).await {
            Ok(answer) => {
                if let Ok(hosts) = Hosts::from_versions(&answer) {
                    return Ok(hosts);
                }
            }
            Err(_) if likeliest.is_none() && diagnosis::reach(&guess.base_url).await == Reach::Answers => {
                likeliest = Some(guess.clone());
            }
            Err(_) => {}
        }
    }
    likeliest.or_else(|| guesses.into_iter().next()).ok_or(UrlError::Host)
}
