//! Who a request is from.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::scope::{Scope, Scopes};
use super::token::TokenHash;
use crate::problem::ApiError;

/// The authenticated sender of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) user: String,
    pub(super) scopes: Scopes,
    pub(super) proof: Proof,
}

/// What a caller is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Proof {
    /// Nothing, in open mode.
    Word,
    /// A token of `users.toml`.
    Token(TokenHash),
    /// A JSON Web Token that is good until then.
    Jwt(Timestamp),
}

impl Caller {
    /// Whether they may make to-dos for other users.
    pub(crate) fn may_publish(&self) -> bool {
        self.scopes.have(Scope::Publish)
    }

    /// Whether they may see what concerns all users.
    pub(crate) fn is_admin(&self) -> bool {
        self.scopes.have(Scope::Admin)
    }

    /// # Errors
    /// 403 if the token is not for `scope`.
    pub(crate) fn require(&self, scope: Scope) -> Result<(), ApiError> {
        self.require_any([scope])
    }

    /// # Errors
    /// 403 if the token is for none of `scopes`.
    pub(crate) fn require_any<const N: usize>(&self, scopes: [Scope; N]) -> Result<(), ApiError> {
        if scopes.into_iter().any(|scope| self.scopes.have(scope)) {
            return Ok(());
        }
        let names = scopes.map(|scope| format!("`{}`", scope.name()));
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            format!(
                "This token is not for that: it lacks the scope {}.",
                names.join(" or ")
            ),
        ))
    }
}
