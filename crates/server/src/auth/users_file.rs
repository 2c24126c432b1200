//! `users.toml`: the tokens that the server knows.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;

use super::scope::{Scope, Scopes};
use super::token::TokenHash;
use crate::fields::name_fault;
use crate::toml_file;

/// What `users.toml` says.
#[derive(Debug, Default)]
pub(crate) struct KnownUsers {
    /// The holders of tokens, by the tokens' hashes.
    pub(crate) tokens: HashMap<TokenHash, TokenHolder>,
    /// Whether to-dos may be made for others than these.
    pub(crate) create_users: bool,
}

impl KnownUsers {
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        let holders = self.tokens.values();
        holders.map(|holder| holder.user.as_str()).collect()
    }
}

/// Whose a token is, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenHolder {
    pub(crate) user: String,
    pub(crate) scopes: Scopes,
    /// The token is worth nothing from then on.
    pub(crate) expires: Option<Timestamp>,
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
    token: Option<String>,
    sha256: Option<TokenHash>,
    user: String,
    scopes: Option<Vec<Scope>>,
    /// What `scopes = ["read", "publish"]` was before.
    #[serde(default)]
    publisher: bool,
    expires: Option<toml::value::Datetime>,
}

/// The path of `users.toml` in a data folder.
pub(crate) fn path(data: &Path) -> PathBuf {
    data.join("users.toml")
}

/// Reads the text of `users.toml`. An error names the place, and no token.
pub(crate) fn parse(text: &str) -> Result<KnownUsers, String> {
    let parsed: UsersFile = toml_file::parse(text)?;
    let mut known = HashMap::new();
    for (number, entry) in (1..).zip(parsed.tokens) {
        let fault = |fault: &str| format!("[[tokens]] number {number}: {fault}");
        let (hash, holder) = entry.read().map_err(|detail| fault(&detail))?;
        if known.insert(hash, holder).is_some() {
            return Err(fault("its token was given before"));
        }
    }
    Ok(KnownUsers {
        tokens: known,
        create_users: parsed.create_users,
    })
}

impl TokenEntry {
    fn read(self) -> Result<(TokenHash, TokenHolder), String> {
        let hash = match (&self.token, self.sha256) {
            (None, Some(hash)) => hash,
            (Some(token), None) if !token.is_empty() && is_visible(token) => TokenHash::of(token),
            (Some(_), None) => {
                return Err("a token is a word of visible ASCII characters".to_owned());
            }
            _ => return Err("either `sha256` or `token` is wanted".to_owned()),
        };
        if let Some(fault) = name_fault(&self.user) {
            return Err(format!("the user {fault}"));
        }
        let scopes = match (self.scopes, self.publisher) {
            (Some(scopes), false) => scopes.into_iter().collect(),
            (Some(_), true) => {
                return Err("`scopes` says what `publisher` would say: leave that out".to_owned());
            }
            (None, false) => Scopes::from_iter([Scope::Read]),
            (None, true) => Scopes::from_iter(Scope::ALL),
        };
        let holder = TokenHolder {
            user: self.user,
            scopes,
            expires: self.expires.map(instant).transpose()?,
        };
        Ok((hash, holder))
    }
}

fn is_visible(token: &str) -> bool {
    token.chars().all(|c| c.is_ascii_graphic())
}

fn instant(expires: toml::value::Datetime) -> Result<Timestamp, String> {
    expires.to_string().parse().map_err(|_| {
        "`expires` wants a time with its zone, such as 2027-01-31T18:00:00+08:00".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(lines: &str) -> String {
        format!("[[tokens]]\n{lines}\n")
    }

    #[test]
    fn a_fault_in_the_file_names_its_line_and_no_token() {
        let text = "[[tokens]]\ntoken = \"secret\"\nuser = \"ann\"\npublisher = \"secret\"\n";
        let fault = parse(text).unwrap_err();
        assert!(fault.starts_with("line 4:"), "{fault}");
        assert!(!fault.contains("token = "), "{fault}");
    }

    #[test]
    fn debug_output_contains_no_token() {
        let users = parse(&entry("token = \"secret\"\nuser = \"ann\"")).unwrap();
        let debug = format!("{users:?}");
        assert!(
            debug.contains("ann") && !debug.contains("secret"),
            "{debug}"
        );
    }

    #[test]
    fn a_token_belongs_to_one_user() {
        let hash = TokenHash::of("t");
        let first = entry("token = \"t\"\nuser = \"ann\"");
        let again = entry(&format!("sha256 = \"{hash}\"\nuser = \"bob\""));
        let fault = parse(&(first + &again)).unwrap_err();
        assert!(fault.contains("number 2"), "{fault}");
    }

    #[test]
    fn an_empty_token_or_user_is_refused() {
        for (token, user) in [("", "ann"), ("a b", "ann"), ("t", "")] {
            let text = entry(&format!("token = \"{token}\"\nuser = \"{user}\""));
            assert!(parse(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_token_is_given_once_plain_or_hashed() {
        let hash = TokenHash::of("t");
        for token in [
            String::new(),
            format!("token = \"t\"\nsha256 = \"{hash}\""),
            "sha256 = \"t\"".to_owned(),
        ] {
            let text = entry(&format!("user = \"ann\"\n{token}"));
            assert!(parse(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_a_token_is_for_may_be_said() {
        let scopes = |line: &str| {
            let text = entry(&format!("token = \"t\"\nuser = \"ann\"\n{line}"));
            parse(&text).map(|known| known.tokens.into_values().next().unwrap().scopes)
        };
        assert_eq!(scopes(""), Ok(Scopes::from_iter([Scope::Read])));
        assert_eq!(
            scopes("scopes = [\"publish\"]"),
            Ok(Scopes::from_iter([Scope::Publish]))
        );
        assert!(scopes("publisher = true").unwrap().have(Scope::Publish));
        assert!(scopes("scopes = [\"root\"]").is_err());
        assert!(scopes("scopes = [\"read\"]\npublisher = true").is_err());
    }

    #[test]
    fn an_expiry_has_a_zone() {
        let expires = |time: &str| {
            let text = entry(&format!("token = \"t\"\nuser = \"ann\"\nexpires = {time}"));
            parse(&text).map(|known| known.tokens.into_values().next().unwrap().expires)
        };
        assert_eq!(
            expires("2027-01-31T18:00:00+08:00"),
            Ok(Some("2027-01-31T10:00:00Z".parse().unwrap()))
        );
        assert!(expires("2027-01-31T18:00:00").is_err());
        assert!(expires("2027-01-31").is_err());
    }
}
