//! A short-lived cookie for a browser's `EventSource`, which cannot send an `Authorization` header.
//!
//! The cookie says who was authenticated, by which token, and until when, with an HMAC. It opens the
//! stream only, and no longer than the token is good.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::caller::{Caller, Proof};
use super::scope::Scopes;
use crate::private_files;

/// How long a cookie is good.
const LIFE: Duration = Duration::from_secs(3600);

const NAME: &str = "belldot-session";

/// The key that cookies are signed with, kept in the data folder so that they outlive a restart.
#[derive(Debug)]
pub(crate) struct SessionKey(hmac::Key);

/// What a cookie says.
#[derive(Serialize, Deserialize)]
struct SessionClaims {
    user: String,
    scopes: Scopes,
    proof: Proof,
    /// Seconds since 1970.
    until: i64,
}

impl SessionKey {
    /// Reads the key in the data folder, or makes one.
    pub(crate) fn load(data: &Path) -> io::Result<Self> {
        let path = data.join("session.key");
        let mut file = private_files::open(&path)?;
        let mut key = fs::read(&path)?;
        if key.len() < 32 {
            key = rand::random::<[u8; 32]>().to_vec();
            file.write_all(&key)?;
            file.sync_all()?;
        }
        Ok(Self::new(&key))
    }

    fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// Makes a cookie for `caller`, as the value of `Set-Cookie`.
    pub(crate) fn set_cookie(&self, caller: &Caller, secure: bool, now: Timestamp) -> HeaderValue {
        let claims = SessionClaims {
            user: caller.user.clone(),
            scopes: caller.scopes,
            proof: caller.proof,
            until: now.as_second() + LIFE.as_secs() as i64,
        };
        // Maps with keys that are no strings could not be written; there are none.
        let claims = serde_json::to_vec(&claims).unwrap_or_default();
        let tag = hmac::sign(&self.0, &claims);
        let secure = if secure { "; Secure" } else { "" };
        let cookie = format!(
            "{NAME}={}.{}; Path=/api/v1/events; Max-Age={}; HttpOnly; SameSite=Strict{secure}",
            BASE64.encode(&claims),
            BASE64.encode(tag),
            LIFE.as_secs(),
        );
        HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""))
    }

    /// The caller that a request's cookie names, if it has a good one.
    pub(crate) fn caller(&self, headers: &HeaderMap, now: Timestamp) -> Option<Caller> {
        let cookies = headers.get_all(header::COOKIE).iter();
        let value = cookies
            .flat_map(|line| line.to_str().unwrap_or_default().split(';'))
            .find_map(|cookie| cookie.trim().strip_prefix(NAME)?.strip_prefix('='))?;
        let (claims, tag) = value.split_once('.')?;
        let claims = BASE64.decode(claims).ok()?;
        hmac::verify(&self.0, &claims, &BASE64.decode(tag).ok()?).ok()?;
        let claims: SessionClaims = serde_json::from_slice(&claims).ok()?;
        (now.as_second() < claims.until).then_some(Caller {
            user: claims.user,
            scopes: claims.scopes,
            proof: claims.proof,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Scope;

    fn caller() -> Caller {
        Caller {
            user: "陈静; ann".to_owned(),
            scopes: Scopes::from_iter([Scope::Read]),
            proof: Proof::Word,
        }
    }

    fn with(cookie: &HeaderValue) -> HeaderMap {
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
        let line = format!("theme=dark; {cookie}; a=b");
        HeaderMap::from_iter([(header::COOKIE, line.parse().unwrap())])
    }

    #[test]
    fn a_cookie_names_its_caller_for_an_hour() {
        let key = SessionKey::new(b"key");
        let now = Timestamp::now();
        let headers = with(&key.set_cookie(&caller(), true, now));
        assert_eq!(key.caller(&headers, now), Some(caller()));
        let at = |seconds| now + jiff::SignedDuration::from_secs(seconds);
        assert_eq!(key.caller(&headers, at(3590)), Some(caller()));
        assert_eq!(key.caller(&headers, at(3600)), None);
    }

    #[test]
    fn a_cookie_of_another_key_or_with_a_change_is_nobodys() {
        let now = Timestamp::now();
        let cookie = SessionKey::new(b"other").set_cookie(&caller(), true, now);
        let key = SessionKey::new(b"key");
        assert_eq!(key.caller(&with(&cookie), now), None);
        let cookie = key.set_cookie(&caller(), true, now);
        let cookie = cookie.to_str().unwrap();
        for changed in [cookie.replacen('=', "=A", 1), cookie.replacen('.', "", 1)] {
            assert_eq!(key.caller(&with(&changed.parse().unwrap()), now), None);
        }
    }

    #[test]
    fn the_key_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let first = SessionKey::load(folder.path()).unwrap();
        let headers = with(&first.set_cookie(&caller(), false, now));
        let second = SessionKey::load(folder.path()).unwrap();
        assert_eq!(second.caller(&headers, now), Some(caller()));
    }
}
