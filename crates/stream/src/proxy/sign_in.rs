//! How often a password is tried at a proxy. A directory locks an account after a few wrong ones,
//! and all streams and requests of a program use the same: so they are counted together.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::timeout;

use super::Upstream;
use crate::Cause;

/// So often a password is tried that was refused.
const MOST: u32 = 2;
/// One request at a time finds out whether a password is taken; but a server that says nothing
/// yet does not hold up the others for longer than this.
const TURN: Duration = Duration::from_secs(2);
/// The same, once the password was taken.
const SHORT_TURN: Duration = Duration::from_millis(300);

/// What is known of the sign-ins at proxies.
#[derive(Debug, Default)]
pub(crate) struct ProxySignIns(Mutex<HashMap<Upstream, Arc<ProxySignIn>>>);

#[derive(Debug, Default)]
struct ProxySignIn {
    turn: tokio::sync::Mutex<()>,
    record: Mutex<SignInRecord>,
}

#[derive(Debug, Default)]
struct SignInRecord {
    accepted: bool,
    refused: u32,
    /// What the proxy asks for.
    schemes: Vec<String>,
}

/// What an attempt says of the sign-in.
pub(crate) enum SignInOutcome {
    /// It was taken.
    Accepted,
    /// It was refused (407).
    Refused(Vec<String>),
    /// Nothing: it failed before, or elsewhere.
    Unknown,
}

impl ProxySignIns {
    /// Makes one attempt, in its turn. `judge` says what the attempt says of the sign-in.
    ///
    /// # Errors
    /// What the attempt says; or that the password was refused often enough.
    pub(crate) async fn attempt<T>(
        &self,
        upstream: &Upstream,
        attempt: impl Future<Output = Result<T, Cause>>,
        outcome_of: impl FnOnce(&Result<T, Cause>) -> SignInOutcome,
    ) -> Result<T, Cause> {
        if upstream.sign_in.is_none() {
            return attempt.await;
        }
        let sign_in = self.of(upstream);
        let turn = sign_in.turn.lock().await;
        let patience = match &*lock(&sign_in.record) {
            record if record.refused >= MOST => {
                return Err(Cause::ProxySignIn(record.schemes.clone()));
            }
            record if record.accepted => SHORT_TURN,
            _ => TURN,
        };
        let mut attempt = std::pin::pin!(attempt);
        let result = match timeout(patience, &mut attempt).await {
            Ok(result) => result,
            Err(_elapsed) => {
                drop(turn);
                attempt.await
            }
        };
        lock(&sign_in.record).update(outcome_of(&result));
        result
    }

    /// A person wants it tried again: perhaps the account was unlocked.
    pub(crate) fn forget(&self) {
        lock(&self.0).clear();
    }

    fn of(&self, upstream: &Upstream) -> Arc<ProxySignIn> {
        lock(&self.0).entry(upstream.clone()).or_default().clone()
    }
}

impl SignInRecord {
    fn update(&mut self, outcome: SignInOutcome) {
        match outcome {
            SignInOutcome::Unknown => {}
            SignInOutcome::Accepted => (self.accepted, self.refused) = (true, 0),
            SignInOutcome::Refused(schemes) => {
                (self.accepted, self.schemes) = (false, schemes);
                self.refused += 1;
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
