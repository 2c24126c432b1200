//! Secrets: in the OS keyring, each bound to the origin that it is for; without one, in memory for
//! this run.

#[cfg(test)]
mod tests;
mod thread;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use belldot_core::source::{Source, SourceId};
use url::Url;

use thread::{Ask, Known, Said, Store, lock};

/// The service name under which the keyring lists Belldot's secrets.
const SERVICE: &str = "Belldot";

/// How long one question may take; the keyring may ask the user to unlock it meanwhile.
const DEADLINE: Duration = Duration::from_secs(3);

/// The secrets of the sources and of the proxy.
pub struct Keyring {
    known: Arc<Mutex<Known>>,
    asks: flume::Sender<Ask>,
}

/// Where a secret went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In the OS keyring.
    InKeyring,
    /// In memory: there is no keyring, or it is locked.
    UntilQuit,
}

/// The keyring did not answer in time: it is locked, or silent. What it says later is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the keyring does not answer")]
pub struct Waits;

/// Whose secret it is, and the only origin that gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner(String);

impl Owner {
    /// A source's secret, for the origin of its address.
    pub fn source(source: &Source) -> Self {
        Self::at(&source.id, &source.url)
    }

    /// The secret of the source with this id, for the origin of this address.
    pub fn at(id: &SourceId, url: &Url) -> Self {
        Self(format!("{}@{}", id.0, url.origin().ascii_serialization()))
    }

    /// The password of the proxy at this address. No source can be called that.
    pub fn proxy(address: &str) -> Self {
        Self(format!("(proxy)@{address}"))
    }
}

impl Default for Keyring {
    fn default() -> Self {
        Self::over(System)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").finish_non_exhaustive()
    }
}

impl Keyring {
    fn over(store: impl Store) -> Self {
        let known = Arc::<Mutex<Known>>::default();
        let asks = thread::start(store, known.clone());
        Self { known, asks }
    }

    /// A secret, if one is kept.
    ///
    /// # Errors
    /// When the keyring does not answer in time.
    pub async fn secret(&self, owner: &Owner) -> Result<Option<String>, Waits> {
        let said = self.ask(owner);
        match tokio::time::timeout(DEADLINE, said.recv_async()).await {
            Ok(Ok(said)) => Ok(known_of(said)),
            _ => Err(Waits),
        }
    }

    /// The same where blocking is allowed.
    ///
    /// # Errors
    /// When the keyring does not answer in time.
    pub fn secret_blocking(&self, owner: &Owner) -> Result<Option<String>, Waits> {
        let said = self.ask(owner).recv_timeout(DEADLINE);
        said.map(known_of).map_err(|_| Waits)
    }

    /// Keeps a secret; where the keyring does not take it in time, in memory.
    pub async fn keep(&self, owner: &Owner, secret: &str) -> Kept {
        match self.put(owner, Some(secret.to_owned())).await {
            Ok(()) => Kept::InKeyring,
            Err(detail) => {
                tracing::warn!(detail, "the keyring did not take a secret");
                let mut known = lock(&self.known);
                known
                    .secrets
                    .insert(owner.0.clone(), Some(secret.to_owned()));
                Kept::UntilQuit
            }
        }
    }

    /// Forgets a secret.
    ///
    /// # Errors
    /// Why the keyring still has it.
    pub async fn forget(&self, owner: &Owner) -> Result<(), String> {
        self.put(owner, None).await
    }

    /// Asks once, however many wait for the answer.
    fn ask(&self, owner: &Owner) -> flume::Receiver<Said> {
        let (answer, said) = flume::bounded(1);
        let mut known = lock(&self.known);
        if let Some(secret) = known.secrets.get(&owner.0) {
            let _ = answer.send(Ok(secret.clone()));
            return said;
        }
        let waiting = known.waiting.entry(owner.0.clone()).or_default();
        let is_first = waiting.is_empty();
        waiting.retain(|waiting| !waiting.is_disconnected());
        waiting.push(answer);
        if is_first {
            // Without the thread nobody answers, which is what is said then.
            let _ = self.asks.send(Ask::Get(owner.0.clone()));
        }
        said
    }

    async fn put(&self, owner: &Owner, secret: Option<String>) -> Result<(), String> {
        let (reply, done) = flume::bounded(1);
        let _ = self.asks.send(Ask::Put(owner.0.clone(), secret, reply));
        match tokio::time::timeout(DEADLINE, done.recv_async()).await {
            Ok(Ok(done)) => done,
            _ => Err(Waits.to_string()),
        }
    }
}

/// A keyring that fails has nothing for us.
fn known_of(said: Said) -> Option<String> {
    said.unwrap_or_else(|error| {
        tracing::debug!(error, "no secret in the keyring");
        None
    })
}

/// The system's keyring.
struct System;

impl System {
    fn entry(entry: &str) -> Result<keyring::Entry, String> {
        keyring::Entry::new(SERVICE, entry).map_err(|error| error.to_string())
    }
}

impl Store for System {
    fn get(&self, entry: &str) -> Result<Option<String>, String> {
        match Self::entry(entry)?.get_password() {
            Ok(secret) => Ok(Some(secret)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), String> {
        let set = Self::entry(entry)?.set_password(secret);
        set.map_err(|error| error.to_string())
    }

    fn delete(&self, entry: &str) -> Result<(), String> {
        match Self::entry(entry)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}
