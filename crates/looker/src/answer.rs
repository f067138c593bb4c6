//! An answer, as the transport brings it back.

use std::fmt;

use crate::json::{FieldError, Json};

/// What kind of body an answer has, by its `Content-Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`, or another type that ends in `+json`.
    Json,
    /// `text/html`: a page for people, so this was not the API.
    Html,
    /// Anything else, or nothing said.
    Other,
}

impl MediaType {
    /// Reads the value of a `Content-Type` header (RFC 9110, section 8.3).
    pub fn of(content_type: &str) -> Self {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "application/json" | "text/json" => Self::Json,
            "text/html" | "application/xhtml+xml" => Self::Html,
            other if other.ends_with("+json") => Self::Json,
            _ => Self::Other,
        }
    }
}

/// What a host said. It may hold tokens, so it has no `Debug`.
#[derive(Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What the body claims to be.
    pub media_type: MediaType,
    /// The body, where it claims to be JSON and is.
    pub json: Option<Json>,
    /// The value of `Retry-After`, in seconds, where it could be read.
    pub retry_after: Option<u64>,
}

impl Answer {
    /// Whether the status is one of success.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// The body of a JSON answer, whatever its type.
    pub fn value(&self) -> Result<&Json, AnswerError> {
        self.json.as_ref().ok_or_else(|| self.unreadable())
    }

    /// The body of a JSON answer of any status.
    pub fn object(&self) -> Result<&Json, AnswerError> {
        match &self.json {
            Some(json) if json.is_object() => Ok(json),
            Some(_) | None => Err(self.unreadable()),
        }
    }

    /// The text called `name`, cut at a length that a page can show.
    pub fn shown_text(&self, name: &'static str) -> Option<String> {
        let text = self.json.as_ref()?.text(name).ok()?;
        Some(cut(text))
    }

    /// What is wrong with an answer whose status alone says that it can't be used, whatever was
    /// asked: too many requests, or a server in trouble.
    pub(crate) const fn busy_or_broken(&self) -> Option<AnswerError> {
        match self.status {
            429 => Some(AnswerError::TooManyRequests { retry_after: self.retry_after }),
            500..=599 => Some(AnswerError::Server { status: self.status, retry_after: self.retry_after }),
            _ => None,
        }
    }

    pub(crate) const fn unreadable(&self) -> AnswerError {
        match self.media_type {
            MediaType::Html => AnswerError::Page { status: self.status },
            MediaType::Json | MediaType::Other => AnswerError::NotJson { status: self.status },
        }
    }
}

/// The longest text of a stranger's that is shown, in characters.
const LONGEST_SHOWN: usize = 200;

/// `text` on one line without control characters, cut at the longest length that is shown.
pub(crate) fn cut(text: &str) -> String {
    let mut shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_SHOWN).collect();
    if text.chars().nth(LONGEST_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// Why an answer makes no sense, or is none to what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerError {
    /// A page for people came where JSON was due: the address is not the API's.
    Page {
        /// The HTTP status.
        status: u16,
    },
    /// The body is no JSON, is cut off, or is not what the call answers.
    NotJson {
        /// The HTTP status.
        status: u16,
    },
    /// A field is missing or odd.
    Field(FieldError),
    /// Looker asks to slow down.
    TooManyRequests {
        /// Seconds to wait, where Looker said.
        retry_after: Option<u64>,
    },
    /// Looker is in trouble itself.
    Server {
        /// The HTTP status, 500 to 599.
        status: u16,
        /// Seconds to wait, where Looker said.
        retry_after: Option<u64>,
    },
    /// A status that this call never answers with.
    Status {
        /// The HTTP status.
        status: u16,
        /// Looker's own words about it.
        message: Option<String>,
    },
}

impl From<FieldError> for AnswerError {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page { status } => write!(f, "a web page came instead of JSON (status {status})"),
            Self::NotJson { status } => write!(f, "the answer is not the JSON it should be (status {status})"),
            Self::Field(error) => write!(f, "in the answer, {error}"),
            Self::TooManyRequests { .. } => f.write_str("Looker asks for fewer requests (status 429)"),
            Self::Server { status, .. } => write!(f, "Looker has trouble of its own (status {status})"),
            Self::Status { status, message: None } => write!(f, "Looker answered with status {status}"),
            Self::Status { status, message: Some(message) } => {
                write!(f, "Looker answered with status {status}: {message}")
            }
        }
    }
}

impl std::error::Error for AnswerError {}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::json::tests::parse;

    /// An answer as the transport makes it of a JSON body.
    pub(crate) fn json_answer(status: u16, body: &str) -> Answer {
        Answer { status, media_type: MediaType::Json, json: Some(parse(body)), retry_after: None }
    }

    /// An answer whose body could not be read as JSON.
    pub(crate) fn other_answer(status: u16, media_type: MediaType) -> Answer {
        Answer { status, media_type, json: None, retry_after: None }
    }

    #[test]
    fn the_kind_of_a_body_is_read_from_its_content_type() {
        for (content_type, kind) in [
            ("application/json", MediaType::Json),
            ("application/json;charset=utf-8", MediaType::Json),
            ("Application/JSON ; x=y", MediaType::Json),
            ("application/problem+json", MediaType::Json),
            ("text/html; charset=utf-8", MediaType::Html),
            ("text/plain", MediaType::Other),
            ("", MediaType::Other),
            (";", MediaType::Other),
        ] {
            assert_eq!(MediaType::of(content_type), kind, "{content_type}");
        }
    }

    #[test]
    fn a_strangers_text_is_cut_and_has_no_control_characters() {
        assert_eq!(cut("a\nb\u{7}c"), "a b c");
        assert_eq!(cut(&"é".repeat(200)).chars().count(), 200);
        assert_eq!(cut(&"é".repeat(201)).chars().count(), 201);
        assert!(cut(&"é".repeat(5000)).ends_with('…'));
    }
}
