//! The cryptography behind https.

/// Makes ring the provider for every TLS connection of this process.
pub fn start() {
    // Only fails when one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
