//! The one thread that talks to the keyring. Who asks waits a few seconds at most; the thread waits
//! as long as the keyring takes, and what it hears then is known at once to who asks again.

use std::{collections::HashMap, sync::Arc, time::Instant};

use parking_lot::Mutex;

use super::{error::KeyringError, record::KeyringRecord};

/// Where secrets are kept, by the name of their entry. A call may take long.
pub trait Store: Send + 'static {
    /// The secret; `None` where there is none. If it is `expected`, or known to be there, the user
    /// is asked once to unlock the keyring; nobody waits for that here.
    fn get(&self, entry: &str, expected: bool) -> Result<Option<String>, KeyringError>;
    /// Keeps a secret. A locked keyring does not; where the user `wanted` this just now, they are
    /// asked to unlock it.
    fn set(&self, entry: &str, secret: &str, wanted: bool) -> Result<(), KeyringError>;
    /// Deletes a secret; done where there is none.
    fn delete(&self, entry: &str, wanted: bool) -> Result<(), KeyringError>;
}

/// What the keyring said of an entry.
pub type KeyringAnswer = Result<Option<String>, KeyringError>;

/// What is wanted of the store.
pub enum KeyringRequest {
    /// The secret of an entry, for whoever waits for it.
    Get {
        entry: String,
        /// One is known to be kept.
        expected: bool,
        /// The entry in which an earlier version kept it.
        old: Option<String>,
    },
    /// Keeps a secret.
    Set {
        entry: String,
        secret: String,
        /// The user asked for it just now.
        wanted: bool,
        reply: Reply,
    },
    /// Deletes a secret.
    Delete {
        entry: String,
        /// The user asked for it just now.
        wanted: bool,
        reply: Reply,
    },
}

/// Hears whether it was done.
pub type Reply = flume::Sender<Result<(), KeyringError>>;

/// What the thread and those who ask share.
#[derive(Default)]
pub struct KeyringCache {
    /// What the keyring said, so that it is asked once.
    pub secrets: HashMap<String, Option<String>>,
    /// Secrets that it did not take.
    pub fleeting: HashMap<String, String>,
    /// Which entries it has.
    pub record: KeyringRecord,
    /// Who waits for which entry; there is one question for all of them.
    pub waiting: HashMap<String, Vec<flume::Sender<KeyringAnswer>>>,
    /// Entries that stay until then even if nobody owns them.
    pub spared: HashMap<String, Instant>,
}

/// Starts the thread; it ends with the last who can ask.
pub fn start(store: impl Store, known: Arc<Mutex<KeyringCache>>) -> flume::Sender<KeyringRequest> {
    let (asks, asked) = flume::unbounded();
    let started = std::thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            while let Ok(ask) = asked.recv() {
                answer(&store, &known, ask);
            }
        });
    if let Err(error) = started {
        tracing::warn!(%error, "no keyring");
    }
    asks
}

fn answer(store: &impl Store, known: &Mutex<KeyringCache>, ask: KeyringRequest) {
    match ask {
        KeyringRequest::Get {
            entry,
            expected,
            old,
        } => {
            let mut said = store.get(&entry, expected);
            let not_here = matches!(said, Ok(None) | Err(KeyringError::Locked { holds: false }));
            if let Some(old) = old.filter(|_| not_here) {
                said = take_over(store, known, &old, &entry);
            }
            let mut known = known.lock();
            if let Ok(secret) = &said {
                known.secrets.insert(entry.clone(), secret.clone());
                if secret.is_some() {
                    known.record.add(&entry);
                }
            }
            for waiting in known.waiting.remove(&entry).unwrap_or_default() {
                // Who gave up asks again.
                let _ = waiting.send(said.clone());
            }
        }
        // Whoever gave up was told that it is not done.
        KeyringRequest::Set { reply, .. } | KeyringRequest::Delete { reply, .. }
            if reply.is_disconnected() => {}
        KeyringRequest::Set {
            entry,
            secret,
            wanted,
            reply,
        } => {
            if !wanted && known.lock().fleeting.get(&entry) != Some(&secret) {
                // The user has entered another one meanwhile.
                let _ = reply.send(Ok(()));
                return;
            }
            let done = store.set(&entry, &secret, wanted);
            if done.is_ok() {
                let mut known = known.lock();
                known.fleeting.remove(&entry);
                known.record.add(&entry);
                known.secrets.insert(entry, Some(secret));
            }
            // Who gave up finds it kept.
            let _ = reply.send(done);
        }
        KeyringRequest::Delete {
            entry,
            wanted,
            reply,
        } => {
            let done = store.delete(&entry, wanted);
            if done.is_ok() {
                let mut known = known.lock();
                known.fleeting.remove(&entry);
                known.record.remove(&entry);
                known.secrets.insert(entry, None);
            }
            // Who gave up finds it gone.
            let _ = reply.send(done);
        }
    }
}

/// Moves what an earlier version kept into the entry of now.
fn take_over(
    store: &impl Store,
    known: &Mutex<KeyringCache>,
    old: &str,
    entry: &str,
) -> KeyringAnswer {
    let Some(secret) = store.get(old, false)? else {
        return Ok(None);
    };
    if known.lock().record.is_ours() {
        // Not without it: it is there.
        let set = store.set(entry, &secret, false);
        set.map_err(|_| KeyringError::Locked { holds: true })?;
        known.lock().record.add(entry);
        if let Err(waits) = store.delete(old, false) {
            tracing::warn!(%waits, "a secret stays in the keyring under its old name, too");
        }
    }
    Ok(Some(secret))
}
