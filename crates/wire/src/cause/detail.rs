//! The kinds of a [`Cause`](super::Cause). Each has a stable code, for machines and translations.

use http::StatusCode;

/// How a connection broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BrokenBy {
    /// The server, or something on the route, reset it.
    Reset,
    /// There is no route to the address.
    Unreachable,
    /// TCP timed out.
    TimedOut,
    /// It ended in the middle of a response.
    CutOff,
    /// Something else.
    Other,
}

/// What was wrong with TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsFault {
    /// The certificate is of an authority that this machine does not know, or self-signed.
    UnknownAuthority,
    /// This machine has no trust store, and so knows no authority.
    NoTrustStore,
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet, or this machine's clock is slow.
    NotYetValid,
    /// The certificate is for another host.
    WrongName,
    /// The certificate was revoked.
    Revoked,
    /// The certificate cannot be used for another reason.
    BadCertificate,
    /// The server requires a client certificate, or rejects this one.
    ClientCertificate,
    /// The response is not TLS; perhaps plain http.
    NotTls,
    /// Server and client have no version or cipher in common.
    Incompatible,
    /// Something else.
    Other,
}

/// What was wrong with the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyFault {
    /// It cannot be reached.
    Unreachable,
    /// Its name cannot be resolved.
    UnknownName,
    /// It does not answer in time.
    Silent,
    /// Its certificate is not trusted, or its TLS fails otherwise.
    Tls,
    /// It requires a sign-in by one of these schemes (407); one more attempt follows.
    SignIn(Vec<String>),
    /// It refuses a tunnel, with this status.
    Refused(StatusCode),
    /// It refuses a tunnel without a status.
    Other,
}

/// Why a redirect is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectFault {
    /// It names no target, or one that is not valid.
    Nowhere,
    /// Neither to http nor to https.
    Scheme,
    /// From https to http.
    ToHttp,
    /// Too many redirects in a row.
    TooMany,
}

/// Why an address or the settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unusable {
    /// Not an http or https address.
    Scheme,
    /// Credentials would go over plain http.
    PlainCredentials,
    /// The network settings; with a message for administrators.
    Network(String),
    /// Something else about the address.
    Address,
}

impl BrokenBy {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [
        Self::Reset,
        Self::Unreachable,
        Self::TimedOut,
        Self::CutOff,
        Self::Other,
    ];

    /// The one with this stable code.
    pub(crate) fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.code() == code)
    }

    /// Its stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed-out",
            Self::CutOff => "cut-off",
            Self::Other => "other",
        }
    }
}

impl TlsFault {
    /// All of them.
    pub(crate) const ALL: [Self; 11] = [
        Self::UnknownAuthority,
        Self::NoTrustStore,
        Self::Expired,
        Self::NotYetValid,
        Self::WrongName,
        Self::Revoked,
        Self::BadCertificate,
        Self::ClientCertificate,
        Self::NotTls,
        Self::Incompatible,
        Self::Other,
    ];

    /// The one with this stable code.
    pub(crate) fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.code() == code)
    }

    /// Its stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::UnknownAuthority => "unknown-authority",
            Self::NoTrustStore => "no-trust-store",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::WrongName => "wrong-name",
            Self::Revoked => "revoked",
            Self::BadCertificate => "bad-certificate",
            Self::ClientCertificate => "client-certificate",
            Self::NotTls => "not-tls",
            Self::Incompatible => "incompatible",
            Self::Other => "other",
        }
    }
}

impl ProxyFault {
    /// Returns whether the proxy answered by HTTP, so that another route is not tried.
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::SignIn(_))
    }

    /// Its stable code, or the status.
    pub(super) fn detail(&self) -> String {
        let word = match self {
            Self::SignIn(schemes) if schemes.is_empty() => "407",
            Self::SignIn(schemes) => return format!("407 {}", sign_in(schemes)),
            Self::Unreachable => "unreachable",
            Self::UnknownName => "unknown-name",
            Self::Silent => "silent",
            Self::Tls => "tls",
            Self::Refused(with) => return status(*with),
            Self::Other => "other",
        };
        word.to_owned()
    }
}

impl RedirectFault {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Nowhere, Self::Scheme, Self::ToHttp, Self::TooMany];

    /// The one with this stable code.
    pub(crate) fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.code() == code)
    }

    /// Its stable code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Nowhere => "nowhere",
            Self::Scheme => "scheme",
            Self::ToHttp => "to-http",
            Self::TooMany => "too-many",
        }
    }
}

impl Unusable {
    /// Its stable code, or the message about the settings.
    pub(super) fn detail(&self) -> String {
        match self {
            Self::Scheme => "scheme".to_owned(),
            Self::PlainCredentials => "plain-credentials".to_owned(),
            Self::Network(words) => words.clone(),
            Self::Address => "address".to_owned(),
        }
    }
}

/// A status with its standard reason phrase, where it has one.
pub(super) fn status(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// `Basic` where the proxy takes a name and a password; `unnamed` where it named no scheme; else
/// the schemes.
pub(super) fn sign_in(schemes: &[String]) -> String {
    let takes_password = |scheme: &String| scheme.eq_ignore_ascii_case("basic");
    if schemes.is_empty() {
        "unnamed".to_owned()
    } else if schemes.iter().any(takes_password) {
        "Basic".to_owned()
    } else {
        schemes.join(", ")
    }
}
