//! Who a request is from, and what they may do.

mod caller;
mod jwt;
mod jwt_crypto;
mod scope;
mod session;
mod token;
mod users_file;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header::AUTHORIZATION};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::error::ServerError;
use crate::fields::name_fault;
use crate::log::OpenError;
use crate::private_files;
use crate::problem::ApiError;
use crate::toml_file;
pub(crate) use caller::Caller;
use caller::Proof;
use jwt::JwtVerifier;
pub use jwt::{JwtConfig, JwtKeys};
pub(crate) use scope::Scope;
use scope::Scopes;
use session::SessionKey;
use token::TokenHash;
pub use token::new_token;
use users_file::KnownUsers;

/// The user of a request without a token, in open mode.
const ANONYMOUS: &str = "me";

/// Knows who may come in. What it knows can be read again while the server runs.
#[derive(Debug)]
pub(crate) struct Authenticator {
    file: PathBuf,
    users: watch::Sender<Users>,
    jwt: Option<JwtVerifier>,
    session: SessionKey,
}

/// The users that the server accepts.
#[derive(Clone, Debug)]
enum Users {
    /// Everybody, under any name (open mode).
    Open,
    /// The holders of these tokens.
    Known(Arc<KnownUsers>),
}

impl Authenticator {
    /// Reads `users.toml` and the keys of the identity provider; without either, the server is in
    /// open mode.
    pub(crate) fn load(data: &Path, jwt: Option<JwtConfig>) -> Result<Self, ServerError> {
        let file = users_file::path(data);
        let jwt = jwt.map(JwtVerifier::load).transpose()?;
        let users = read(&file)?.or_else(|| jwt.as_ref().map(|_| Arc::default()));
        let unusable = |error| ServerError::Data {
            data: data.to_owned(),
            error: OpenError::file(&data.join("session.key"), error),
        };
        private_files::create_folder(data).map_err(unusable)?;
        Ok(Self {
            session: SessionKey::load(data).map_err(unusable)?,
            file,
            users: watch::Sender::new(users.map_or(Users::Open, Users::Known)),
            jwt,
        })
    }

    /// Reads `users.toml` and the identity provider's keys again. What is wrong stays as it was.
    ///
    /// # Errors
    /// If a file is wrong, or gone: nobody opens a server by moving a file.
    pub(crate) fn reload(&self) -> Result<(), ServerError> {
        if let Some(jwt) = &self.jwt {
            jwt.reload()?;
        }
        match read(&self.file)? {
            Some(known) => {
                self.users.send_replace(Users::Known(known));
                Ok(())
            }
            None if self.is_open() => Ok(()),
            None if self.jwt.is_some() => {
                self.users.send_replace(Users::Known(Arc::default()));
                Ok(())
            }
            None => Err(ServerError::Users {
                file: self.file.clone(),
                detail: "the file is gone".to_owned(),
            }),
        }
    }

    /// The file of the users.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// The files that are read again.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        let keys = self.jwt.as_ref().map(JwtVerifier::file);
        std::iter::once(self.file()).chain(keys)
    }

    /// Whether everybody is let in.
    pub(crate) fn is_open(&self) -> bool {
        matches!(*self.users.borrow(), Users::Open)
    }

    /// Whether to-dos may be made for this user. Names that an identity provider gives are not known
    /// here, so that with one any may be.
    pub(crate) fn accepts(&self, user: &str) -> bool {
        match &*self.users.borrow() {
            Users::Open => true,
            Users::Known(known) => {
                self.jwt.is_some() || known.create_users || known.names().contains(user)
            }
        }
    }

    /// The users that have tokens here.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        match &*self.users.borrow() {
            Users::Open => BTreeSet::new(),
            Users::Known(known) => known.names().into_iter().map(str::to_owned).collect(),
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
            _ => Err(refused(
                "Only `Authorization: Bearer <token>` is understood here.",
            )),
        }
    }

    /// Makes the cookie that opens streams as `caller`.
    pub(crate) fn session_cookie(&self, caller: &Caller, secure: bool) -> HeaderValue {
        self.session.set_cookie(caller, secure, Timestamp::now())
    }

    /// The caller that a cookie names, if the token that it was made for is still good.
    pub(crate) fn by_cookie(&self, headers: &HeaderMap) -> Option<Caller> {
        let caller = self.session.caller(headers, Timestamp::now())?;
        let left = self.stay(&caller)?;
        left.is_none_or(|left| !left.is_zero()).then_some(caller)
    }

    /// Finds the user by token.
    fn find(&self, token: Option<&str>) -> Result<Caller, ApiError> {
        let users = self.users.borrow().clone();
        match (users, token) {
            (Users::Known(known), Some(token)) => {
                let hash = TokenHash::of(token);
                let holder = match (known.tokens.get(&hash), &self.jwt) {
                    (Some(holder), _) => holder,
                    (None, Some(jwt)) => return by_jwt(jwt, token),
                    (None, None) => return Err(refused("This server does not know that token.")),
                };
                if holder.expires.is_some_and(|end| end <= Timestamp::now()) {
                    return Err(refused("That token has expired."));
                }
                Ok(Caller {
                    user: holder.user.clone(),
                    scopes: holder.scopes,
                    proof: Proof::Token(hash),
                })
            }
            (Users::Known(_), None) => Err(refused(
                "Say who you are with `Authorization: Bearer <token>`.",
            )),
            (Users::Open, token) => {
                let user = token.unwrap_or(ANONYMOUS);
                match name_fault(user) {
                    Some(fault) => Err(refused(&format!(
                        "The token is the user's name here; it {fault}."
                    ))),
                    None => Ok(Caller {
                        user: user.to_owned(),
                        scopes: Scopes::from_iter(Scope::ALL),
                        proof: Proof::Word,
                    }),
                }
            }
        }
    }

    /// How long `caller` may stay: `None` is no longer, an empty duration is without an end.
    fn stay(&self, caller: &Caller) -> Option<Option<Duration>> {
        let left = |end: Timestamp| {
            let left = Timestamp::now().duration_until(end);
            Some(Some(Duration::try_from(left).unwrap_or_default()))
        };
        let holder = match (&*self.users.borrow(), caller.proof) {
            (_, Proof::Jwt(until)) => return self.jwt.as_ref().and_then(|_| left(until)),
            (Users::Open, Proof::Word) => return Some(None),
            (Users::Known(known), Proof::Token(hash)) => known.tokens.get(&hash)?.clone(),
            _ => return None,
        };
        if holder.user != caller.user || !holder.scopes.contain(caller.scopes) {
            return None;
        }
        holder.expires.map_or(Some(None), left)
    }

    /// Waits until `caller` may not read any more: the token has expired or was taken away.
    pub(crate) async fn dismissed(&self, caller: &Caller) {
        let mut users = self.users.subscribe();
        loop {
            let Some(stay) = self.stay(caller) else {
                return;
            };
            let expiry = async {
                match stay {
                    Some(left) if left.is_zero() => {}
                    // The clock may be set meanwhile: it is looked at again.
                    Some(left) => tokio::time::sleep(left.min(Duration::from_secs(600))).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = expiry => if stay.is_some_and(|left| left.is_zero()) { return },
                changed = users.changed() => if changed.is_err() { return },
            }
        }
    }
}

