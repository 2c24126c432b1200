//! A certificate authority of the tests' own, and servers that it vouches for.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use tempfile::NamedTempFile;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::fault::{Peer, Seen};

pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: NamedTempFile,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = pem_file(&[&issuer.pem()]);
        Self { issuer, file }
    }

    /// The authority's certificate, as a PEM file.
    pub fn file(&self) -> String {
        self.file.path().display().to_string()
    }

    /// A server by this name, as `change` would have it.
    pub fn server(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> ServerConfig {
        let (chain, key) = self.certify(name, change);
        serving(&chain, &key)
    }

    /// A server that wants to see a certificate of this authority's.
    pub fn demanding_server(&self, name: &str) -> ServerConfig {
        let (chain, key) = self.certify(name, |_| {});
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .unwrap();
        builder()
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![chain.der().clone()], key)
            .unwrap()
    }

    /// A client's certificate and key, as one PEM file.
    pub fn client_file(&self) -> NamedTempFile {
        let (chain, key) = self.certify("client.test", |_| {});
        pem_file(&[&chain.pem(), &key.serialize_pem()])
    }

    fn certify(
        &self,
        name: &str,
        change: impl FnOnce(&mut CertificateParams),
    ) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }
}

/// A server with this certificate.
pub fn serving(certificate: &rcgen::Certificate, key: &KeyPair) -> ServerConfig {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap()
}

fn builder() -> rustls::ConfigBuilder<ServerConfig, rustls::WantsVerifier> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
}

fn pem_file(parts: &[&str]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    for part in parts {
        file.write_all(part.as_bytes()).unwrap();
    }
    file
}

/// Serves one event to each connection over TLS, and keeps it open.
pub struct TlsServer {
    pub addr: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl TlsServer {
    pub async fn start(config: ServerConfig, response: impl Into<String>) -> Self {
        let response = response.into();
        Self::start_with(config, move |mut peer: Peer<TlsStream<TcpStream>>| {
            let response = response.clone();
            async move {
                peer.send(&response).await;
                peer.closed().await;
            }
        })
        .await
    }

    pub async fn start_with<F, R>(config: ServerConfig, answer: F) -> Self
    where
        F: Fn(Peer<TlsStream<TcpStream>>) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = seen.clone();
        let answer = Arc::new(answer);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, log, answer) = (acceptor.clone(), log.clone(), answer.clone());
                tokio::spawn(async move {
                    if let Ok(socket) = acceptor.accept(socket).await
                        && let Some(peer) = Peer::accept(socket, &log).await
                    {
                        answer(peer).await;
                    }
                });
            }
        });
        Self { addr, seen }
    }

    pub fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/events", self.addr.port())
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}
