//! The TLS configuration of rustls: the system's trust store, further authorities, a client
//! certificate.

use std::fs;
use std::path::Path;
use std::sync::Arc;

mod verifier;

use belldot_wire::Network;
use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use self::verifier::Verifier;
use crate::network::NetworkError;

/// The TLS configurations, with and without a client certificate.
pub(crate) struct Tls {
    /// With the client certificate, for servers that the user chose.
    pub(crate) known: ClientConfig,
    /// Without it, for servers that a redirect leads to.
    pub(crate) anonymous: ClientConfig,
    /// No authority is known.
    pub(crate) no_trust_store: bool,
}

impl Tls {
    /// Reads the files that the settings name. Both configurations share the trust store.
    pub(crate) fn new(network: &Network) -> Result<Self, NetworkError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Arc::new(verifier(&network.extra_ca, provider.clone())?);
        let builder = || {
            let builder = ClientConfig::builder_with_provider(provider.clone())
                .with_safe_default_protocol_versions()
                .map_err(tls_error)?;
            Ok(builder
                .dangerous()
                .with_custom_certificate_verifier(verifier.clone()))
        };
        let anonymous = with_alpn(builder()?.with_no_client_auth());
        let known = match &network.client_certificate {
            None => anonymous.clone(),
            Some(path) => {
                let path = Path::new(path);
                let pem = read(path)?;
                let unusable = |what| {
                    move |_| NetworkError::Pem {
                        path: path.to_owned(),
                        what,
                    }
                };
                let key = PrivateKeyDer::from_pem_slice(&pem).map_err(unusable("private key"))?;
                let chain = builder()?.with_client_auth_cert(certificates(path, &pem)?, key);
                with_alpn(chain.map_err(tls_error)?)
            }
        };
        Ok(Self {
            known,
            anonymous,
            no_trust_store: verifier.has_no_roots(),
        })
    }
}

/// The system's verifier, with the further authorities.
fn verifier(extra: &[String], provider: Arc<CryptoProvider>) -> Result<Verifier, NetworkError> {
    let mut roots = Vec::new();
    for path in extra.iter().map(Path::new) {
        roots.extend(certificates(path, &read(path)?)?);
    }
    match Verifier::new(roots.clone(), provider.clone()) {
        Ok(verifier) => Ok(verifier),
        // An invalid authority of the user is an error; a system without a trust store is not, as
        // plain http works without one.
        Err(error) if !roots.is_empty() => Err(tls_error(error)),
        Err(error) => {
            tracing::warn!(%error, "there is no trust store: no server can be verified");
            Ok(Verifier::trusting_none(provider))
        }
    }
}

fn with_alpn(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, NetworkError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(NetworkError::Pem {
            path: path.to_owned(),
            what: "certificate",
        }),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, NetworkError> {
    fs::read(path).map_err(|error| NetworkError::File {
        path: path.to_owned(),
        error,
    })
}

fn tls_error(error: rustls::Error) -> NetworkError {
    NetworkError::Tls(error.to_string())
}
