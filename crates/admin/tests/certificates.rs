//! Certificates that a host has signed itself, as Lookers of one's own often have them, and what else can be wrong
//! with one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy sees no test in a helper of tests")]

mod support;

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
};

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use support::{Bench, bench};

const AUTHORITY: IsCa = IsCa::Ca(BasicConstraints::Unconstrained);

/// A host that shows a certificate of this kind and answers every request with a page, and the certificate.
fn host(is_ca: IsCa) -> (String, String) {
    let mut params = for_name("localhost");
    params.is_ca = is_ca;
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    (serve(&certificate, &key), certificate.pem())
}

/// A host that shows the certificate of `params`, signed by an authority, and the authority's certificate.
fn vouched_for(params: CertificateParams) -> (String, String) {
    let mut authority = for_name("authority");
    authority.is_ca = AUTHORITY;
    let key = KeyPair::generate().unwrap();
    let pem = authority.self_signed(&key).unwrap().pem();
    let own = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&own, &Issuer::new(authority, key)).unwrap();
    (serve(&certificate, &own), pem)
}

fn for_name(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn serve(certificate: &Certificate, key: &KeyPair) -> String {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key);
    let config = Arc::new(config.unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream.unwrap());
            // Who does not trust it hangs up.
            if stream.read(&mut [0; 4096]).is_ok() {
                let answer = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n";
                stream.write_all(answer.as_bytes()).unwrap();
            }
        }
    });
    url
}

async fn found(bench: &Bench, url: &str, options: &[&str]) -> (String, String) {
    let ran = bench.run_with(&[("LOOKERSDK_BASE_URL", url)], &[&["list", "--json"][..], options].concat()).await;
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    let error = ran.json()["error"].clone();
    (error["kind"].as_str().unwrap().into(), error["headline"].as_str().unwrap().into())
}

#[tokio::test]
async fn a_host_that_vouches_for_itself_is_refused_until_its_certificate_is_named() {
    let bench = bench().await;
    let (url, own) = host(IsCa::ExplicitNoCa);
    bench.write("own.pem", &own);
    bench.write("others.pem", &host(IsCa::ExplicitNoCa).1);
    for options in [&[][..], &["--ca-file", "others.pem"]] {
        let (kind, headline) = found(&bench, &url, options).await;
        assert_eq!(kind, "certificate");
        assert!(headline.contains("is signed by nobody whom this machine trusts"), "{headline}");
    }
    assert_eq!(found(&bench, &url, &["--ca-file", "own.pem"]).await.0, "not_the_api");
}

#[tokio::test]
async fn a_host_that_shows_an_authoritys_certificate_is_told_that_naming_it_does_not_help() {
    let bench = bench().await;
    let (url, own) = host(AUTHORITY);
    bench.write("own.pem", &own);
    for options in [&[][..], &["--ca-file", "own.pem"]] {
        let (kind, headline) = found(&bench, &url, options).await;
        assert_eq!(kind, "certificate");
        assert!(headline.contains("is an authority's, not a host's"), "{headline}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_out_of_date_or_another_hosts_is_refused_and_said_to_be_so() {
    let bench = bench().await;
    let mut expired = for_name("localhost");
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let mut early = for_name("localhost");
    (early.not_before, early.not_after) = (date_time_ymd(2400, 1, 1), date_time_ymd(2401, 1, 1));
    for (params, said) in [
        (expired, "is not valid at this time"),
        (early, "is not valid at this time"),
        (for_name("another.example"), "is another host's"),
    ] {
        let (url, authority) = vouched_for(params);
        bench.write("authority.pem", &authority);
        let (kind, headline) = found(&bench, &url, &["--ca-file", "authority.pem"]).await;
        assert_eq!(kind, "certificate");
        assert!(headline.contains(said), "{headline}");
    }
    // What is vouched for so is trusted.
    let (url, authority) = vouched_for(for_name("localhost"));
    bench.write("authority.pem", &authority);
    assert_eq!(found(&bench, &url, &["--ca-file", "authority.pem"]).await.0, "not_the_api");
}
