//! The other one of http and https at an address.

use std::time::Duration;

use belldot_stream::{Cause, TlsFault};
use reqwest::Method;
use url::Url;

use super::asking::Asking;

/// How long one question may take.
pub const ASK: Duration = Duration::from_secs(3);

/// The same address by the other scheme.
pub fn other_scheme(url: &Url) -> Option<Url> {
    let mut other = url.clone();
    let scheme = if url.scheme() == "https" {
        "http"
    } else {
        "https"
    };
    // A port that was not written is another one there.
    let port = url.port_or_known_default();
    other.set_scheme(scheme).ok()?;
    if url.port().is_some() {
        other.set_port(port).ok()?;
    }
    Some(other)
}

/// Whether https was asked of a server that speaks plain http there.
pub async fn speaks_http_instead(url: &Url, asking: &Asking) -> bool {
    match other_scheme(url).filter(|_| url.scheme() == "https") {
        Some(http) => speaks(&http, asking).await,
        None => false,
    }
}

/// Whether a server speaks this scheme there, whatever it says. It is asked without credentials.
pub async fn speaks(url: &Url, asking: &Asking) -> bool {
    match asking.client.request(Method::GET, url.clone()) {
        // A certificate that is not trusted is one, too.
        Ok(request) => match asking.client.send(request.timeout(ASK)).await {
            Ok(_) => true,
            Err(Cause::Tls(fault)) => fault != TlsFault::NotTls,
            Err(_) => false,
        },
        Err(_) => false,
    }
}
