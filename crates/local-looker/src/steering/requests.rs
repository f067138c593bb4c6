//! The requests so far, for tests that count them. Paths only: codes and tokens travel in query
//! strings, headers and bodies, and none of these are kept.

use crate::exchange::Host;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

/// One request.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) host: Host,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Absent while there is no answer, and for ever when the connection was dropped.
    pub(crate) status: Option<u16>,
    pub(crate) origin: Option<String>,
}

/// All requests since the start, or since they were forgotten.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    lines: Vec<Line>,
    /// How many were forgotten: a request that was under way then finds no line.
    forgotten: usize,
}

/// Which line belongs to a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineNumber(usize);

impl RequestLog {
    /// A request came in.
    pub(crate) fn begin(&mut self, host: Host, method: &str, path: &str, origin: Option<String>) -> LineNumber {
        let (method, path) = (method.to_owned(), path.to_owned());
        self.lines.push(Line { host, method, path, status: None, origin });
        LineNumber(self.forgotten + self.lines.len() - 1)
    }

    /// It was answered.
    pub(crate) fn answered(&mut self, line: LineNumber, status: u16) {
        let index = line.0.checked_sub(self.forgotten);
        if let Some(line) = index.and_then(|index| self.lines.get_mut(index)) {
            line.status = Some(status);
        }
    }

    /// All, the first first.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.forgotten += self.lines.len();
        self.lines.clear();
    }
}

/// `GET /_local/requests`
pub(super) async fn list(State(looker): State<Shared>) -> Json<Vec<Line>> {
    Json(looker.log().lines().to_vec())
}

/// `DELETE /_local/requests`
pub(super) async fn forget(State(looker): State<Shared>) -> StatusCode {
    looker.log().clear();
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_after_forgetting_does_not_land_on_another_line() {
        let mut log = RequestLog::default();
        let slow = log.begin(Host::Api, "GET", "/slow", None);
        log.clear();
        let next = log.begin(Host::Api, "GET", "/next", None);
        log.answered(slow, 500);
        assert_eq!(log.lines[0].status, None);
        log.answered(next, 200);
        assert_eq!(log.lines[0].status, Some(200));
    }
}
