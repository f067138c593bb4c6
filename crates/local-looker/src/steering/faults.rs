//! Faults: what goes wrong with the next requests.

use super::commands::{CommandError, Done};
use crate::api::words_for;
use crate::exchange::Host;
use crate::state::{Looker, Shared};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// One fault as it is posted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// Paths that begin so.
    path: String,
    /// `ui` or `api`; both when absent.
    #[serde(default)]
    host: Option<Host>,
    /// One method, or `*`. When absent, all but `OPTIONS`: a preflight is not what a test that
    /// counts requests has in mind.
    #[serde(default)]
    method: Option<String>,
    /// How often; for ever when absent.
    #[serde(default)]
    times: Option<u32>,
    then: Then,
}

/// What goes wrong: one word, or an answer of the test's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Then {
    Cut(Cut),
    Other(Other),
}

/// What goes wrong in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cut {
    /// Nothing is done until faults are cleared; then it is carried out and answered.
    Hold,
    /// No answer until faults are cleared or the server ends.
    Hang,
    /// The request is carried out, and then there is no answer until faults are cleared or the server ends.
    HangAfter,
    /// The connection is closed, nothing was done.
    DropBefore,
    /// The request is carried out, and the connection closed without an answer.
    DropAfter,
    /// The answer's body ends in its middle, as if that were all.
    Truncate,
    /// The answer's body ends in its middle because the connection is closed.
    BreakOff,
    /// The answer has no CORS headers.
    NoCors,
}

/// A delay, an answer, or an answer after a delay; `also` adds a word to it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// From 400 on an error of Looker's API when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    also: Option<Cut>,
}

/// What goes wrong with one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fault {
    pub(crate) delay: Option<Duration>,
    pub(crate) reply: Option<Reply>,
    pub(crate) cut: Option<Cut>,
}

/// An answer of the test's own, in place of the server's.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    body: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Reply {
    /// The answer, without CORS headers yet.
    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        response.headers_mut().extend(self.headers);
        response
    }
}

impl Rule {
    fn matches(&self, host: Host, method: &Method, path: &str) -> bool {
        let method_matches = match self.method.as_deref() {
            None => method != Method::OPTIONS,
            Some("*") => true,
            Some(wanted) => method.as_str().eq_ignore_ascii_case(wanted),
        };
        method_matches && self.host.is_none_or(|wanted| wanted == host) && path.starts_with(&self.path)
    }

    /// The fault, or what is wrong with the rule.
    fn fault(&self) -> Result<Fault, String> {
        let other = match &self.then {
            Then::Cut(cut) => return Ok(Fault { cut: Some(*cut), ..Fault::default() }),
            Then::Other(other) => other,
        };
        if other.status.is_none() && other.delay_ms.is_none() && other.also.is_none() {
            return Err("then: nothing goes wrong; give delay_ms, status or also".to_owned());
        }
        let reply = other.status.map(|status| other.reply(status)).transpose()?;
        Ok(Fault { delay: other.delay_ms.map(Duration::from_millis), reply, cut: other.also })
    }
}

impl Other {
    fn reply(&self, status: u16) -> Result<Reply, String> {
        let status =
            StatusCode::from_u16(status).map_err(|_| format!("status: {status} is none; they go from 100 to 999"))?;
        let body = match &self.body {
            Some(given) => given.clone(),
            None if status.is_client_error() || status.is_server_error() => words_for(status),
            None => String::new(),
        };
        let content_type = match &self.content_type {
            Some(given) => given.as_str(),
            None if body.starts_with('<') => "text/html;charset=utf-8",
            None => "application/json",
        };
        let mut headers = Vec::new();
        let given = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in [("content-type", content_type)].into_iter().chain(given) {
            let name = HeaderName::try_from(name).map_err(|_| format!("headers: “{name}” can’t be the name of one"))?;
            let value = HeaderValue::try_from(value)
                .map_err(|_| format!("headers: “{}” can’t be the value of one", value.escape_debug()))?;
            headers.push((name, value));
        }
        Ok(Reply { status, body, headers })
    }
}

/// The faults that wait for their requests, first come, first served.
#[derive(Debug, Default)]
pub(crate) struct Faults(VecDeque<(Rule, Fault)>);

