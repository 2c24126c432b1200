//! Query strings, in which every name has to be known.

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use crate::fields::name_fault;
use crate::problem::ApiError;

/// A query that `T` describes; `T` has to refuse unknown fields.
pub(crate) struct StrictQuery<T>(pub(crate) T);

/// The query of a request that takes none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoQuery {}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for StrictQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(error) => Err(ApiError::new(StatusCode::BAD_REQUEST, error.body_text())),
        }
    }
}

/// A user's name in a query.
pub(crate) struct UserName(pub(crate) String);

impl<'de> Deserialize<'de> for UserName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        match name_fault(&name) {
            Some(fault) => Err(D::Error::custom(format_args!("the user {fault}"))),
            None => Ok(Self(name)),
        }
    }
}
