//! What the holder of a token may do.

use serde::{Deserialize, Serialize};

/// One thing that a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// Follow one's own to-dos, change them and make some for oneself.
    Read,
    /// Make to-dos for others.
    Publish,
    /// See the figures of all users.
    Admin,
}

/// The scopes of one token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scopes(u8);

impl Scope {
    /// All scopes.
    pub(crate) const ALL: [Self; 3] = [Self::Read, Self::Publish, Self::Admin];

    /// The name in `users.toml` and in a JWT.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Publish => "publish",
            Self::Admin => "admin",
        }
    }
}

impl Scopes {
    pub(crate) fn have(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Whether all of `other` are among these.
    pub(crate) fn contain(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    pub(crate) fn with(self, scope: Scope) -> Self {
        Self(self.0 | 1 << scope as u8)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        scopes.into_iter().fold(Self::default(), Self::with)
    }
}
