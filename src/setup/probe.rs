//! Asks hosts what they are.

use looker::{
    BaseUrl, UrlError,
    discovery::{self, Hosts},
};

use super::checks::Seen;
use crate::net::{self, Try, diagnosis};

/// Asks an API host for `/versions`.
pub async fn ask(base_url: &BaseUrl) -> Seen {
    match net::send_cancellably(&discovery::versions(base_url), Try::First).await {
        Ok(answer) => Seen::Answer(answer),
        Err(error) => Seen::Nothing(error, diagnosis::reach(base_url).await),
    }
}

/// Finds the hosts that a pasted address means: what Looker itself names, or else the likeliest where
/// somebody answers, or else the likeliest. Shown for correction, whatever it is.
pub async fn find(pasted: &str) -> Result<Hosts, UrlError> {
    let guesses = Hosts::guess(pasted)?;
    let mut likeliest = None;
    for guess in &guesses {
        if let Ok(answer) = net::send_cancellably(&guess.metadata()?, Try::First).await
            && let Ok(hosts) = Hosts::from_metadata(&answer)
        {
            return Ok(hosts);
        }
        match ask(&guess.base_url).await {
            Seen::Answer(answer) => {
                if let Ok(hosts) = Hosts::from_versions(&answer) {
                    return Ok(hosts);
                }
            }
            Seen::Nothing(_, diagnosis::Reach::Answers) => likeliest = likeliest.or(Some(guess.clone())),
            Seen::Nothing(_, diagnosis::Reach::Silent | diagnosis::Reach::Offline) => {}
        }
    }
    likeliest.or_else(|| guesses.into_iter().next()).ok_or(UrlError::Host)
}
