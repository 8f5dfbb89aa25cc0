//! Certificates of the stand-in server: one that holds, and those that nobody should trust.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde::Deserialize;

/// What a server shows for a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certificate {
    /// Of this host, signed by the authority of these tests.
    Good,
    /// The same, of the year 2020.
    Expired,
    /// Signed by nobody but itself.
    SelfSigned,
    /// Of a host of another name.
    OtherHost,
}

/// The authority of these tests: its issuer and its certificate.
fn authority() -> &'static (Issuer<'static, KeyPair>, String) {
    static AUTHORITY: OnceLock<(Issuer<'static, KeyPair>, String)> = OnceLock::new();
    AUTHORITY.get_or_init(|| {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "The authority of these tests");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        (Issuer::new(params, key), pem)
    })
}

/// Writes the authority's certificate to a file.
pub fn write_authority(file: &Path) {
    std::fs::write(file, &authority().1).unwrap();
}

/// A server with this certificate.
pub fn config(certificate: Certificate) -> Arc<ServerConfig> {
    let host = match certificate {
        Certificate::OtherHost => "other.example",
        _ => "127.0.0.1",
    };
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    if certificate == Certificate::Expired {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 12, 31);
    }
    let key = KeyPair::generate().unwrap();
    let signed = match certificate {
        Certificate::SelfSigned => params.self_signed(&key),
        _ => params.signed_by(&key, &authority().0),
    };
    let chain = vec![signed.unwrap().der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key);
    Arc::new(config.unwrap())
}
