//! How requests sign in: a source's secret from the keyring, as the headers that carry it.

use std::sync::Arc;

use belldot_core::source::{SignIn, Source, SourceId};
use belldot_stream::{Credentials, CredentialsError, Secret};
use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::os::keyring::Keyring;

/// A source's credentials, read from the keyring before each request.
#[derive(Clone, Debug)]
pub struct SignedIn {
    keyring: Arc<Keyring>,
    source: SourceId,
    how: SignIn,
}

impl SignedIn {
    /// As this source signs in.
    pub fn new(source: &Source, keyring: Arc<Keyring>) -> Self {
        Self {
            keyring,
            source: source.id.clone(),
            how: source.sign_in.clone(),
        }
    }
}

impl Credentials for SignedIn {
    fn fetch(&self, _refused: bool) -> BoxFuture<'_, Result<Secret, CredentialsError>> {
        let (keyring, source) = (self.keyring.clone(), self.source.clone());
        async move {
            let kept = tokio::task::spawn_blocking(move || keyring.token(&source)).await;
            match kept.ok().flatten() {
                None => Ok(Secret::default()),
                Some(kept) => secret(&self.how, &kept).ok_or(CredentialsError::SignIn),
            }
        }
        .boxed()
    }
}

/// The headers that carry a secret; `None` where it cannot stand in a header.
pub fn secret(how: &SignIn, kept: &str) -> Option<Secret> {
    match how {
        SignIn::Token => Secret::bearer(kept),
        SignIn::Basic { user } => Secret::basic(user, kept),
        SignIn::Header { name } => {
            let name = HeaderName::try_from(name.as_str()).ok()?;
            let mut value = HeaderValue::from_str(kept).ok()?;
            value.set_sensitive(true);
            Some(Secret {
                headers: HeaderMap::from_iter([(name, value)]),
                expires: None,
            })
        }
    }
}

/// The headers of a token; none where it cannot stand in a header.
pub fn bearer(token: &str) -> HeaderMap {
    Secret::bearer(token).unwrap_or_default().headers
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
    fn what_cannot_stand_in_a_header_is_no_secret() {
        assert!(secret(&SignIn::Token, "a\nb").is_none());
        let name = "no header".to_owned();
        assert!(secret(&SignIn::Header { name }, "k1").is_none());
    }
}
