//! Finds the [`Cause`] of a failed request in reqwest's error. Messages of libraries are read here
//! and nowhere else.

use std::error::Error;
use std::io;

use belldot_wire::{BrokenBy, Cause, ProxyFault, TlsFault, Unusable};
use rustls::{AlertDescription, CertificateError, InvalidMessage};

use crate::proxy::{Route, Upstream};

/// A name could not be resolved; a type of its own, apart from other I/O errors.
#[derive(Debug, thiserror::Error)]
#[error("no address for {name}: {error}")]
pub(crate) struct ResolveError {
    /// The name.
    pub(crate) name: String,
    /// The error.
    pub(crate) error: io::Error,
}

/// Why an HTTP proxy refused a tunnel, as far as hyper tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoTunnel {
    /// It requires a sign-in (407).
    SignIn,
    /// It answered with another status.
    Refused,
}

/// Finds the cause of a failure on this route.
pub(crate) fn cause(error: &reqwest::Error, route: &Route) -> Cause {
    let proxy = match route {
        Route::Through(upstream) if error.is_connect() => Some(upstream),
        _ => None,
    };
    if error.is_builder() {
        Cause::Unusable(Unusable::Address)
    } else if let Some(ResolveError { name, .. }) = find(error) {
        match proxy {
            Some(upstream) if upstream.host() == name => Cause::Proxy(ProxyFault::UnknownName),
            _ => Cause::Dns(name.clone()),
        }
    } else if let Some(tls) = find::<rustls::Error>(error) {
        match proxy {
            Some(upstream) if is_of_proxy(error, upstream) => Cause::Proxy(ProxyFault::Tls),
            _ => Cause::Tls(tls_fault(tls)),
        }
    } else if let Some(upstream) = proxy {
        of_proxy(error, upstream)
    } else if error.is_timeout() {
        Cause::Timeout
    } else if let Some(http) = find::<hyper::Error>(error).filter(is_not_http) {
        tracing::debug!(error = %http, "not HTTP");
        Cause::NotHttp
    } else {
        broken(error)
    }
}

/// Whether the response is not HTTP; one that is too large is.
fn is_not_http(error: &&hyper::Error) -> bool {
    error.is_parse() && !error.is_parse_too_large()
}

/// Whether an HTTP proxy refused a tunnel.
pub(crate) fn no_tunnel(error: &reqwest::Error) -> Option<NoTunnel> {
    // The type of the error is private; only its message tells.
    chain(error).find_map(|error| match error.to_string().as_str() {
        "tunnel error: proxy authorization required" => Some(NoTunnel::SignIn),
        "tunnel error: unsuccessful" | "tunnel error: proxy response headers too long" => {
            Some(NoTunnel::Refused)
        }
        _ => None,
    })
}

/// The cause of a failure on the route through a proxy, before the server answered.
fn of_proxy(error: &reqwest::Error, upstream: &Upstream) -> Cause {
    let says = |words: &str| chain(error).any(|error| error.to_string().contains(words));
    let unreachable = find::<io::Error>(error).is_some_and(|error| {
        error.kind() == io::ErrorKind::ConnectionRefused
            || broken_by(error.kind()) == Some(BrokenBy::Unreachable)
    });
    if error.is_timeout() {
        Cause::Proxy(ProxyFault::Silent)
    } else if says("credentials not accepted") || says("user/pass authentication") {
        // SOCKS has no other sign-in than name and password.
        Cause::ProxySignIn(vec!["Basic".to_owned()])
    } else if unreachable || says("failed to create underlying connection") {
        Cause::Proxy(ProxyFault::Unreachable)
    } else if upstream.is_http() && !says("tunnel") {
        // The tunnel was established: the server broke the connection.
        broken(error)
    } else {
        Cause::Proxy(ProxyFault::Other)
    }
}

