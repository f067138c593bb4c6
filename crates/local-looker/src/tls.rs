//! The certificates for https: an authority of this start's own, and one certificate for both hosts.

use crate::clock::{Seconds, civil};
use crate::settings::StartError;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use std::net::IpAddr;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// What https needs on both sides.
pub(crate) struct Tls {
    /// For the server.
    pub(crate) acceptor: TlsAcceptor,
    /// For the client: the authority's certificate in PEM.
    pub(crate) authority: String,
}

impl From<rcgen::Error> for StartError {
    fn from(error: rcgen::Error) -> Self {
        Self::Tls { reason: error.to_string() }
    }
}

impl From<rustls::Error> for StartError {
    fn from(error: rustls::Error) -> Self {
        Self::Tls { reason: error.to_string() }
    }
}

impl Tls {
    /// Makes a new authority and a certificate for this machine's names and these addresses, good
    /// from a month before `now` until a year after it.
    ///
    /// The authority's key is forgotten at once: nobody can sign anything else by it.
    pub(crate) fn make(addresses: &[IpAddr], now: Seconds) -> Result<Self, StartError> {
        let key = KeyPair::generate()?;
        // Clients find an authority by its name, and may be given those of several starts.
        let start: String = key.public_key_raw().iter().rev().take(4).map(|byte| format!("{byte:02x}")).collect();
        let name = format!("Local Looker, for trying and testing ({start})");
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        limit(&mut params, now);
        let authority = params.self_signed(&key)?;
        let issuer = Issuer::new(params, key);

        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        names.extend(addresses.iter().map(IpAddr::to_string));
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, "localhost");
        // Strict clients want both.
        params.use_authority_key_identifier_extension = true;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        limit(&mut params, now);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &issuer)?;

        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), authority: authority.pem() })
    }
}

/// Days before now: this machine's clock may have been put back.
const DAYS_BEFORE: i64 = 30;
/// Days after now. Strict clients take no more than 398 in all (825 where one installed the authority
/// oneself).
const DAYS_AFTER: i64 = 365;

fn limit(params: &mut CertificateParams, now: Seconds) {
    let midnight = |days_from_now: i64| {
        let (year, month, day) = civil(now.div_euclid(86_400) + days_from_now);
        date_time_ymd(year, month, day)
    };
    params.not_before = midnight(-DAYS_BEFORE);
    params.not_after = midnight(DAYS_AFTER);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_good_now_and_no_longer_than_strict_clients_take() {
        // 2024-02-29, 2026-11-25, 2099-12-31
        for now in [1_709_164_800, 1_795_600_000, 4_102_358_400] {
            let mut params = CertificateParams::default();
            limit(&mut params, now);
            let (from, until) = (params.not_before.unix_timestamp(), params.not_after.unix_timestamp());
            assert!(from < now && now < until, "{now}");
            assert!(until - from <= 398 * 86_400, "{now}");
        }
    }
}
