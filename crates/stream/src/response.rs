//! Classifies responses by status and headers alone.

use std::time::{Duration, SystemTime};

use belldot_wire::{Cause, clean_line};
use reqwest::StatusCode;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, PROXY_AUTHENTICATE, RETRY_AFTER,
};

use crate::disposition::Disposition;
use crate::proxy::schemes;

/// What a response is, by its status and headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Classification {
    /// An event stream.
    EventStream,
    /// A redirect.
    Redirect,
    /// No stream; the body tells whether the server is full, otherwise this.
    PossiblyFull(Disposition),
    /// No stream, whatever the body says.
    NoStream(Disposition),
}

/// Classifies a response; `now` is the wall-clock time.
pub(crate) fn classify(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Classification {
    let retry_after = || retry_after(headers, now);
    let failed = || Disposition::Failed {
        cause: Cause::Status(status),
        retry_after: retry_after(),
    };
    match status.as_u16() {
        200 => match foreign(headers) {
            None => Classification::EventStream,
            Some(found) => {
                Classification::NoStream(Disposition::Foreign(Cause::NotAnEventStream(found)))
            }
        },
        204 => Classification::NoStream(Disposition::Stopped(Cause::Closed)),
        301 | 302 | 303 | 307 | 308 => Classification::Redirect,
        401 => Classification::NoStream(Disposition::SignIn),
        407 => Classification::NoStream(Disposition::ProxySignIn(schemes(
            headers
                .get_all(PROXY_AUTHENTICATE)
                .iter()
                .map(HeaderValue::as_bytes),
        ))),
        410 => Classification::NoStream(Disposition::Stopped(Cause::Gone)),
        429 | 503 => Classification::PossiblyFull(failed()),
        511 => Classification::NoStream(Disposition::Foreign(Cause::NotAnEventStream(Some(
            status.to_string(),
        )))),
        408 | 425 | 500.. => Classification::NoStream(failed()),
        _ => Classification::NoStream(Disposition::Refused(Cause::Status(status))),
    }
}

/// `None` where the content is an event stream without a content coding; else its content type, if
/// there is one.
fn foreign(headers: &HeaderMap) -> Option<Option<String>> {
    let Some(essence) = essence(headers) else {
        return Some(None);
    };
    if essence != "text/event-stream" {
        return Some(Some(clean_line(&essence)));
    }
    let encodings = headers.get_all(CONTENT_ENCODING).iter();
    let encoding = encodings
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .find(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    encoding.map(|coding| Some(clean_line(&format!("{essence}, {coding}"))))
}

/// The essence of the MIME type: the last one that is valid, as the Fetch standard has it
/// ("extract a MIME type").
fn essence(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(CONTENT_TYPE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(split_outside_quotes)
        .filter_map(|value| {
            let essence = value.split(';').next()?.trim().to_ascii_lowercase();
            let (kind, subtype) = essence.split_once('/')?;
            let token = |part: &str| {
                !part.is_empty()
                    && part
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
            };
            (token(kind) && token(subtype) && essence != "*/*").then_some(essence)
        })
        .next_back()
}

fn split_outside_quotes(value: &str) -> impl DoubleEndedIterator<Item = &str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(&value[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&value[start..]);
    parts.into_iter()
}

/// Returns the delay that a server asks for by `Retry-After` (RFC 9110, 10.2.3), in seconds or as
/// an HTTP date; `now` is the wall-clock time. The delay is not bounded.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number beyond the range counts as the largest one.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}