/// Whether TLS to the proxy failed, not TLS to the server behind it.
fn is_of_proxy(error: &reqwest::Error, upstream: &Upstream) -> bool {
    let is_plain = error.url().is_some_and(|url| url.scheme() == "http");
    let underlying = || chain(error).any(|error| error.to_string().contains("underlying"));
    upstream.scheme() == "https" && (is_plain || underlying())
}

fn broken(error: &reqwest::Error) -> Cause {
    let kind = find::<io::Error>(error).map(io::Error::kind);
    if kind == Some(io::ErrorKind::ConnectionRefused) {
        return Cause::Refused;
    }
    let incomplete = find::<hyper::Error>(error)
        .is_some_and(|error| error.is_incomplete_message() || error.is_body_write_aborted());
    let by = match kind.and_then(broken_by) {
        Some(by) => by,
        None if incomplete => BrokenBy::CutOff,
        None => BrokenBy::Other,
    };
    Cause::Broken(by)
}

fn broken_by(kind: io::ErrorKind) -> Option<BrokenBy> {
    use io::ErrorKind::{
        AddrNotAvailable, BrokenPipe, ConnectionAborted, ConnectionReset, HostUnreachable,
        NetworkDown, NetworkUnreachable, TimedOut, UnexpectedEof,
    };
    Some(match kind {
        BrokenPipe | ConnectionAborted | ConnectionReset => BrokenBy::Reset,
        AddrNotAvailable | HostUnreachable | NetworkDown | NetworkUnreachable => {
            BrokenBy::Unreachable
        }
        TimedOut => BrokenBy::TimedOut,
        UnexpectedEof => BrokenBy::CutOff,
        _ => return None,
    })
}

/// What is wrong with TLS, in the terms of administrators.
fn tls_fault(error: &rustls::Error) -> TlsFault {
    use rustls::Error;
    match error {
        Error::InvalidCertificate(error) => certificate_fault(error),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => TlsFault::NotTls,
        Error::AlertReceived(alert) => alert_fault(*alert),
        Error::PeerIncompatible(_) => TlsFault::Incompatible,
        _ => TlsFault::Other,
    }
}

fn certificate_fault(error: &CertificateError) -> TlsFault {
    use CertificateError as Is;
    match error {
        Is::Expired | Is::ExpiredContext { .. } => TlsFault::Expired,
        Is::NotValidYet | Is::NotValidYetContext { .. } => TlsFault::NotYetValid,
        Is::NotValidForName | Is::NotValidForNameContext { .. } => TlsFault::WrongName,
        Is::Revoked => TlsFault::Revoked,
        // A wrong signature is that of another authority with the same name.
        Is::UnknownIssuer | Is::BadSignature => TlsFault::UnknownAuthority,
        error if is_authority_itself(error) => TlsFault::UnknownAuthority,
        _ => TlsFault::BadCertificate,
    }
}

/// Whether the server's certificate is an authority's own one, usually self-signed.
pub(crate) fn is_authority_itself(error: &CertificateError) -> bool {
    // The type of the error belongs to a library that rustls does not re-export.
    matches!(error, CertificateError::Other(other)
        if other.to_string().contains("CaUsedAsEndEntity"))
}

/// What the server found wrong with this client.
fn alert_fault(alert: AlertDescription) -> TlsFault {
    use AlertDescription as Is;
    match alert {
        Is::CertificateRequired
        | Is::NoCertificate
        | Is::BadCertificate
        | Is::UnsupportedCertificate
        | Is::CertificateRevoked
        | Is::CertificateExpired
        | Is::CertificateUnknown
        | Is::UnknownCA
        | Is::AccessDenied => TlsFault::ClientCertificate,
        Is::HandshakeFailure | Is::ProtocolVersion | Is::InsufficientSecurity => {
            TlsFault::Incompatible
        }
        Is::UnrecognisedName => TlsFault::WrongName,
        _ => TlsFault::Other,
    }
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error)
        .filter_map(<dyn Error>::downcast_ref::<E>)
        .last()
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // The `source` of an io::Error skips the error that it wraps.
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}
