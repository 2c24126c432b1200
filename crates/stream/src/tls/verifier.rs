//! Verifies server certificates by the system's authorities and the user's.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use crate::failure::is_authority_itself;

/// Verifies servers by the system's authorities and those of the user. A server's own certificate
/// is accepted, too, where it is among those of the user: self-signed certificates are often marked
/// as an authority's, which the rules for chains refuse.
#[derive(Debug)]
pub(super) struct Verifier {
    /// `None` where no authority is known.
    system: Option<rustls_platform_verifier::Verifier>,
    own: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    pub(super) fn new(
        own: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        let system = rustls_platform_verifier::Verifier::new_with_extra_roots(
            own.iter().cloned(),
            provider.clone(),
        )?;
        Ok(Self {
            system: Some(system),
            own,
            provider,
        })
    }

    /// Creates a verifier that accepts no server.
    pub(super) fn trusting_none(provider: Arc<CryptoProvider>) -> Self {
        Self {
            system: None,
            own: Vec::new(),
            provider,
        }
    }

    pub(super) fn has_no_roots(&self) -> bool {
        self.system.is_none()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(system) = &self.system else {
            return Err(CertificateError::UnknownIssuer.into());
        };
        let verified =
            system.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // This check follows that of the dates, so they are valid.
            Err(Error::InvalidCertificate(error))
                if is_authority_itself(&error) && self.own.contains(end_entity) =>
            {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
