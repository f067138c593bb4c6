//! What is found out without credentials: the address, the host, its certificate, and whether it is Looker's API.

use looker::{Answer, BaseUrl, MediaType, UrlError, api::versions};

use super::check::{Check, Subject};
use crate::{
    settings::SettingsError,
    transport_error::{TransportError, TransportKind},
    trouble::{self, Message},
};

/// What the settings say about the address.
pub fn address(base_url: &Result<BaseUrl, SettingsError>) -> Vec<Check> {
    match base_url {
        Ok(url) => {
            let https = if is_https(url) { "https" } else { "http, on this machine" };
            vec![Check::good(Subject::Address, url.as_str()), Check::good(Subject::Https, https)]
        }
        Err(error @ SettingsError::Url { error: UrlError::Insecure, place }) => vec![
            Check::good(Subject::Address, format!("{place} names a host")),
            Check::bad(Subject::Https, trouble::settings(error)),
        ],
        Err(error) => vec![Check::bad(Subject::Address, trouble::settings(error))],
    }
}

fn is_https(url: &BaseUrl) -> bool {
    url.as_str().starts_with("https:")
}

/// What an answer to `/alive`, or none, says about the host.
pub fn reach(base_url: &BaseUrl, verify_ssl: bool, alive: &Result<Answer, TransportError>) -> Vec<Check> {
    let answers = Check::good(Subject::Host, "answers");
    let certificate = match (is_https(base_url), verify_ssl) {
        (false, _) => Check::skipped(Subject::Certificate, "http has none"),
        (true, true) => Check::good(Subject::Certificate, "trusted"),
        (true, false) => Check::look(
            Subject::Certificate,
            Message::new(
                "not checked (verify_ssl is false)",
                "Whoever is in between can read the credentials. People's browsers do check it.",
                "Leave out verify_ssl, and name the certificate's authority with --ca-file FILE.",
            ),
        ),
    };
    let answer = match alive {
        Ok(answer) => answer,
        Err(error) => {
            let message = trouble::transport(base_url, error);
            return match error.kind {
                TransportKind::Certificate(_) | TransportKind::NotTls => {
                    vec![answers, Check::bad(Subject::Certificate, message)]
                }
                TransportKind::NotHttp => vec![answers, certificate, Check::bad(Subject::Api, message)],
                _ => vec![Check::bad(Subject::Host, message)],
            };
        }
    };
    vec![answers, certificate, api(base_url, answer)]
}

fn api(base_url: &BaseUrl, answer: &Answer) -> Check {
    let (status, url) = (answer.status, base_url.as_str());
    match (status, answer.media_type) {
        (200..=299, MediaType::Json | MediaType::Other) => Check::good(Subject::Api, "alive"),
        (500..=599, _) => Check::bad(
            Subject::Api,
            Message::new(
                format!("/alive answers with status {status}"),
                "Looker, or what stands in front of it, has trouble of its own.",
                "Try again later, or tell whoever runs this Looker.",
            ),
        ),
        (300..=399, _) => Check::bad(
            Subject::Api,
            Message::new(
                format!("/alive is sent elsewhere (status {status})"),
                format!("{url} is not where the API is."),
                "Set base_url to where it sends.",
            ),
        ),
        (429, _) => Check::bad(
            Subject::Api,
            Message::new(
                "/alive answers with status 429: too many requests",
                "Looker, or what stands in front of it, is asked more often than it likes.",
                trouble::again_after(answer.retry_after),
            ),
        ),
        (_, MediaType::Html) => Check::bad(Subject::Api, trouble::not_the_api(url, status)),
        _ => Check::bad(
            Subject::Api,
            Message::new(
                format!("/alive answers with status {status}"),
                "Looker answers it to everybody, so something stands in front of it and lets only some pass, or this is \
                 another service.",
                "Ask whoever runs this Looker whether this machine may call its API, and check base_url.",
            ),
        ),
    }
}

