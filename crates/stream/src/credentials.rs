//! Credentials that are fetched and renewed when needed.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use futures_util::future::BoxFuture;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

/// A source of credentials. The subscription asks before each attempt, once more after a 401,
/// and shortly before what it got expires; the cursor is kept over all of this.
pub trait Credentials: Send + Sync + Debug {
    /// Fetches the credentials to use now. `refused`: the server rejected the last ones, so they
    /// must not come from a cache.
    ///
    /// # Errors
    /// If there are no credentials now, or a person has to sign in.
    fn fetch(&self, refused: bool) -> BoxFuture<'_, Result<Secret, CredentialsError>>;
}

/// The headers that sign in at the server's origin.
#[derive(Clone, Debug, Default)]
pub struct Secret {
    /// Headers, usually `Authorization`.
    pub headers: HeaderMap,
    /// When they expire, where that is known: the stream is renewed shortly before.
    pub expires: Option<SystemTime>,
}

impl Secret {
    /// Makes a secret of a bearer token (RFC 6750). The `exp` of a JSON Web Token becomes its
    /// expiry. `None` if the token has characters that a header cannot carry.
    pub fn bearer(token: &str) -> Option<Self> {
        let expires = expiry(token);
        Some(Self {
            headers: authorization(&format!("Bearer {token}"))?,
            expires,
        })
    }

    /// Makes a secret of a name and a password (Basic, RFC 7617). `None` if the name has a colon
    /// in it.
    pub fn basic(name: &str, password: &str) -> Option<Self> {
        if name.contains(':') {
            return None;
        }
        let words = BASE64_STANDARD.encode(format!("{name}:{password}"));
        Some(Self {
            headers: authorization(&format!("Basic {words}"))?,
            expires: None,
        })
    }
}

/// Why there are no credentials.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CredentialsError {
    /// They are not available now; trying again may help.
    #[error("no credentials for now: {0}")]
    Unavailable(String),
    /// A person has to sign in.
    #[error("a person has to sign in")]
    SignIn,
}

fn authorization(words: &str) -> Option<HeaderMap> {
    let mut value = HeaderValue::from_str(words).ok()?;
    value.set_sensitive(true);
    Some(HeaderMap::from_iter([(AUTHORIZATION, value)]))
}

/// The `exp` of a JSON Web Token (RFC 7519, 4.1.4): seconds since 1970, perhaps with a fraction.
fn expiry(token: &str) -> Option<SystemTime> {
    let claims = token.split('.').nth(1)?;
    let claims = BASE64_URL_SAFE_NO_PAD
        .decode(claims.trim_end_matches('='))
        .ok()?;
    let claims: serde_json::Value = serde_json::from_slice(&claims).ok()?;
    let seconds = Duration::try_from_secs_f64(claims.get("exp")?.as_f64()?).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(seconds)
}
