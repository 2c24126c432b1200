//! The targets of redirects, and which are followed.

use belldot_wire::{Cause, RedirectFault};
use reqwest::header::{HeaderMap, LOCATION};
use url::{Host, Url};

/// Returns the target of a redirect from `from`.
///
/// # Errors
/// If it must not be followed.
pub(crate) fn target(from: &Url, headers: &HeaderMap) -> Result<Url, Cause> {
    let nowhere = || Cause::Redirect(RedirectFault::Nowhere);
    let location = headers.get(LOCATION).ok_or_else(nowhere)?;
    let location = std::str::from_utf8(location.as_bytes()).map_err(|_| nowhere())?;
    let mut to = from.join(location).map_err(|_| nowhere())?;
    if !matches!(to.scheme(), "http" | "https") {
        return Err(Cause::Redirect(RedirectFault::Scheme));
    }
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(Cause::Redirect(RedirectFault::ToHttp));
    }
    // Credentials in a Location are not the user's.
    strip_credentials(&mut to);
    Ok(to)
}

/// Removes name and password from a URL.
pub(crate) fn strip_credentials(url: &mut Url) {
    // These fail only for URLs that cannot have credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// Whether scheme, host and port are the same.
pub(crate) fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// Returns whether the host of a URL is this machine (loopback addresses, `localhost`).
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback()
                || address
                    .to_ipv4_mapped()
                    .is_some_and(|address| address.is_loopback())
        }
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}
