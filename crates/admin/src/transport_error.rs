//! Why no answer came.

use std::{error::Error, fmt, io};

use rustls::CertificateError;

use crate::shown::shown;

/// A request without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// What it is.
    pub kind: TransportKind,
    /// Whether the request may have got there.
    pub maybe_sent: bool,
    /// The innermost reason, in the words of whoever noticed.
    pub evidence: String,
}

/// What keeps an answer away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportKind {
    /// There is no host of that name.
    Unresolved,
    /// Nothing listens there.
    Refused,
    /// Nothing came in time.
    TimedOut,
    /// The host's certificate does not convince.
    Certificate(CertificateProblem),
    /// The proxy that the environment names gives no way.
    Proxy,
    /// What answers does not speak https.
    NotTls,
    /// What answers does not speak http: https's own port, or another service's.
    NotHttp,
    /// The answer is larger than any of Looker's.
    TooLarge,
    /// The connection could not be made, or broke off.
    BrokenOff,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateProblem {
    /// Signed by nobody whom this machine trusts.
    UnknownIssuer,
    /// Its time is over, or not yet come.
    OutOfDate,
    /// It is another host's.
    WrongName,
    /// It is an authority's, as most that are self-signed are.
    Authority,
    /// Anything else.
    Other,
}

impl TransportError {
    /// Reads what reqwest says.
    pub fn of(error: &reqwest::Error) -> Self {
        let kind = if error.is_timeout() { TransportKind::TimedOut } else { kind(error) };
        Self { kind, maybe_sent: !error.is_connect(), evidence: shown(&innermost(error)) }
    }

    /// An answer that goes on for too long.
    pub fn too_large() -> Self {
        Self { kind: TransportKind::TooLarge, maybe_sent: true, evidence: String::new() }
    }
}

type Reason = dyn Error + 'static;

/// The reasons behind an error, from the outermost on.
fn reasons(error: &Reason) -> impl Iterator<Item = &Reason> {
    std::iter::successors(Some(error), |error| behind(*error))
}

/// An `io::Error` hides the reason that it wraps from `source`.
fn behind(error: &Reason) -> Option<&Reason> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|error| error as &Reason).or_else(|| error.source())
}

/// The innermost reason, in its own words.
pub fn innermost(error: &Reason) -> String {
    reasons(error).last().map(ToString::to_string).unwrap_or_default()
}

fn kind(error: &Reason) -> TransportKind {
    for reason in reasons(error) {
        // The type of it is private to hyper-util. It stands before what the proxy's own host did.
        if reason.to_string().starts_with("tunnel error") {
            return TransportKind::Proxy;
        }
        if reason.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            return TransportKind::NotHttp;
        }
        if let Some(tls) = reason.downcast_ref::<rustls::Error>() {
            return match tls {
                rustls::Error::InvalidCertificate(problem) => TransportKind::Certificate(certificate(problem)),
                rustls::Error::InvalidMessage(_) => TransportKind::NotTls,
                _ => TransportKind::BrokenOff,
            };
        }
        match reason.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => return TransportKind::Refused,
            Some(io::ErrorKind::TimedOut) => return TransportKind::TimedOut,
            _ => {}
        }
        // Its type is private as well.
        if reason.to_string() == "dns error" {
            return TransportKind::Unresolved;
        }
    }
    TransportKind::BrokenOff
}

fn certificate(problem: &CertificateError) -> CertificateProblem {
    match problem {
        // The last two: an authority that has the name of a trusted one, and another key.
        CertificateError::UnknownIssuer
        | CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            CertificateProblem::UnknownIssuer
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => CertificateProblem::OutOfDate,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateProblem::WrongName
        }
        // The type of the reason is that of a crate that rustls does not show.
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            CertificateProblem::Authority
        }
        _ => CertificateProblem::Other,
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportKind::Unresolved => "there is no host of that name",
            TransportKind::Refused => "nothing listens there",
            TransportKind::TimedOut => "no answer came in time",
            TransportKind::Certificate(CertificateProblem::UnknownIssuer) => {
                "its certificate is signed by nobody whom this machine trusts"
            }
            TransportKind::Certificate(CertificateProblem::OutOfDate) => "its certificate is not valid at this time",
            TransportKind::Certificate(CertificateProblem::WrongName) => "its certificate is another host's",
            TransportKind::Certificate(CertificateProblem::Authority) => "its certificate is an authority's",
            TransportKind::Certificate(CertificateProblem::Other) => "its certificate can't be accepted",
            TransportKind::Proxy => "the proxy gives no way to it",
            TransportKind::NotTls => "what answers there does not speak https",
            TransportKind::NotHttp => "what answers there does not speak http",
            TransportKind::TooLarge => "the answer is larger than any of Looker's",
            TransportKind::BrokenOff => "the connection broke off",
        })?;
        match self.evidence.as_str() {
            "" => Ok(()),
            evidence => write!(f, " ({evidence})"),
        }
    }
}

impl Error for TransportError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Wrapped(&'static str, Option<io::Error>);

    impl fmt::Display for Wrapped {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Wrapped {
        fn source(&self) -> Option<&Reason> {
            self.1.as_ref().map(|error| error as &Reason)
        }
    }

    #[test]
    fn the_reason_is_found_however_deep_it_is() {
        let tls = |error| Some(io::Error::other(rustls::Error::InvalidCertificate(error)));
        let io = |kind| Some(io::Error::other(io::Error::from(kind)));
        let certificate = TransportKind::Certificate;
        for (error, found) in [
            (Wrapped("a", tls(CertificateError::UnknownIssuer)), certificate(CertificateProblem::UnknownIssuer)),
            (Wrapped("a", tls(CertificateError::Expired)), certificate(CertificateProblem::OutOfDate)),
            (Wrapped("a", tls(CertificateError::NotValidForName)), certificate(CertificateProblem::WrongName)),
            (Wrapped("a", tls(CertificateError::BadSignature)), certificate(CertificateProblem::UnknownIssuer)),
            (Wrapped("a", tls(CertificateError::BadEncoding)), certificate(CertificateProblem::Other)),
            (Wrapped("a", Some(io::Error::other(rustls::Error::DecryptError))), TransportKind::BrokenOff),
            (Wrapped("a", io(io::ErrorKind::ConnectionRefused)), TransportKind::Refused),
            (Wrapped("a", io(io::ErrorKind::TimedOut)), TransportKind::TimedOut),
            (Wrapped("a", io(io::ErrorKind::ConnectionReset)), TransportKind::BrokenOff),
            (Wrapped("dns error", None), TransportKind::Unresolved),
            (Wrapped("tunnel error: unsuccessful", None), TransportKind::Proxy),
            (Wrapped("tunnel error: x", io(io::ErrorKind::ConnectionRefused)), TransportKind::Proxy),
            (Wrapped("a", None), TransportKind::BrokenOff),
        ] {
            assert_eq!(kind(&error), found, "{error:?}");
        }
    }
}
