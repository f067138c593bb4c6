//! Which answers a browser lets a page read.

use crate::steering::answers::Answers;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

/// Whether a browser asks for leave before a request.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS && headers.contains_key(ORIGIN) && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Whether there is CORS at this path: never where API3 credentials are sent, and never at the
/// unversioned logout.
pub(crate) fn applies_to(path: &str) -> bool {
    !matches!(path.trim_end_matches('/'), "/api/4.0/login" | "/api/login" | "/api/logout")
}

/// What the headers depend on.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) origin: Option<&'a str>,
    pub(crate) preflight: bool,
    pub(crate) status: StatusCode,
}

/// The headers to add.
pub(crate) fn headers(allowlist: &[String], answers: &Answers, asked: &Asked<'_>) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = vec![(VARY, HeaderValue::from_static("Origin"))];
    let Some(origin) = asked.origin else { return headers };
    let unreadable = asked.status.as_u16() >= 400 && !answers.errors_have_cors;
    if unreadable || !allowlist.iter().any(|entry| allows(entry, origin)) {
        return headers;
    }
    let Ok(echoed) = HeaderValue::from_str(origin) else { return headers };
    headers.push((ACCESS_CONTROL_ALLOW_ORIGIN, echoed));
    if asked.preflight {
        headers
            .push((ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS")));
        headers.push((
            ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, x-looker-appid"),
        ));
        if let Some(seconds) = answers.preflight_max_age {
            headers.push((ACCESS_CONTROL_MAX_AGE, HeaderValue::from(seconds)));
        }
    } else if answers.expose_headers {
        headers.push((ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Link, X-Total-Count, Retry-After")));
    }
    headers
}

/// Whether an entry of the allowlist means this origin: the same string, or one with a host
/// below `*.`; scheme and port always the same.
fn allows(entry: &str, origin: &str) -> bool {
    if entry == origin {
        return origin != "null";
    }
    let Some((scheme, host)) = entry.split_once("://*.") else { return false };
    let below = origin
        .strip_prefix(scheme)
        .and_then(|rest| rest.strip_prefix("://"))
        .and_then(|rest| rest.strip_suffix(host))
        .and_then(|rest| rest.strip_suffix('.'));
    !host.is_empty()
        && below.is_some_and(|labels| {
            labels.split('.').all(|label| {
                !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_of_the_allowlist_means_exactly_its_origins() {
        for (entry, origin, allowed) in [
            ("http://localhost:8080", "http://localhost:8080", true),
            ("http://localhost:8080", "http://localhost", false),
            ("http://localhost", "http://localhost:8080", false),
            ("http://localhost:8080", "https://localhost:8080", false),
            ("http://localhost:8080/", "http://localhost:8080", false),
            ("https://*.example.com", "https://a.example.com", true),
            ("https://*.example.com", "https://a.b.example.com", true),
            ("https://*.example.com", "https://example.com", false),
            ("https://*.example.com", "https://evilexample.com", false),
            ("https://*.example.com", "https://.example.com", false),
            ("https://*.example.com", "http://a.example.com", false),
            ("https://*.example.com", "https://a.example.com:8443", false),
            ("https://*.example.com:8443", "https://a.example.com:8443", true),
            ("https://*.example.com", "https://evil.org/.example.com", false),
            ("https://*.", "https://a.", false),
            ("*", "https://a.example.com", false),
            ("null", "null", false),
            ("", "", false),
        ] {
            let allowed_here = !origin.is_empty() && allows(entry, origin);
            assert_eq!(allowed_here, allowed, "{entry} {origin}");
        }
    }

    fn names(answers: &Answers, origin: Option<&str>, preflight: bool, status: u16) -> Vec<String> {
        let allowlist = ["http://localhost:8080".to_owned()];
        let status = StatusCode::from_u16(status).unwrap();
        headers(&allowlist, answers, &Asked { origin, preflight, status })
            .into_iter()
            .map(|(name, _)| name.as_str().replace("access-control-", ""))
            .collect()
    }

    #[test]
    fn the_headers_follow_origin_status_and_what_is_steered() {
        let usual = Answers::default();
        let strict = Answers { errors_have_cors: false, ..Answers::default() };
        let rich = Answers { expose_headers: true, preflight_max_age: Some(5), ..Answers::default() };
        let app = Some("http://localhost:8080");
        for (answers, origin, preflight, status, expected) in [
            (&usual, None, false, 200, "vary"),
            (&usual, Some("http://localhost:8081"), false, 200, "vary"),
            (&usual, Some("http://localhost:8081"), true, 200, "vary"),
            (&usual, app, false, 200, "vary allow-origin"),
            (&usual, app, false, 401, "vary allow-origin"),
            (&usual, app, true, 200, "vary allow-origin allow-methods allow-headers"),
            (&strict, app, false, 401, "vary"),
            (&strict, app, false, 200, "vary allow-origin"),
            (&rich, app, false, 200, "vary allow-origin expose-headers"),
            (&rich, app, true, 200, "vary allow-origin allow-methods allow-headers max-age"),
        ] {
            assert_eq!(names(answers, origin, preflight, status).join(" "), expected);
        }
    }

    #[test]
    fn logging_in_with_api3_credentials_never_has_cors() {
        assert!(!applies_to("/api/4.0/login"));
        assert!(!applies_to("/api/logout"));
        assert!(applies_to("/api/4.0/login/2"));
        assert!(applies_to("/api/4.0/logout"));
        assert!(applies_to("/api/token"));
    }
}
