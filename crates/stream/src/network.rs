//! The network settings: TLS and proxies.

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use url::Url;

/// TLS and proxies.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The route to servers.
    pub proxy: Proxy,
    /// Looks up the desktop's proxies, for [`Proxy::System`].
    pub desktop: Option<Arc<dyn ProxyLookup>>,
    /// PEM files with further certificate authorities, beside those that the system trusts.
    pub extra_ca: Vec<PathBuf>,
    /// A PEM file with a client certificate (its chain, too) and its private key.
    pub client_certificate: Option<PathBuf>,
}

/// The route to servers. This machine itself (loopback) is never reached through a proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// What the environment says (`https_proxy`, `all_proxy`, `no_proxy`, …); where it names no
    /// proxy, what the desktop says ([`Network::desktop`]), or the settings of macOS and Windows.
    #[default]
    System,
    /// No proxy.
    Direct,
    /// This proxy.
    Through(ProxyServer),
}

/// A proxy server.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyServer {
    /// `http://host:port`, `https://…`, `socks5://…` (this machine resolves names) or
    /// `socks5h://…` (the proxy resolves names).
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
        // The URL may hold a password, and the sign-in does.
        f.debug_struct("ProxyServer")
            .field("except", &self.except)
            .finish_non_exhaustive()
    }
}

/// Looks up the proxies that the desktop is set to, fixed ones and those of a PAC file alike.
pub trait ProxyLookup: Send + Sync + Debug {
    /// Returns the proxies for a URL, in the order in which they are to be tried, each as
    /// `scheme://host:port`; `direct://` stands for none. Empty where nothing is known. The URL
    /// holds no path, query or credentials. The caller waits for three seconds at most.
    fn lookup(&self, url: Url) -> BoxFuture<'static, Vec<String>>;
}

/// Why the network settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// A file cannot be read.
    #[error("{path}: {error}", path = path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// The error.
        error: std::io::Error,
    },
    /// A file holds no usable certificate or key.
    #[error("{path}: no usable {what}", path = path.display())]
    Pem {
        /// Its path.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// The proxy's address cannot be used.
    #[error("the proxy's address cannot be used")]
    Proxy,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}