impl Faults {
    /// The fault for this request, if there is one; it is counted as used.
    pub(crate) fn take(&mut self, host: Host, method: &Method, path: &str) -> Option<Fault> {
        let index = self.0.iter().position(|(rule, _)| rule.matches(host, method, path))?;
        let (rule, fault) = self.0.get_mut(index)?;
        let fault = fault.clone();
        if let Some(times) = &mut rule.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.0.remove(index);
            }
        }
        Some(fault)
    }

    /// Whether some request will find its connection closed.
    ///
    /// A browser that sees a connection closed which it has used before sends the request again,
    /// a `POST` too, and the page never learns of it. Such faults need fresh connections.
    pub(crate) fn close_connections(&self) -> bool {
        self.0
            .iter()
            .any(|(_, fault)| matches!(fault.cut, Some(Cut::Hang | Cut::HangAfter | Cut::DropBefore | Cut::DropAfter)))
    }

    /// What waits, in its order.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.0.iter().map(|(rule, _)| rule)
    }
}

/// One rule or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Given {
    One(Rule),
    Many(Vec<Rule>),
}

/// `GET /_local/faults`
pub(super) async fn present(State(looker): State<Shared>) -> Json<Vec<Rule>> {
    Json(looker.faults().rules().cloned().collect())
}

/// `POST /_local/faults`
pub(super) async fn add(State(looker): State<Shared>, Json(given): Json<Given>) -> Done {
    let rules = match given {
        Given::One(rule) => vec![rule],
        Given::Many(rules) => rules,
    };
    append(&looker, rules).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets these go wrong after what waits already.
pub(crate) async fn append(looker: &Looker, rules: Vec<Rule>) -> Result<(), CommandError> {
    let faults = checked(rules)?;
    looker.faults().0.extend(faults);
    looker.renew_connections().await;
    Ok(())
}

fn checked(rules: Vec<Rule>) -> Result<Vec<(Rule, Fault)>, CommandError> {
    let mut faults = Vec::new();
    for rule in rules {
        let fault = rule.fault().map_err(CommandError::Nonsense)?;
        if rule.times != Some(0) {
            faults.push((rule, fault));
        }
    }
    Ok(faults)
}

/// `PUT /_local/faults`
pub(super) async fn replace(State(looker): State<Shared>, Json(given): Json<Vec<Rule>>) -> Done {
    let faults = checked(given)?;
    looker.replace_faults(Faults(faults.into()));
    looker.renew_connections().await;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /_local/faults`
pub(super) async fn clear(State(looker): State<Shared>) -> StatusCode {
    looker.clear_faults();
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(json: &str) -> Rule {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_fault_meets_the_paths_methods_and_hosts_it_names() {
        let (get, post, options) = (Method::GET, Method::POST, Method::OPTIONS);
        for (json, host, method, path, met) in [
            (r#"{"path":"/api","then":"hang"}"#, Host::Api, &post, "/api/token", true),
            (r#"{"path":"/api","then":"hang"}"#, Host::Api, &options, "/api/token", false),
            (r#"{"path":"/api","method":"*","then":"hang"}"#, Host::Api, &options, "/api/x", true),
            (r#"{"path":"/api","method":"post","then":"hang"}"#, Host::Api, &get, "/api/x", false),
            (r#"{"path":"/","host":"ui","then":"hang"}"#, Host::Api, &get, "/auth", false),
            (r#"{"path":"/auth","then":"hang"}"#, Host::Ui, &get, "/login", false),
        ] {
            assert_eq!(rule(json).matches(host, method, path), met, "{json} {method} {path}");
        }
    }

    #[test]
    fn a_fault_with_a_number_is_used_up_and_one_without_stays() {
        let mut faults = Faults::default();
        for json in
            [r#"{"path":"/a","times":2,"then":"drop_after"}"#, r#"{"path":"/a","times":null,"then":{"status":503}}"#]
        {
            let rule = rule(json);
            let fault = rule.fault().unwrap();
            faults.0.push_back((rule, fault));
        }
        let mut next = || faults.take(Host::Api, &Method::GET, "/a").unwrap().cut;
        assert_eq!(next(), Some(Cut::DropAfter));
        assert_eq!(next(), Some(Cut::DropAfter));
        assert_eq!(next(), None);
        assert_eq!(next(), None);
    }

    #[test]
    fn a_fault_that_makes_no_sense_is_refused() {
        for json in [
            r#"{"path":"/a","then":"explode"}"#,
            r#"{"path":"/a","then":{"staus":500}}"#,
            r#"{"path":"/a","then":{}}"#,
            r#"{"path":"/a","then":{"status":9}}"#,
            r#"{"path":"/a","then":{"status":500,"headers":{"a b":"c"}}}"#,
            r#"{"then":"hang"}"#,
        ] {
            let refused = serde_json::from_str::<Rule>(json).map_or(true, |rule| rule.fault().is_err());
            assert!(refused, "{json}");
        }
    }
}
