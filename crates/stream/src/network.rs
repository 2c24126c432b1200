//! TLS and proxies, as settings.

use std::path::PathBuf;
use std::sync::Arc;

use crate::proxy::ProxyLookup;

/// TLS and proxies.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The way out.
    pub proxy: Proxy,
    /// Knows the desktop's proxies, for [`Proxy::System`].
    pub desktop: Option<Arc<dyn ProxyLookup>>,
    /// PEM files with further certificate authorities, beside those that the system trusts.
    pub extra_ca: Vec<PathBuf>,
    /// A PEM file with a client certificate (its chain, too) and its private key.
    pub client_certificate: Option<PathBuf>,
}

/// The way out. This machine itself (loopback) is never reached through a proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// What the environment says (`https_proxy`, `all_proxy`, `no_proxy`, …); where it names no
    /// proxy, what the desktop says ([`Network::desktop`]), or the settings of macOS and Windows.
    #[default]
    System,
    /// None.
    Direct,
    /// This one.
    Through(ProxyServer),
}

/// A proxy server.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyServer {
    /// `http://host:port`, `https://…`, `socks5://…` (names are looked up here) or `socks5h://…`
    /// (names are looked up there).
    pub url: String,
    /// Name and password, where it wants a sign-in.
    pub sign_in: Option<(String, String)>,
    /// Hosts that are reached directly, separated by commas, semicolons or white space: domains
    /// with all that is below (`corp.example`, `.corp.example`, `*.corp.example`), addresses
    /// (`10.1.2.3`, `10.1.*`), networks (`10.0.0.0/8`), `<local>` for names without a dot, `*`
    /// for all; each perhaps with a port (`corp.example:8443`).
    pub except: String,
}

impl std::fmt::Debug for ProxyServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Neither a password in the URL nor the sign-in belongs in a log.
        f.debug_struct("ProxyServer")
            .field("except", &self.except)
            .finish_non_exhaustive()
    }
}

/// Why the network settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A file cannot be read.
    #[error("{path}: {error}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// A file holds no usable certificate or key.
    #[error("{path}: no usable {what}", path = path.display())]
    Pem {
        /// Which.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// The proxy's address cannot be used.
    #[error("the proxy's address cannot be used")]
    Proxy,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}