/// The caller that a JSON Web Token names.
fn by_jwt(jwt: &JwtVerifier, token: &str) -> Result<Caller, ApiError> {
    let holder = jwt
        .check(token)
        .map_err(|fault| refused(&format!("That token is not good here: {fault}.")))?;
    Ok(Caller {
        user: holder.user,
        scopes: holder.scopes,
        proof: Proof::Jwt(holder.until),
    })
}

fn refused(detail: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, detail)
}

/// Reads the file, if it is there.
fn read(file: &Path) -> Result<Option<Arc<KnownUsers>>, ServerError> {
    let wrong = |detail| ServerError::Users {
        file: file.to_owned(),
        detail,
    };
    let Some(text) = toml_file::read(file).map_err(wrong)? else {
        return Ok(None);
    };
    let known = users_file::parse(&text).map_err(wrong)?;
    if private_files::others_may_read(file) {
        tracing::warn!(
            "every user of this machine may read {}: chmod 600 it",
            file.display()
        );
    }
    Ok(Some(Arc::new(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(users: Users) -> Authenticator {
        Authenticator {
            file: PathBuf::new(),
            users: watch::Sender::new(users),
            jwt: None,
            session: SessionKey::load(tempfile::tempdir().unwrap().path()).unwrap(),
        }
    }

    fn known(text: &str) -> Users {
        Users::Known(Arc::new(users_file::parse(text).unwrap()))
    }

    #[test]
    fn a_file_without_tokens_lets_nobody_in() {
        let auth = with(known(""));
        assert!(auth.find(Some("any")).is_err());
        assert!(auth.find(None).is_err());
    }

    #[test]
    fn in_open_mode_the_token_is_the_name() {
        let auth = with(Users::Open);
        assert_eq!(auth.find(Some("ann")).unwrap().user, "ann");
        assert_eq!(auth.find(None).unwrap().user, "me");
    }

    #[test]
    fn an_expired_token_lets_nobody_in() {
        let entry = |time: &str| format!("[[tokens]]\ntoken='t'\nuser='ann'\nexpires={time}\n");
        let past = with(known(&entry("2020-01-31T00:00:00Z")));
        assert!(past.find(Some("t")).is_err());
        let future = with(known(&entry("2999-01-31T00:00:00Z")));
        assert!(future.find(Some("t")).is_ok());
    }

    #[tokio::test]
    async fn who_lost_the_token_or_its_scope_is_dismissed_and_no_other() {
        let before = "[[tokens]]\ntoken='a'\nuser='ann'\n[[tokens]]\ntoken='b'\nuser='bob'\n";
        for after in [
            "[[tokens]]\ntoken='b'\nuser='bob'\n",
            "[[tokens]]\ntoken='a'\nuser='eve'\n[[tokens]]\ntoken='b'\nuser='bob'\n",
            "[[tokens]]\ntoken='a'\nuser='ann'\nscopes=[]\n[[tokens]]\ntoken='b'\nuser='bob'\n",
        ] {
            let auth = with(known(before));
            let (ann, bob) = (auth.find(Some("a")).unwrap(), auth.find(Some("b")).unwrap());
            let (mut gone, mut stays) = (
                Box::pin(auth.dismissed(&ann)),
                Box::pin(auth.dismissed(&bob)),
            );
            assert!(futures_util::poll!(&mut gone).is_pending());
            assert!(futures_util::poll!(&mut stays).is_pending());
            auth.users.send_replace(known(after));
            gone.await;
            assert!(futures_util::poll!(&mut stays).is_pending());
        }
    }
}
