//! Limits how often a password is tried at a proxy. Directories lock an account after a few wrong
//! passwords, and all requests of the program use the same one: so they are counted together.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use belldot_wire::Cause;
use parking_lot::Mutex;
use tokio::time::timeout;

use super::Upstream;

/// How often a password may be refused.
const REFUSALS_MOST: u32 = 2;
/// One request at a time finds out whether a password is accepted, but delays the others for no
/// longer than this while the server does not answer.
const TURN: Duration = Duration::from_secs(2);
/// The same, once the password was accepted.
const SHORT_TURN: Duration = Duration::from_millis(300);

/// What is known about the sign-ins at proxies.
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
    /// The schemes that the proxy asks for.
    schemes: Vec<String>,
}

/// What an attempt says about the sign-in.
pub(crate) enum SignInOutcome {
    /// The proxy accepted it.
    Accepted,
    /// The proxy refused it (407), and asks for one of these schemes.
    Refused(Vec<String>),
    /// Nothing: the attempt failed before it, or elsewhere.
    Unknown,
}

impl ProxySignIns {
    /// Makes one attempt, in its turn. `outcome_of` tells what it says about the sign-in.
    ///
    /// # Errors
    /// The error of the attempt; or that the password was refused too often.
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
            record if record.refused >= REFUSALS_MOST => {
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

    /// Allows refused passwords to be tried again.
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

fn lock<T>(mutex: &Mutex<T>) -> parking_lot::MutexGuard<'_, T> {
    mutex.lock()
}
