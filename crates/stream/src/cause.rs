//! Why a stream is not open.

mod detail;

use reqwest::StatusCode;

pub use self::detail::{BrokenBy, ProxyFault, RedirectFault, TlsFault, Unusable};
use belldot_wire::clean_line;

/// Why a stream is not open. [`Cause::code`] is a stable word for machines and translations, and
/// [`Cause::detail`] says more where there is more to say; neither holds a library's talk or a
/// secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The server ended the stream in an orderly way.
    Ended,
    /// The connection broke, or there is no route for one.
    Broken(BrokenBy),
    /// Nothing listens at that address and port.
    Refused,
    /// This name has no address.
    Dns(String),
    /// TLS failed.
    Tls(TlsFault),
    /// The server did not answer in time.
    Timeout,
    /// Nothing was heard for longer than the heartbeats allow.
    Silent,
    /// The proxy cannot be reached, or gives no way through.
    Proxy(ProxyFault),
    /// The proxy wants a sign-in, or a different one (407), by one of these schemes; none: it
    /// named none.
    ProxySignIn(Vec<String>),
    /// The server answered with this status.
    Status(StatusCode),
    /// The server wants a sign-in, or a different one (401).
    SignIn,
    /// The credentials cannot be had now; the words are those of whoever keeps them.
    Credentials(String),
    /// The server closed the subscription for good (204).
    Closed,
    /// The address is gone for good (410).
    Gone,
    /// 200, but the content is not `text/event-stream`; the content type found, if any.
    NotAnEventStream(Option<String>),
    /// Plain http was asked of a server that speaks https there.
    WantsHttps,
    /// What answers does not speak HTTP.
    NotHttp,
    /// Redirected to where it must not be followed.
    Redirect(RedirectFault),
    /// The address or the settings cannot be used at all.
    Unusable(Unusable),
    /// The machine woke from sleep.
    Woke,
    /// The network changed.
    NetworkChanged,
    /// Somebody asked for another attempt.
    Requested,
}

impl Cause {
    /// A stable word: `ended`, `broken`, `refused`, `dns`, `tls`, `timeout`, `silent`, `proxy`,
    /// `proxy-sign-in`, `status`, `sign-in`, `keyring`, `closed`, `gone`,
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

    /// More than the code says, as one clean line: a stable word where there are several kinds
    /// (`expired`, `unreachable`, …), else a name, a status, or what the server said.
    pub fn detail(&self) -> Option<String> {
        let words = match self {
            Self::Broken(by) => by.word().to_owned(),
            Self::NotHttp => "not-http".to_owned(),
            Self::Dns(name) => name.clone(),
            Self::Tls(fault) => fault.word().to_owned(),
            // Names of schemes that were read as such, not words of the proxy.
            Self::Proxy(fault @ ProxyFault::SignIn(_)) => return Some(fault.detail()),
            Self::Proxy(fault) => fault.detail(),
            Self::ProxySignIn(schemes) => return Some(detail::sign_in(schemes)),
            Self::Status(status) => detail::status(*status),
            Self::Credentials(words) => words.clone(),
            Self::NotAnEventStream(found) => found.clone()?,
            Self::Redirect(fault) => fault.word().to_owned(),
            Self::Unusable(fault) => fault.detail(),
            _ => return None,
        };
        Some(clean_line(&words))
    }
}
