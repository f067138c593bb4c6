//! Which hosts an address may mean that somebody copied from their browser.

use crate::{
    Answer, AnswerError, BaseUrl, LookerUrl, Method, Request, UrlError,
    url::{is_loopback, split_origin},
};

/// The port of the pages where Looker does not use the scheme's own.
const PAGES: &str = "9999";
/// The port of the API where it is not served with the pages.
const API: &str = "19999";

/// The two hosts of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    /// The host of its pages.
    pub looker_url: LookerUrl,
    /// The host of its API.
    pub base_url: BaseUrl,
}

impl Hosts {
    /// The hosts that an address may mean, the likeliest first; never none. It may be any address of a
    /// Looker, a page deep inside it too; without a scheme it is taken for https, or for http on this
    /// machine.
    ///
    /// ```
    /// # use looker::discovery::Hosts;
    /// let hosts = Hosts::guess("my.looker.com/dashboards/7")?;
    /// assert_eq!(hosts[0].looker_url.as_str(), "https://my.looker.com");
    /// assert!(hosts.iter().any(|hosts| hosts.base_url.as_str() == "https://my.looker.com:19999"));
    /// # Ok::<(), looker::UrlError>(())
    /// ```
    pub fn guess(pasted: &str) -> Result<Vec<Self>, UrlError> {
        let pasted = pasted.trim();
        // In a query behind a host, a scheme is another address's.
        let before_path = pasted.split(['/', '?', '#']).next().unwrap_or_default();
        let with_scheme = if pasted.get(before_path.len()..).is_some_and(|rest| rest.starts_with("//")) {
            pasted.to_owned()
        } else {
            let host = match before_path.rsplit_once(':') {
                Some((host, port)) if !port.ends_with(']') => host,
                _ => before_path,
            };
            let scheme = if is_loopback(&host.to_ascii_lowercase()) { "http://" } else { "https://" };
            [scheme, pasted].concat()
        };
        let (origin, _) = split_origin(&with_scheme)?;
        let (bare, port) = match origin.rsplit_once(':') {
            Some((bare, port)) if !bare.ends_with("http") && !bare.ends_with("https") && !port.ends_with(']') => {
                (bare, Some(port))
            }
            _ => (origin.as_str(), None),
        };
        let at = |port: &str| [bare, ":", port].concat();
        let pairs = match port {
            None => vec![(bare.into(), bare.into()), (bare.into(), at(API)), (at(PAGES), at(API))],
            Some(API) => vec![(at(PAGES), at(API)), (bare.into(), at(API))],
            Some(port) => vec![(at(port), at(API)), (at(port), at(port))],
        };
        pairs
            .into_iter()
            .map(|(looker, base): (String, String)| {
                Ok(Self { looker_url: LookerUrl::parse(&looker)?, base_url: BaseUrl::parse(&base)? })
            })
            .collect()
    }

    /// Where these pages would have the metadata of RFC 8414, which names the API's host.
    pub fn metadata(&self) -> Result<Request, UrlError> {
        let host = BaseUrl::parse(self.looker_url.as_str())?;
        Ok(Request::open(Method::Get, &host, "/.well-known/oauth-authorization-server", None))
    }

    /// The hosts that the metadata names.
    pub fn from_metadata(answer: &Answer) -> Result<Self, AnswerError> {
        let json = answer.object()?;
        let looker = json.text("issuer").map_err(AnswerError::Field)?;
        let token_endpoint = json.text("token_endpoint").map_err(AnswerError::Field)?;
        Self::named(answer, looker, token_endpoint.strip_suffix("/api/token").unwrap_or(token_endpoint))
    }

    /// The hosts that `GET /versions` names.
    pub fn from_versions(answer: &Answer) -> Result<Self, AnswerError> {
        let json = answer.object()?;
        let looker = json.text("web_server_url").map_err(AnswerError::Field)?;
        let base = json.text("api_server_url").map_err(AnswerError::Field)?;
        Self::named(answer, looker, base)
    }

    fn named(answer: &Answer, looker: &str, base: &str) -> Result<Self, AnswerError> {
        match (LookerUrl::parse(looker), BaseUrl::parse(base)) {
            (Ok(looker_url), Ok(base_url)) => Ok(Self { looker_url, base_url }),
            _ => Err(AnswerError::NotJson { status: answer.status }),
        }
    }
}

/// `GET /versions`, which needs no token: which Looker is at this API host.
pub fn versions(base_url: &BaseUrl) -> Request {
    Request::open(Method::Get, base_url, "/versions", None)
}

/// `GET /alive`, which needs no token and answers with nothing: whether an API is at this host.
pub fn alive(base_url: &BaseUrl) -> Request {
    Request::open(Method::Get, base_url, "/alive", None)
}

