//! Whose a secret is.

use belldot_core::{
    settings::{Proxy, Settings},
    source::{Source, SourceId},
};
use url::Url;

/// Whose secret it is, and the only origin that gets it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretOwner {
    pub(super) id: String,
    pub(super) origin: String,
}

impl SecretOwner {
    /// A source's secret, for the origin of its address.
    pub fn source(source: &Source) -> Self {
        Self::at(&source.id, &source.url)
    }

    /// The secret of the source with this id, for the origin of this address.
    pub fn at(id: &SourceId, url: &Url) -> Self {
        Self {
            id: id.0.clone(),
            origin: url.origin().ascii_serialization(),
        }
    }

    /// The password of the proxy in these settings, where there is one.
    pub fn proxy(settings: &Settings) -> Option<Self> {
        match &settings.network.proxy {
            Proxy::Through(server) => Some(Self::proxy_at(&server.url)),
            _ => None,
        }
    }

    /// The password of the proxy at this address. No source can be called that.
    pub fn proxy_at(address: &str) -> Self {
        Self {
            id: "(proxy)".to_owned(),
            origin: address.to_owned(),
        }
    }
}
