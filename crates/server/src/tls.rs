//! TLS by rustls, with a certificate that may be renewed while the server runs.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::error::ServerError;

/// The files of a certificate, in PEM.
#[derive(Clone, Debug)]
pub struct TlsConfig {
    /// The certificate, and those between it and the root.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// The certificate that the server shows.
pub(crate) struct TlsIdentity {
    files: TlsConfig,
    current: RwLock<Arc<rustls::ServerConfig>>,
}

impl TlsIdentity {
    pub(crate) fn load(files: TlsConfig) -> Result<Self, ServerError> {
        let current = RwLock::new(read(&files)?);
        Ok(Self { files, current })
    }

    /// Reads the files again; if that fails, the certificate stays.
    pub(crate) fn reload(&self) -> Result<(), ServerError> {
        let renewed = read(&self.files)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = renewed;
        Ok(())
    }

    /// The files that it is read from.
    pub(crate) fn files(&self) -> [&std::path::Path; 2] {
        [&self.files.certificate, &self.files.key]
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&current))
    }
}

fn read(files: &TlsConfig) -> Result<Arc<rustls::ServerConfig>, ServerError> {
    let wrong = |file: &PathBuf, detail: String| ServerError::Tls {
        file: file.clone(),
        detail,
    };
    let chain: Vec<_> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .map_err(|error| wrong(&files.certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(wrong(
            &files.certificate,
            "it has no certificate".to_owned(),
        ));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| wrong(&files.key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| wrong(&files.certificate, error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
