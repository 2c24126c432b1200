//! Why a stream is not open.

use reqwest::StatusCode;

/// Why a stream is not open. [`Cause::code`] is a stable word for machines and translations.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The server ended the stream in an orderly way.
    Ended,
    /// The connection broke: reset, timed out, unreachable network; the words are the system's.
    Broken(String),
    /// Nothing listens at that address and port.
    Refused,
    /// The name has no address.
    Dns(String),
    /// TLS failed: certificate expired, wrong host, unknown CA, …
    Tls(String),
    /// The server did not answer in time.
    Timeout,
    /// Nothing was heard for longer than the heartbeats allow.
    Silent,
    /// The proxy did not let us through.
    Proxy(String),
    /// The server answered with this status.
    Status(StatusCode),
    /// The server wants a sign-in, or a different one (401).
    SignIn,
    /// The server closed the subscription for good (204).
    Closed,
    /// The address is gone for good (410).
    Gone,
    /// 200, but the content is not `text/event-stream`; the content type found, if any.
    NotAnEventStream(Option<String>),
    /// Redirected too often, to an unusable place, or from https to http.
    Redirect(String),
    /// The URL or the settings cannot be used at all.
    Unusable(String),
    /// The machine woke from sleep.
    Woke,
    /// The network changed.
    NetworkChanged,
    /// Somebody asked for another attempt.
    Requested,
}

impl Cause {
    /// A stable word: `ended`, `broken`, `refused`, `dns`, `tls`, `timeout`, `silent`, `proxy`,
    /// `status`, `sign-in`, `closed`, `gone`, `not-an-event-stream`, `redirect`, `unusable`,
    /// `woke`, `network-changed`, `requested`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Broken(_) => "broken",
            Self::Refused => "refused",
            Self::Dns(_) => "dns",
            Self::Tls(_) => "tls",
            Self::Timeout => "timeout",
            Self::Silent => "silent",
            Self::Proxy(_) => "proxy",
            Self::Status(_) => "status",
            Self::SignIn => "sign-in",
            Self::Closed => "closed",
            Self::Gone => "gone",
            Self::NotAnEventStream(_) => "not-an-event-stream",
            Self::Redirect(_) => "redirect",
            Self::Unusable(_) => "unusable",
            Self::Woke => "woke",
            Self::NetworkChanged => "network-changed",
            Self::Requested => "requested",
        }
    }

    /// What the system or the server said, where it adds something to the code.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Broken(words)
            | Self::Dns(words)
            | Self::Tls(words)
            | Self::Proxy(words)
            | Self::Redirect(words)
            | Self::Unusable(words) => Some(words.clone()),
            Self::Status(status) => Some(status.to_string()),
            Self::NotAnEventStream(found) => found.clone(),
            _ => None,
        }
    }
}
