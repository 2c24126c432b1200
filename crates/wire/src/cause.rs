//! Why a stream is not open.

mod detail;

use http::StatusCode;

pub use self::detail::{BrokenBy, ProxyFault, RedirectFault, TlsFault, Unusable};
use crate::clean_line;

/// Why a stream is not open. [`Cause::code`] is a stable code for machines and translations, and
/// [`Cause::detail`] adds to it where there is more; neither holds an error message of a library or
/// a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The server ended the stream in an orderly way.
    Ended,
    /// The connection broke, or there is no route for one.
    Broken(BrokenBy),
    /// Nothing listens at that address and port.
    Refused,
    /// This name cannot be resolved.
    Dns(String),
    /// TLS failed.
    Tls(TlsFault),
    /// The server did not answer in time.
    Timeout,
    /// The server sent nothing for longer than its heartbeats allow.
    Silent,
    /// The proxy cannot be reached, or refuses a tunnel.
    Proxy(ProxyFault),
    /// The proxy requires a sign-in, or another one (407), by one of these schemes; empty: it named
    /// none.
    ProxySignIn(Vec<String>),
    /// The server answered with this status.
    Status(StatusCode),
    /// The server requires a sign-in, or another one (401).
    SignIn,
    /// The credentials are not available now; with the message of their source.
    Credentials(String),
    /// The server closed the subscription for good (204).
    Closed,
    /// The address is gone for good (410).
    Gone,
    /// 200, but the content is not `text/event-stream`; the content type found, if any.
    NotAnEventStream(Option<String>),
    /// Plain http was sent to a port where the server expects https.
    WantsHttps,
    /// The response is not HTTP.
    NotHttp,
    /// Redirected to where it must not be followed.
    Redirect(RedirectFault),
    /// The address or the settings cannot be used at all.
    Unusable(Unusable),
    /// The machine woke from sleep.
    Woke,
    /// The network changed.
    NetworkChanged,
    /// A person or the application asked for another attempt.
    Requested,
}

impl Cause {
    /// Returns a stable code: `ended`, `broken`, `refused`, `dns`, `tls`, `timeout`, `silent`,
    /// `proxy`, `proxy-sign-in`, `status`, `sign-in`, `keyring`, `closed`, `gone`,
    /// `not-an-event-stream`, `wants-https`, `redirect`, `unusable`, `woke`, `network-changed`,
    /// `requested`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Broken(_) | Self::NotHttp => "broken",
            Self::Refused => "refused",
            Self::Dns(_) => "dns",
            Self::Tls(_) => "tls",
            Self::Timeout => "timeout",
            Self::Silent => "silent",
            Self::Proxy(_) => "proxy",
            Self::ProxySignIn(_) => "proxy-sign-in",
            Self::Status(_) => "status",
            Self::SignIn => "sign-in",
            Self::Credentials(_) => "keyring",
            Self::Closed => "closed",
            Self::Gone => "gone",
            Self::NotAnEventStream(_) => "not-an-event-stream",
            Self::WantsHttps => "wants-https",
            Self::Redirect(_) => "redirect",
            Self::Unusable(_) => "unusable",
            Self::Woke => "woke",
            Self::NetworkChanged => "network-changed",
            Self::Requested => "requested",
        }
    }

    /// Returns what the code leaves open, as one clean line: a stable code where there are several
    /// kinds (`expired`, `unreachable`, …), else a name, a status, or what the server said.
    pub fn detail(&self) -> Option<String> {
        let words = match self {
            Self::Broken(by) => by.code().to_owned(),
            Self::NotHttp => "not-http".to_owned(),
            Self::Dns(name) => name.clone(),
            Self::Tls(fault) => fault.code().to_owned(),
            // Known schemes, not text of the proxy that would need cleaning.
            Self::Proxy(fault @ ProxyFault::SignIn(_)) => return Some(fault.detail()),
            Self::Proxy(fault) => fault.detail(),
            Self::ProxySignIn(schemes) => return Some(detail::sign_in(schemes)),
            Self::Status(status) => detail::status(*status),
            Self::Credentials(words) => words.clone(),
            Self::NotAnEventStream(found) => found.clone()?,
            Self::Redirect(fault) => fault.code().to_owned(),
            Self::Unusable(fault) => fault.detail(),
            _ => return None,
        };
        Some(clean_line(&words))
    }
}
