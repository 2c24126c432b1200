//! Why a request failed, found at the root of reqwest's error.

use std::error::Error;
use std::io;

use crate::Cause;

/// A name could not be looked up; told apart from other input and output.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct LookupError(pub(crate) io::Error);

/// Names the cause of a failure. `proxied`: the connection was to be made by a proxy.
pub(crate) fn cause(error: &reqwest::Error, proxied: bool) -> Cause {
    let words = root(error);
    let any = |test: fn(&(dyn Error + 'static)) -> bool| chain(error).any(test);
    if error.is_builder() {
        Cause::Unusable(words)
    } else if any(|error| error.is::<LookupError>()) {
        Cause::Dns(words)
    } else if any(|error| error.is::<rustls::Error>()) {
        Cause::Tls(words)
    } else if (proxied && error.is_connect()) || any(speaks_of_proxy) {
        Cause::Proxy(words)
    } else if error.is_timeout() {
        Cause::Timeout
    } else if any(is_refusal) {
        Cause::Refused
    } else {
        Cause::Broken(words)
    }
}

/// What lies at the root, in the system's words.
fn root(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // An io::Error leads to what it wraps, where its source skips it.
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// The proxies' error types are not public; their words are all there is to go by.
fn speaks_of_proxy(error: &(dyn Error + 'static)) -> bool {
    let words = error.to_string().to_ascii_lowercase();
    ["tunnel", "socks", "proxy"]
        .iter()
        .any(|word| words.contains(word))
}

fn is_refusal(error: &(dyn Error + 'static)) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(io::ErrorKind::ConnectionRefused)
}
