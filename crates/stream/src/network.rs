//! The network: what its settings leave open, and why they may not be usable.

use std::fmt::{self, Debug};
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use url::Url;

/// What reaching a proxy takes beyond the settings.
#[derive(Clone, Default)]
pub struct ProxyAccess {
    /// The password of [`ProxyServer::user`](crate::ProxyServer::user).
    pub password: Option<String>,
    /// Looks up the desktop's proxies, for [`Proxy::System`](crate::Proxy::System).
    pub desktop: Option<Arc<dyn ProxyLookup>>,
}

impl Debug for ProxyAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The password must not be logged.
        f.debug_struct("ProxyAccess")
            .field("desktop", &self.desktop)
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
