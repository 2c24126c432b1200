//! A cause as JSON: its code and its detail.

use http::StatusCode;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

use crate::cause::{BrokenBy, Cause, ProxyFault, RedirectFault, TlsFault, Unusable};

/// Why a stream is not open, as `belldot-stream` names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "Cause")]
pub(crate) struct CauseRecord {
    /// A stable word, such as `refused`; its sentence is the message `cause-refused`.
    pub(crate) code: String,
    /// What the system or the server said, where that adds something.
    pub(crate) detail: Option<String>,
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = CauseRecord {
            code: self.code().to_owned(),
            detail: self.detail(),
        };
        record.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Cause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let CauseRecord { code, detail } = CauseRecord::deserialize(deserializer)?;
        Self::parse(&code, detail.as_deref())
            .ok_or_else(|| D::Error::custom(format_args!("no cause is {code:?}, {detail:?}")))
    }
}

impl Cause {
    /// Parses what [`Cause::code`] and [`Cause::detail`] returned. `None` for a code that no cause
    /// has, or a detail that does not belong to it. Where a proxy named several schemes and one of
    /// them was `Basic`, the others are lost.
    pub fn parse(code: &str, detail: Option<&str>) -> Option<Self> {
        let text = detail.unwrap_or_default();
        Some(match code {
            "ended" => Self::Ended,
            "broken" if text == "not-http" => Self::NotHttp,
            "broken" => Self::Broken(BrokenBy::named(text).unwrap_or(BrokenBy::Other)),
            "refused" => Self::Refused,
            "dns" => Self::Dns(text.to_owned()),
            "tls" => Self::Tls(TlsFault::named(text).unwrap_or(TlsFault::Other)),
            "timeout" => Self::Timeout,
            "silent" => Self::Silent,
            "proxy" => Self::Proxy(proxy_fault(text)),
            "proxy-sign-in" => Self::ProxySignIn(schemes(text)),
            "status" => Self::Status(status(text)?),
            "sign-in" => Self::SignIn,
            "keyring" => Self::Credentials(text.to_owned()),
            "closed" => Self::Closed,
            "gone" => Self::Gone,
            "not-an-event-stream" => Self::NotAnEventStream(detail.map(str::to_owned)),
            "wants-https" => Self::WantsHttps,
            "redirect" => Self::Redirect(RedirectFault::named(text)?),
            "unusable" => Self::Unusable(match text {
                "scheme" => Unusable::Scheme,
                "plain-credentials" => Unusable::PlainCredentials,
                "address" => Unusable::Address,
                message => Unusable::Network(message.to_owned()),
            }),
            "woke" => Self::Woke,
            "network-changed" => Self::NetworkChanged,
            "requested" => Self::Requested,
            _ => return None,
        })
    }
}

fn proxy_fault(text: &str) -> ProxyFault {
    match text {
        "unreachable" => ProxyFault::Unreachable,
        "unknown-name" => ProxyFault::UnknownName,
        "silent" => ProxyFault::Silent,
        "tls" => ProxyFault::Tls,
        _ => match (text.strip_prefix("407"), status(text)) {
            (Some(rest), _) => ProxyFault::SignIn(schemes(rest.trim_start())),
            (None, Some(status)) => ProxyFault::Refused(status),
            (None, None) => ProxyFault::Other,
        },
    }
}

fn schemes(text: &str) -> Vec<String> {
    match text {
        "" | "unnamed" => Vec::new(),
        names => names.split(", ").map(str::to_owned).collect(),
    }
}

/// The status at the start of a text: `503 Service Unavailable`.
fn status(text: &str) -> Option<StatusCode> {
    text.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_keeps_its_code_and_detail_as_json() {
        let schemes = || vec!["Negotiate".to_owned(), "NTLM".to_owned()];
        let mut causes = vec![
            Cause::Ended,
            Cause::Refused,
            Cause::Dns("server.example".to_owned()),
            Cause::Timeout,
            Cause::Silent,
            Cause::Proxy(ProxyFault::Unreachable),
            Cause::Proxy(ProxyFault::UnknownName),
            Cause::Proxy(ProxyFault::Silent),
            Cause::Proxy(ProxyFault::Tls),
            Cause::Proxy(ProxyFault::SignIn(Vec::new())),
            Cause::Proxy(ProxyFault::SignIn(schemes())),
            Cause::Proxy(ProxyFault::Refused(StatusCode::FORBIDDEN)),
            Cause::Proxy(ProxyFault::Other),
            Cause::ProxySignIn(Vec::new()),
            Cause::ProxySignIn(schemes()),
            Cause::Status(StatusCode::SERVICE_UNAVAILABLE),
            Cause::SignIn,
            Cause::Credentials("locked".to_owned()),
            Cause::Closed,
            Cause::Gone,
            Cause::NotAnEventStream(None),
            Cause::NotAnEventStream(Some("text/html".to_owned())),
            Cause::WantsHttps,
            Cause::NotHttp,
            Cause::Unusable(Unusable::Scheme),
            Cause::Unusable(Unusable::PlainCredentials),
            Cause::Unusable(Unusable::Network("no such file".to_owned())),
            Cause::Unusable(Unusable::Address),
            Cause::Woke,
            Cause::NetworkChanged,
            Cause::Requested,
        ];
        causes.extend(BrokenBy::ALL.map(Cause::Broken));
        causes.extend(TlsFault::ALL.map(Cause::Tls));
        causes.extend(RedirectFault::ALL.map(Cause::Redirect));
        for cause in causes {
            let json = serde_json::to_value(&cause).unwrap_or_default();
            assert_eq!(json["code"], cause.code());
            assert_eq!(json["detail"], serde_json::json!(cause.detail()));
            assert_eq!(serde_json::from_value(json).ok(), Some(cause));
        }
    }

    #[test]
    fn what_no_cause_says_is_refused() {
        for (code, detail) in [
            ("never-heard-of", None),
            ("status", Some("soon")),
            ("redirect", Some("upwards")),
        ] {
            assert_eq!(Cause::parse(code, detail), None, "{code}");
        }
    }

    #[test]
    fn a_fault_of_a_later_version_is_another_one() {
        assert_eq!(
            Cause::parse("tls", Some("new")),
            Some(Cause::Tls(TlsFault::Other))
        );
    }
}
