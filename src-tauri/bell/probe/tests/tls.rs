//! Certificates of all kinds.

use std::{io::Write as _, sync::Arc};

use belldot_stream::Network;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use tempfile::NamedTempFile;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;

/// An authority of the tests' own.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: NamedTempFile,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(issuer.pem().as_bytes()).unwrap();
        Self { issuer, file }
    }

    /// Settings that trust it.
    fn network(&self) -> Network {
        Network {
            extra_ca: vec![self.file.path().display().to_string()],
            ..Network::default()
        }
    }

    /// A server on this computer with a certificate for `name`; answers its port.
    pub async fn serve(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> u16 {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut socket = acceptor.accept(socket).await.ok()?;
                    Script::says(STREAM).then_silence().play(&mut socket).await
                });
            }
        });
        port
    }
}

#[tokio::test]
async fn a_certificate_that_does_not_do_is_named_with_what_to_do() {
    type Change = fn(&mut CertificateParams);
    let authority = Authority::new();
    let cases: [(&str, &str, Change, &str); 3] = [
        (
            "expired",
            "localhost",
            |params| {
                params.not_before = date_time_ymd(2001, 1, 1);
                params.not_after = date_time_ymd(2002, 1, 1);
            },
            "has expired",
        ),
        (
            "not yet valid",
            "localhost",
            |params| {
                params.not_before = date_time_ymd(2090, 1, 1);
                params.not_after = date_time_ymd(2091, 1, 1);
            },
            "not valid yet",
        ),
        ("of another name", "other.example", |_| {}, "another host"),
    ];
    for (case, name, change, says) in cases {
        let port = authority.serve(name, change).await;
        let asking = asking_by(&authority.network());
        let report = probed(&format!("https://localhost:{port}/e"), &asking).await;
        assert_eq!(report.found, Found::Nothing, "{case}: {report:#?}");
        let detail = &step(&report, "stream").detail;
        assert!(detail.contains(says), "{case}: {detail}");
    }
}

#[tokio::test]
async fn an_authority_that_is_not_known_is_to_be_added_and_then_trusted() {
    let authority = Authority::new();
    let port = authority.serve("localhost", |_| {}).await;
    let address = format!("https://localhost:{port}/e");
    let report = probed(&address, &asking()).await;
    // A machine without any authority says so, and what to install.
    let says = format!("{:?}", step(&report, "stream"));
    assert!(
        says.contains("network.extra_ca") || says.contains("ca-certificates"),
        "{report:#?}"
    );
    let report = probed(&address, &asking_by(&authority.network())).await;
    assert_eq!(report.found, Found::Sse, "{report:#?}");
}
