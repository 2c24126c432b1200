//! Where a redirect leads, and whether one may go there.

use reqwest::header::{HeaderMap, LOCATION};
use url::{Host, Url};

use crate::Cause;
use crate::cause::RedirectFault;

/// Where a redirect from `from` leads; an error where it must not be followed.
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
    // A name and password in the Location are the server's words, not the user's.
    strip_credentials(&mut to);
    Ok(to)
}

/// Takes name and password out of a URL.
pub(crate) fn strip_credentials(url: &mut Url) {
    // These fail where there can be neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// Scheme, host and port are the same.
pub(crate) fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

/// Whether the URL leads to this machine.
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
