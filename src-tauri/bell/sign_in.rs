//! How requests sign in: a source's secret from the keyring, as the headers that carry it.

use std::sync::Arc;

use belldot_core::{
    secret::{SecretError, clean},
    source::{SignIn, Source},
};
use belldot_stream::{Credentials, CredentialsError, Secret};
use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::os::keyring::{Keyring, SecretOwner};

/// A source's credentials, read from the keyring before each request.
#[derive(Clone, Debug)]
pub struct SignedIn {
    keyring: Arc<Keyring>,
    owner: SecretOwner,
    how: SignIn,
}

impl SignedIn {
    /// As this source signs in.
    pub fn new(source: &Source, keyring: Arc<Keyring>) -> Self {
        Self {
            keyring,
            owner: SecretOwner::source(source),
            how: source.sign_in.clone(),
        }
    }
}

impl Credentials for SignedIn {
    fn fetch(&self, refused: bool) -> BoxFuture<'_, Result<Secret, CredentialsError>> {
        async move {
            let kept = match refused {
                false => self.keyring.secret(&self.owner).await,
                true => self.keyring.secret_anew(&self.owner).await,
            };
            match kept.map_err(|waits| CredentialsError::Unavailable(waits.to_string()))? {
                None => Ok(Secret::default()),
                Some(kept) => secret(&self.how, &kept).map_err(|error| {
                    tracing::warn!(%error, "a secret cannot be sent");
                    CredentialsError::SignIn
                }),
            }
        }
        .boxed()
    }
}

/// The headers that carry a secret, which is cleaned of what came along when it was copied.
///
/// # Errors
/// Where nothing is left of it, or it cannot stand in a header.
pub fn secret(how: &SignIn, kept: &str) -> Result<Secret, SecretError> {
    let kept = clean(how, kept)?;
    let carried = match how {
        SignIn::Token => Secret::bearer(&kept),
        SignIn::Basic { user } => Secret::basic(user, &kept),
        SignIn::Header { name } => HeaderName::try_from(name.as_str())
            .ok()
            .zip(HeaderValue::from_str(&kept).ok())
            .map(|(name, mut value)| {
                value.set_sensitive(true);
                Secret {
                    headers: HeaderMap::from_iter([(name, value)]),
                    expires: None,
                }
            }),
    };
    // What is left can be sent; the names of user and header were checked with the settings.
    carried.ok_or(SecretError::Character { at: 1 })
}

/// A source's further headers. What cannot be one is left out: the settings were checked.
pub fn further_headers(source: &Source) -> HeaderMap {
    source
        .headers
        .iter()
        .filter_map(|(name, value)| {
            Some((
                HeaderName::try_from(name.as_str()).ok()?,
                HeaderValue::from_str(value).ok()?,
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(how: SignIn, kept: &str) -> Vec<(String, String)> {
        let secret = secret(&how, kept).unwrap();
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            assert!(value.is_sensitive(), "{name} must not be logged");
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        secret.headers.iter().map(header).collect()
    }

    #[test]
    fn a_secret_is_a_token_a_password_or_a_header() {
        let pair = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        assert_eq!(
            headers(SignIn::Token, "abc"),
            pair("authorization", "Bearer abc")
        );
        let user = "ann".to_owned();
        assert_eq!(
            headers(SignIn::Basic { user }, "pass"),
            pair("authorization", "Basic YW5uOnBhc3M=")
        );
        let name = "X-Api-Key".to_owned();
        assert_eq!(
            headers(SignIn::Header { name }, "k1"),
            pair("x-api-key", "k1")
        );
    }

    #[test]
    fn a_secret_is_sent_without_what_came_along_when_it_was_copied() {
        let bearer = vec![("authorization".to_owned(), "Bearer abc".to_owned())];
        assert_eq!(headers(SignIn::Token, "Bearer abc\r\n"), bearer);
        let name = "X-Api-Key".to_owned();
        let key = vec![("x-api-key".to_owned(), "k1".to_owned())];
        assert_eq!(headers(SignIn::Header { name }, "\u{200b}\"k1\""), key);
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_no_secret() {
        assert!(secret(&SignIn::Token, "a\nb").is_err());
        let name = "no header".to_owned();
        assert!(secret(&SignIn::Header { name }, "k1").is_err());
    }
}
