//! Validates settings beyond what their types rule out.

use belldot_wire::Proxy;
use url::Url;

use crate::{
    format::{Format, JsonMap, Skip},
    settings::{error::ValidationError, schema::Settings},
    source::{SignIn, Source},
};

/// The path to a setting: keys, and places in arrays as numbers.
pub(super) type KeyPath = Vec<String>;

impl Settings {
    /// Checks what the types alone do not rule out.
    ///
    /// # Errors
    /// The first thing that is not valid.
    pub fn check(&self) -> Result<(), ValidationError> {
        self.first_error().map_or(Ok(()), |(_, wrong)| Err(wrong))
    }

    /// Returns the first thing that is wrong, and where.
    pub(super) fn first_error(&self) -> Option<(KeyPath, ValidationError)> {
        let place = |path: &str| path.split('.').map(str::to_owned).collect();
        let quiet = &self.notifications.quiet;
        if quiet.enabled && quiet.from == quiet.to && quiet.days.is_empty() {
            return Some((place("notifications.quiet"), ValidationError::NeverQuiet));
        }
        if let Proxy::Through(proxy) = &self.network.proxy
            && !is_proxy(&proxy.url)
        {
            let url = proxy.url.clone();
            return Some((
                place("network.proxy.through.url"),
                ValidationError::NotAProxy { url },
            ));
        }
        self.sources.iter().enumerate().find_map(|(at, source)| {
            let wrong = if self.sources[..at].iter().any(|other| other.id == source.id) {
                let id = source.id.0.clone();
                Some(ValidationError::SameId { id })
            } else {
                wrong_in(source)
            };
            wrong.map(|wrong| (place(&format!("sources.{at}")), wrong))
        })
    }
}

fn wrong_in(source: &Source) -> Option<ValidationError> {
    let id = source.id.0.clone();
    if !is_id(&id) {
        return Some(ValidationError::NotAnId { id });
    }
    if source.name.trim().is_empty() {
        return Some(ValidationError::NoName { id });
    }
    let mut addresses = std::iter::once(&source.url).chain(source.page.as_ref());
    if let Some(url) = addresses.find(|url| !is_http(url)) {
        return Some(ValidationError::NotHttp {
            name: source.name.clone(),
            url: url.to_string(),
        });
    }
    if let Some(url) = source.page_origins.iter().find(|url| !is_origin(url)) {
        return Some(ValidationError::NotAnOrigin {
            source_name: source.name.clone(),
            url: url.to_string(),
        });
    }
    if let Format::Json(map) = &source.format
        && let Some(wrong) = wrong_map(source, map)
    {
        return Some(wrong);
    }
    if let Some(zone) = &source.time_zone
        && source.zone().is_none()
    {
        return Some(ValidationError::NotAZone {
            source_name: source.name.clone(),
            zone: zone.clone(),
        });
    }
    wrong_sign_in(source).or_else(|| {
        let mut headers = source.headers.iter();
        headers.find_map(|(name, value)| {
            if is_header_value(value) {
                wrong_header(source, name, &OWN_HEADERS)
            } else {
                Some(ValidationError::NotAHeader {
                    source_name: source.name.clone(),
                    name: name.clone(),
                })
            }
        })
    })
}

fn wrong_map(source: &Source, map: &JsonMap) -> Option<ValidationError> {
    let source_name = source.name.clone();
    if let Some(pointer) = map.pointers().find(|pointer| !is_pointer(pointer)) {
        let pointer = pointer.to_owned();
        return Some(ValidationError::NotAPointer {
            source_name,
            pointer,
        });
    }
    let skips_all = map.skip.iter().any(Skip::is_empty);
    skips_all.then_some(ValidationError::SkipsAll { source_name })
}

/// Headers that Belldot sets itself, the first of them by the sign-in.
const OWN_HEADERS: [&str; 10] = [
    "authorization",
    "accept",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "host",
    "last-event-id",
    "transfer-encoding",
];

fn wrong_sign_in(source: &Source) -> Option<ValidationError> {
    match &source.sign_in {
        SignIn::Token => None,
        SignIn::Basic { user } => {
            let is_wrong = user.contains(|c: char| c == ':' || c.is_control());
            is_wrong.then(|| ValidationError::NotAUser {
                source_name: source.name.clone(),
            })
        }
        SignIn::Header { name } => wrong_header(source, name, &OWN_HEADERS[1..]),
    }
}

fn wrong_header(source: &Source, name: &str, own: &[&str]) -> Option<ValidationError> {
    let (source_name, name) = (source.name.clone(), name.to_owned());
    if !is_token(&name) {
        Some(ValidationError::NotAHeader { source_name, name })
    } else if own.iter().any(|own| name.eq_ignore_ascii_case(own)) {
        Some(ValidationError::OwnHeader { source_name, name })
    } else {
        None
    }
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// Returns whether an address is scheme, host and port, and nothing else. There are no wildcards:
/// an origin stands for itself.
fn is_origin(url: &Url) -> bool {
    is_http(url)
        && url.origin().ascii_serialization() == url.as_str().trim_end_matches('/')
        && !url.host_str().is_some_and(|host| host.contains('*'))
}

/// Returns whether a text is the address of a proxy, without name and password: the password
/// belongs into the keyring.
fn is_proxy(text: &str) -> bool {
    let schemes = ["http", "https", "socks5", "socks5h"];
    Url::parse(text).is_ok_and(|url| {
        schemes.contains(&url.scheme())
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
    })
}

/// RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    let is_one = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(is_one)
}

/// RFC 9110, section 5.5, without what is there for the sake of old programs only.
fn is_header_value(text: &str) -> bool {
    let is_one = |b: u8| b.is_ascii_graphic() || b == b' ' || b == b'\t';
    text.bytes().all(is_one) && text.trim_matches([' ', '\t']) == text
}

/// RFC 6901, section 3.
fn is_pointer(text: &str) -> bool {
    let escapes_are_right = || {
        text.split('~')
            .skip(1)
            .all(|rest| rest.starts_with('0') || rest.starts_with('1'))
    };
    (text.is_empty() || text.starts_with('/')) && escapes_are_right()
}
