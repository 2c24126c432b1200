//! Credentials that are fetched, and renewed, when they are needed.

use std::fmt::Debug;
use std::time::SystemTime;

use futures_util::future::BoxFuture;
use reqwest::header::HeaderMap;

/// A source of credentials. The subscription asks before each attempt, once more after a 401,
/// and shortly before what it got expires; the cursor is kept over all of this.
pub trait Credentials: Send + Sync + Debug {
    /// The credentials to use now. `refused`: the server did not take the last ones, so an
    /// answer from memory will not do.
    fn fetch(&self, refused: bool) -> BoxFuture<'_, Result<Secret, CredentialsError>>;
}

/// What is sent to the server's origin to sign in.
#[derive(Clone, Debug, Default)]
pub struct Secret {
    /// Headers, usually `Authorization`.
    pub headers: HeaderMap,
    /// When they expire, where that is known: the stream is renewed shortly before.
    pub expires: Option<SystemTime>,
}

/// Why there are no credentials.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CredentialsError {
    /// They cannot be had now; trying again may help.
    #[error("no credentials for now: {0}")]
    Unavailable(String),
    /// A person has to sign in.
    #[error("a person has to sign in")]
    SignIn,
}
