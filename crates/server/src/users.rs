//! Authentication by bearer token.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use axum::http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use serde::Deserialize;

use crate::error::ServerError;
use crate::fields::name_fault;
use crate::problem::ApiError;

/// The user of a request without a token, in open mode.
const ANONYMOUS: &str = "me";

/// The users that the server accepts.
#[derive(Debug)]
pub(crate) enum Users {
    /// Everybody, under any name (open mode).
    Open,
    /// The holders of these tokens.
    Known {
        tokens: HashMap<AccessToken, Caller>,
        users: BTreeSet<String>,
        /// Whether to-dos may be made for others than these.
        create_users: bool,
    },
}

/// A bearer token; never written to logs.
#[derive(PartialEq, Eq, Hash, Deserialize)]
#[serde(transparent)]
pub(crate) struct AccessToken(String);

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Lets the map be asked with a token that a request borrowed.
impl std::borrow::Borrow<str> for AccessToken {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The authenticated sender of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) user: String,
    /// Whether the user may create to-dos for other users.
    pub(crate) publisher: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UsersFile {
    #[serde(default)]
    tokens: Vec<TokenEntry>,
    #[serde(default)]
    create_users: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenEntry {
    token: AccessToken,
    user: String,
    #[serde(default)]
    publisher: bool,
}

impl Users {
    /// The path of `users.toml` in a data folder.
    pub(crate) fn file(data: &Path) -> PathBuf {
        data.join("users.toml")
    }

    /// Reads `users.toml`; without that file, the server is in open mode.
    pub(crate) fn load(data: &Path) -> Result<Self, ServerError> {
        let file = Self::file(data);
        let wrong = |detail| ServerError::Users {
            file: file.clone(),
            detail,
        };
        match std::fs::read_to_string(&file) {
            Ok(text) => Self::parse(&text).map_err(wrong),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::Open),
            Err(error) => Err(wrong(error.to_string())),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        // The parser's own message would quote the line, and a token with it.
        let parsed: UsersFile = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            format!("line {line}: {}", error.message())
        })?;
        let mut known = HashMap::new();
        for (number, entry) in (1..).zip(parsed.tokens) {
            if entry.token.0.is_empty() || !entry.token.0.chars().all(|c| c.is_ascii_graphic()) {
                return Err(format!(
                    "[[tokens]] number {number}: a token is a word of visible ASCII characters"
                ));
            }
            if let Some(fault) = name_fault(&entry.user) {
                return Err(format!("[[tokens]] number {number}: the user {fault}"));
            }
            let caller = Caller {
                user: entry.user,
                publisher: entry.publisher,
            };
            if known.insert(entry.token, caller).is_some() {
                return Err(format!(
                    "[[tokens]] number {number}: its token was given before"
                ));
            }
        }
        Ok(Self::Known {
            users: known.values().map(|caller| caller.user.clone()).collect(),
            tokens: known,
            create_users: parsed.create_users,
        })
    }

    /// Whether to-dos may be made for this user.
    pub(crate) fn accepts(&self, user: &str) -> bool {
        match self {
            Self::Open
            | Self::Known {
                create_users: true, ..
            } => true,
            Self::Known { users, .. } => users.contains(user),
        }
    }

    /// Returns the names of the users that have tokens.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let users = match self {
            Self::Open => None,
            Self::Known { users, .. } => Some(users),
        };
        users.into_iter().flatten().map(String::as_str)
    }

    /// Finds the user by token.
    fn find(&self, token: Option<&str>) -> Result<Caller, ApiError> {
        let refused = |detail| Err(ApiError::new(StatusCode::UNAUTHORIZED, detail));
        match (self, token) {
            (Self::Known { tokens, .. }, Some(token)) => match tokens.get(token) {
                Some(caller) => Ok(caller.clone()),
                None => refused("This server does not know that token.".to_owned()),
            },
            (Self::Known { .. }, None) => {
                refused("Say who you are with `Authorization: Bearer <token>`.".to_owned())
            }
            (Self::Open, token) => {
                let user = token.unwrap_or(ANONYMOUS);
                match name_fault(user) {
                    Some(fault) => {
                        refused(format!("The token is the user's name here; it {fault}."))
                    }
                    None => Ok(Caller {
                        user: user.to_owned(),
                        publisher: true,
                    }),
                }
            }
        }
    }

    /// Authenticates a request by its `Authorization` header or, without one, by `token`.
    pub(crate) fn authenticate(
        &self,
        headers: &HeaderMap,
        token: Option<&str>,
    ) -> Result<Caller, ApiError> {
        let Some(header) = headers.get(AUTHORIZATION) else {
            return self.find(token);
        };
        let bearer = header
            .to_str()
            .ok()
            .and_then(|value| value.trim().split_once(' '));
        match bearer {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                self.find(Some(token.trim()))
            }
            _ => Err(ApiError::new(
                StatusCode::UNAUTHORIZED,
                "Only `Authorization: Bearer <token>` is understood here.",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_in_the_file_names_its_line_and_no_token() {
        let text = "[[tokens]]\ntoken = \"secret\"\nuser = \"ann\"\npublisher = \"secret\"\n";
        let fault = Users::parse(text).unwrap_err();
        assert!(fault.starts_with("line 4:"), "{fault}");
        assert!(!fault.contains("token = "), "{fault}");
    }

    #[test]
    fn debug_output_contains_no_token() {
        let users = Users::parse("[[tokens]]\ntoken = \"secret\"\nuser = \"ann\"\n").unwrap();
        let debug = format!("{users:?}");
        assert!(
            debug.contains("ann") && !debug.contains("secret"),
            "{debug}"
        );
    }

    #[test]
    fn a_token_belongs_to_one_user() {
        let entry = |user| format!("[[tokens]]\ntoken = \"t\"\nuser = \"{user}\"\n");
        let fault = Users::parse(&(entry("ann") + &entry("bob"))).unwrap_err();
        assert!(fault.contains("number 2"), "{fault}");
    }

    #[test]
    fn an_empty_token_or_user_is_refused() {
        for (token, user) in [("", "ann"), ("a b", "ann"), ("t", "")] {
            let text = format!("[[tokens]]\ntoken = \"{token}\"\nuser = \"{user}\"\n");
            assert!(Users::parse(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_without_tokens_lets_nobody_in() {
        let users = Users::parse("").unwrap();
        assert!(users.find(Some("any")).is_err());
        assert!(users.find(None).is_err());
    }

    #[test]
    fn in_open_mode_the_token_is_the_name() {
        assert_eq!(Users::Open.find(Some("ann")).unwrap().user, "ann");
        assert_eq!(Users::Open.find(None).unwrap().user, "me");
    }
}