/// What an answer to `/versions`, or none, says.
pub fn version(answer: &Result<Answer, TransportError>) -> Check {
    let found = match answer {
        Ok(answer) => versions().read(answer).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match found {
        Ok(versions) => Check::good(Subject::Version, format!("Looker {}", versions.looker_release_version)),
        Err(why) => Check::look(
            Subject::Version,
            Message::new(
                format!("/versions does not say: {why}"),
                "The host is alive and may be another service than Looker's API.",
                "Check base_url.",
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{doctor::check::Verdict, transport_error::CertificateProblem};

    fn answer(status: u16, media_type: MediaType, body: &str) -> Result<Answer, TransportError> {
        Ok(Answer { status, media_type, json: crate::json::parse(body.as_bytes()).ok(), retry_after: None })
    }

    fn error(kind: TransportKind) -> Result<Answer, TransportError> {
        Err(TransportError { kind, maybe_sent: false, evidence: String::new() })
    }

    fn verdicts(checks: &[Check]) -> Vec<(Subject, Verdict)> {
        checks.iter().map(|check| (check.subject, check.verdict)).collect()
    }

    #[test]
    fn an_address_is_one_before_it_is_asked_whether_it_is_secure() {
        use Subject::{Address, Https};
        let wrong = |error| Err(SettingsError::Url { place: "LOOKERSDK_BASE_URL".into(), error });
        for (base_url, found) in [
            (Ok(BaseUrl::parse("https://a").unwrap()), vec![(Address, Verdict::Good), (Https, Verdict::Good)]),
            (Ok(BaseUrl::parse("http://localhost").unwrap()), vec![(Address, Verdict::Good), (Https, Verdict::Good)]),
            (wrong(UrlError::Insecure), vec![(Address, Verdict::Good), (Https, Verdict::Bad)]),
            (wrong(UrlError::Path), vec![(Address, Verdict::Bad)]),
        ] {
            assert_eq!(verdicts(&address(&base_url)), found, "{base_url:?}");
        }
    }

    #[test]
    fn each_way_not_to_reach_the_api_is_told_from_the_others() {
        use Subject::{Api, Certificate, Host};
        let https = BaseUrl::parse("https://a").unwrap();
        let untrusted = TransportKind::Certificate(CertificateProblem::UnknownIssuer);
        for (alive, verify_ssl, found) in [
            (error(TransportKind::Refused), true, vec![(Host, Verdict::Bad)]),
            (error(TransportKind::Unresolved), true, vec![(Host, Verdict::Bad)]),
            (error(untrusted), true, vec![(Host, Verdict::Good), (Certificate, Verdict::Bad)]),
            (error(TransportKind::NotTls), true, vec![(Host, Verdict::Good), (Certificate, Verdict::Bad)]),
            (error(TransportKind::Proxy), true, vec![(Host, Verdict::Bad)]),
            (
                error(TransportKind::NotHttp),
                true,
                vec![(Host, Verdict::Good), (Certificate, Verdict::Good), (Api, Verdict::Bad)],
            ),
            (
                answer(200, MediaType::Other, ""),
                true,
                vec![(Host, Verdict::Good), (Certificate, Verdict::Good), (Api, Verdict::Good)],
            ),
            (
                answer(200, MediaType::Html, ""),
                false,
                vec![(Host, Verdict::Good), (Certificate, Verdict::Look), (Api, Verdict::Bad)],
            ),
            (
                answer(404, MediaType::Html, ""),
                true,
                vec![(Host, Verdict::Good), (Certificate, Verdict::Good), (Api, Verdict::Bad)],
            ),
        ] {
            assert_eq!(verdicts(&reach(&https, verify_ssl, &alive)), found);
        }
        let http = BaseUrl::parse("http://localhost").unwrap();
        let checks = reach(&http, true, &answer(200, MediaType::Other, ""));
        assert_eq!(checks[1].verdict, Verdict::Skipped);
        for (status, media_type, said) in [
            (503, MediaType::Json, "status 503"),
            (302, MediaType::Html, "sent elsewhere"),
            (429, MediaType::Html, "too many requests"),
            (401, MediaType::Json, "/alive answers with status 401"),
            (403, MediaType::Html, "is not Looker's API"),
            (404, MediaType::Json, "/alive answers with status 404"),
        ] {
            let checks = reach(&http, true, &answer(status, media_type, "{}"));
            assert!(checks[2].verdict == Verdict::Bad && checks[2].found.contains(said), "{checks:?}");
        }
    }

    #[test]
    fn the_version_is_told_and_is_nothing_to_fail_for() {
        let fine = version(&answer(200, MediaType::Json, r#"{"looker_release_version":"26.12.5"}"#));
        assert_eq!(fine, Check::good(Subject::Version, "Looker 26.12.5"));
        for odd in
            [answer(200, MediaType::Json, "{}"), answer(404, MediaType::Html, ""), error(TransportKind::TimedOut)]
        {
            assert_eq!(version(&odd).verdict, Verdict::Look);
        }
    }
}
