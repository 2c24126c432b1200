//! The one thread that talks to the keyring. Who asks waits a few seconds at most; the thread waits
//! as long as the keyring takes, and what it hears then is known at once to who asks again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Where secrets are kept, by the name of their entry. Each call may take for ever.
pub trait Store: Send + 'static {
    /// The secret; `None` where there is none.
    fn get(&self, entry: &str) -> Result<Option<String>, String>;
    /// Keeps a secret.
    fn set(&self, entry: &str, secret: &str) -> Result<(), String>;
    /// Deletes a secret; done where there is none.
    fn delete(&self, entry: &str) -> Result<(), String>;
}

/// What the keyring said of an entry.
pub type Said = Result<Option<String>, String>;

/// What is wanted of the store.
pub enum Ask {
    /// The secret of an entry, for whoever waits for it.
    Get(String),
    /// Keeps a secret; `None`: deletes it.
    Put(String, Option<String>, flume::Sender<Result<(), String>>),
}

/// What the thread and those who ask share.
#[derive(Default)]
pub struct Known {
    /// What is known, so that the keyring is asked once.
    pub secrets: HashMap<String, Option<String>>,
    /// Who waits for which entry; there is one question for all of them.
    pub waiting: HashMap<String, Vec<flume::Sender<Said>>>,
}

/// Locks what is shared.
pub fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the thread; it ends with the last who can ask.
pub fn start(store: impl Store, known: Arc<Mutex<Known>>) -> flume::Sender<Ask> {
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

fn answer(store: &impl Store, known: &Mutex<Known>, ask: Ask) {
    match ask {
        Ask::Get(entry) => {
            let said = store.get(&entry);
            let mut known = lock(known);
            if let Ok(secret) = &said {
                known.secrets.insert(entry.clone(), secret.clone());
            }
            for waiting in known.waiting.remove(&entry).unwrap_or_default() {
                // Who gave up asks again.
                let _ = waiting.send(said.clone());
            }
        }
        Ask::Put(entry, secret, reply) => {
            let done = match &secret {
                Some(secret) => store.set(&entry, secret),
                None => store.delete(&entry),
            };
            if done.is_ok() {
                lock(known).secrets.insert(entry, secret);
            }
            // Who gave up asks again.
            let _ = reply.send(done);
        }
    }
}