/// The release that `GET /versions` tells, and whether it serves the API 4.0.
pub fn release(answer: &Answer) -> Result<(String, bool), AnswerError> {
    let json = answer.object()?;
    let release = answer.shown_text("looker_release_version");
    let release = release.map_or_else(|| json.text("looker_release_version").map(str::to_owned), Ok);
    let supported = json.list("supported_versions").map_err(AnswerError::Field)?;
    let serves_4_0 = supported.iter().any(|version| version.text("version") == Ok("4.0"));
    Ok((release.map_err(AnswerError::Field)?, serves_4_0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::tests::json_answer;

    #[test]
    fn any_address_of_a_looker_tells_its_likely_hosts() {
        let hosted =
            ["https://my.looker.com https://my.looker.com", "https://my.looker.com https://my.looker.com:19999"];
        let all = [hosted[0], hosted[1], "https://my.looker.com:9999 https://my.looker.com:19999"];
        for (pasted, likely) in [
            ("https://my.looker.com", &all[..]),
            (" my.looker.com/ ", &all),
            ("HTTPS://My.Looker.com:443/explore/thelook/orders?fields=a:b#x", &all),
            ("https://my.looker.com:9999/login", &[all[2], "https://my.looker.com:9999 https://my.looker.com:9999"]),
            ("my.looker.com:19999", &[all[2], all[1]]),
            (
                "localhost:9999/folders/home",
                &["http://localhost:9999 http://localhost:19999", "http://localhost:9999 http://localhost:9999"],
            ),
            ("[::1]:9999", &["http://[::1]:9999 http://[::1]:19999", "http://[::1]:9999 http://[::1]:9999"]),
            ("my.looker.com/login?back=https://other.example/", &all),
            (
                "https://[2001:db8::1]/x",
                &[
                    "https://[2001:db8::1] https://[2001:db8::1]",
                    "https://[2001:db8::1] https://[2001:db8::1]:19999",
                    "https://[2001:db8::1]:9999 https://[2001:db8::1]:19999",
                ],
            ),
            (
                "https://my.looker.com:8443",
                &[
                    "https://my.looker.com:8443 https://my.looker.com:19999",
                    "https://my.looker.com:8443 https://my.looker.com:8443",
                ],
            ),
        ] {
            let guesses = Hosts::guess(pasted).unwrap();
            let guesses: Vec<_> =
                guesses.iter().map(|hosts| [hosts.looker_url.as_str(), hosts.base_url.as_str()].join(" ")).collect();
            assert_eq!(guesses, likely, "{pasted}");
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (pasted, wrong) in [
            ("", UrlError::Host),
            ("my looker", UrlError::Host),
            ("ftp://my.looker.com", UrlError::Scheme),
            ("http://my.looker.com", UrlError::Insecure),
            ("https://my.looker.com:port", UrlError::Port),
            ("https://ada:pw@my.looker.com", UrlError::User),
        ] {
            assert_eq!(Hosts::guess(pasted), Err(wrong), "{pasted}");
        }
    }

    #[test]
    fn what_looker_names_is_checked_like_a_strangers() {
        let hosts = |looker: &str, base: &str| Hosts {
            looker_url: LookerUrl::parse(looker).unwrap(),
            base_url: BaseUrl::parse(base).unwrap(),
        };
        let found = hosts("https://l.example", "https://l.example:19999");
        let versions =
            json_answer(200, r#"{"web_server_url":"https://l.example/","api_server_url":"https://l.example:19999"}"#);
        assert_eq!(Hosts::from_versions(&versions), Ok(found.clone()));
        let metadata =
            json_answer(200, r#"{"issuer":"https://l.example","token_endpoint":"https://l.example:19999/api/token"}"#);
        assert_eq!(Hosts::from_metadata(&metadata), Ok(found));
        for odd in [
            "{}",
            r#"{"web_server_url":"javascript:x","api_server_url":"https://l.example"}"#,
            r#"{"issuer":"https://l.example","token_endpoint":"http://l.example/api/token"}"#,
        ] {
            assert!(Hosts::from_versions(&json_answer(200, odd)).is_err(), "{odd}");
            assert!(Hosts::from_metadata(&json_answer(200, odd)).is_err(), "{odd}");
        }
    }

    #[test]
    fn the_release_is_told_with_whether_it_serves_the_api() {
        for (text, told) in [
            (
                r#"{"looker_release_version":"26.12.0","supported_versions":[{"version":"3.1"},{"version":"4.0"}]}"#,
                Some(("26.12.0", true)),
            ),
            (
                r#"{"looker_release_version":"7.20.1","supported_versions":[{"version":"3.1"}]}"#,
                Some(("7.20.1", false)),
            ),
            (r#"{"supported_versions":[]}"#, None),
            (r#"{"looker_release_version":"26.12.0"}"#, None),
        ] {
            let told = told.map(|(release, serves)| (release.to_owned(), serves));
            assert_eq!(release(&json_answer(200, text)).ok(), told, "{text}");
        }
    }
}
