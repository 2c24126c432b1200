//! Secrets: in the OS keyring, each bound to the origin that it is for; without one, in memory for
//! this run. A keyring that is locked or silent keeps nobody waiting for long, and is not asked at
//! all for what it does not have.

mod error;
mod owner;
mod record;
mod system;
#[cfg(test)]
mod tests;
mod thread;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use belldot_core::source::Source;
use parking_lot::{Mutex, MutexGuard};

use crate::os::paths::AppPaths;
pub use error::KeyringError;
pub use owner::SecretOwner;
use record::KeyringRecord;
use system::System;
use thread::{KeyringAnswer, KeyringCache, KeyringRequest, Store};

/// How long who needs a secret waits for it.
const DEADLINE: Duration = Duration::from_secs(3);

/// How long the keyring is waited for where it probably has nothing.
const UNLIKELY: Duration = Duration::from_secs(2);

/// How long a secret stays that was entered for a source that is still to come.
const TO_COME: Duration = Duration::from_secs(60);

/// The secrets of the sources and of the proxy.
pub struct Keyring {
    known: Arc<Mutex<KeyringCache>>,
    asks: flume::Sender<KeyringRequest>,
    /// Sets the entries of this profile apart from those of others.
    profile: Option<String>,
}

/// Where a secret went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptIn {
    /// In the OS keyring.
    InKeyring,
    /// In memory: there is no keyring, or it is locked.
    UntilQuit,
}

impl Default for Keyring {
    /// Has nothing, and keeps no record of what it gets.
    fn default() -> Self {
        Self::over(System::default(), KeyringRecord::default(), None)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").finish_non_exhaustive()
    }
}

impl Keyring {
    /// The secrets of this profile, to read and to change. Before the inbox is opened: without one,
    /// no earlier version has kept anything.
    pub fn open(paths: &AppPaths) -> Self {
        Self::of(paths, true)
    }

    /// The same to read only, beside a Belldot that may run.
    pub fn look(paths: &AppPaths) -> Self {
        Self::of(paths, false)
    }

    fn of(paths: &AppPaths, ours: bool) -> Self {
        let profile = paths.profile();
        // Earlier versions did not tell profiles apart: what they kept goes to the usual one.
        let had_earlier = profile.is_none() && paths.inbox().exists();
        let record = KeyringRecord::load(&paths.secrets(), ours, had_earlier);
        Self::over(System::default(), record, profile)
    }

    fn over(store: impl Store, record: KeyringRecord, profile: Option<String>) -> Self {
        let known = Arc::new(Mutex::new(KeyringCache {
            record,
            ..KeyringCache::default()
        }));
        let asks = thread::start(store, known.clone());
        Self {
            known,
            asks,
            profile,
        }
    }

    /// A secret, if one is kept.
    ///
    /// # Errors
    /// When there is one and the keyring does not give it now.
    pub async fn secret(&self, owner: &SecretOwner) -> Result<Option<String>, KeyringError> {
        self.answer(owner, false).await
    }

    /// The same as the keyring has it now, also where it was thought to have none: the server
    /// refused what is known. It stays known where the keyring says nothing.
    ///
    /// # Errors
    /// As [`Keyring::secret`].
    pub async fn secret_anew(&self, owner: &SecretOwner) -> Result<Option<String>, KeyringError> {
        let entry = self.entry(owner);
        let before = self.known().secrets.remove(&entry).flatten();
        let said = self.answer(owner, true).await;
        match (said, before) {
            (Err(_), Some(before)) => {
                let mut known = self.known();
                known.secrets.insert(entry, Some(before.clone()));
                Ok(Some(before))
            }
            (said, _) => said,
        }
    }

    async fn answer(
        &self,
        owner: &SecretOwner,
        anew: bool,
    ) -> Result<Option<String>, KeyringError> {
        let asked = match self.ask(owner, anew) {
            Lookup::KeyringCache(secret) => return Ok(secret),
            Lookup::Asked(asked) => asked,
        };
        let said = tokio::time::timeout(asked.limit(), asked.said.recv_async()).await;
        asked.verdict(said.ok().and_then(Result::ok))
    }

    /// The same where blocking is allowed.
    ///
    /// # Errors
    /// As [`Keyring::secret`].
    pub fn secret_blocking(&self, owner: &SecretOwner) -> Result<Option<String>, KeyringError> {
        match self.ask(owner, false) {
            Lookup::KeyringCache(secret) => Ok(secret),
            Lookup::Asked(asked) => asked.verdict(asked.said.recv_timeout(asked.limit()).ok()),
        }
    }

    /// Whether a secret is kept, as far as is known without asking.
    pub fn has(&self, owner: &SecretOwner) -> bool {
        let entry = self.entry(owner);
        let known = self.known();
        known.fleeting.contains_key(&entry)
            || match known.secrets.get(&entry) {
                Some(secret) => secret.is_some(),
                None => known.record.holds(&entry),
            }
    }

    /// Another origin that this source's secret was entered for, where it has none of its own.
    pub fn elsewhere(&self, source: &Source) -> Option<String> {
        let owner = SecretOwner::source(source);
        if self.has(&owner) {
            return None;
        }
        let entries = self.known().record.entries();
        let mut own = entries.iter().filter_map(|entry| self.owner(entry));
        own.find(|other| other.id == owner.id)
            .map(|other| other.origin)
    }

    /// Keeps a secret; where the keyring does not take it in time, in memory.
    pub async fn keep(&self, owner: &SecretOwner, secret: &str) -> KeptIn {
        let entry = self.entry(owner);
        self.spare(owner, TO_COME);
        let (reply, done) = flume::bounded(1);
        let kept = self.put(
            KeyringRequest::Set {
                entry: entry.clone(),
                secret: secret.to_owned(),
                wanted: true,
                reply,
            },
            done,
        );
        let Err(waits) = kept.await else {
            return KeptIn::InKeyring;
        };
        tracing::warn!(%waits, "the keyring did not take a secret");
        let mut known = self.known();
        // It may just have.
        if known.secrets.get(&entry) != Some(&Some(secret.to_owned())) {
            known.fleeting.insert(entry, secret.to_owned());
        }
        KeptIn::UntilQuit
    }

    /// Keeps what the keyring did not take before, without asking the user again; whether something
    /// is left.
    pub async fn keep_fleeting(&self) -> bool {
        let fleeting = self.known().fleeting.clone();
        let mut left = false;
        for (entry, secret) in fleeting {
            let (reply, done) = flume::bounded(1);
            let ask = KeyringRequest::Set {
                entry,
                secret,
                wanted: false,
                reply,
            };
            left |= self.put(ask, done).await.is_err();
        }
        left
    }

    /// Forgets a secret.
    ///
    /// # Errors
    /// Why the keyring still has it.
    pub async fn forget(&self, owner: &SecretOwner) -> Result<(), KeyringError> {
        self.delete(self.entry(owner), true).await
    }

    /// Keeps the secret of this owner for so long, whatever becomes of the source: its removal may
    /// be undone.
    pub fn spare(&self, owner: &SecretOwner, time: Duration) {
        let entry = self.entry(owner);
        let mut known = self.known();
        known.spared.insert(entry, Instant::now() + time);
    }

    /// Forgets the secrets of this profile that none of these owns. Whether nothing is left to
    /// forget; a keyring that is locked keeps them.
    pub async fn forget_others(&self, owners: &[SecretOwner]) -> bool {
        let now = Instant::now();
        let orphans: Vec<String> = {
            let mut known = self.known();
            known.spared.retain(|_, until| *until > now);
            let kept = known.record.entries();
            let kept = kept.into_iter().chain(known.fleeting.keys().cloned());
            let orphans =
                kept.filter(|entry| self.owner(entry).is_some_and(|o| !owners.contains(&o)));
            orphans.collect()
        };
        let mut all = true;
        for entry in orphans {
            let spared = self.known().spared.contains_key(&entry);
            all &= !spared && self.delete(entry, false).await.is_ok();
        }
        all
    }

    /// Whether an earlier version may have kept secrets that were not looked for yet.
    pub fn is_unsure(&self) -> bool {
        self.known().record.is_unsure()
    }

    /// Looks for what an earlier version kept for this owner, and takes it over. Whether there is
    /// something; nothing is known while the keyring says nothing.
    pub async fn take_over(&self, owner: &SecretOwner) -> Option<bool> {
        if let Lookup::Asked(asked) = self.ask(owner, false) {
            let said = tokio::time::timeout(DEADLINE, asked.said.recv_async()).await;
            said.ok()?.ok()?.ok()?;
        }
        Some(self.has(owner))
    }

    /// Everything that an earlier version kept was looked for.
    pub fn note_taken_over(&self) {
        self.known().record.note_taken_over();
    }

    /// Asks once, however many wait for the answer.
    fn ask(&self, owner: &SecretOwner, anew: bool) -> Lookup {
        let entry = self.entry(owner);
        let mut known = self.known();
        if let Some(secret) = known.fleeting.get(&entry) {
            return Lookup::KeyringCache(Some(secret.clone()));
        }
        if let Some(secret) = known.secrets.get(&entry) {
            return Lookup::KeyringCache(secret.clone());
        }
        let (expected, unsure) = (known.record.holds(&entry), known.record.is_unsure());
        if !expected && !unsure && !anew {
            return Lookup::KeyringCache(None);
        }
        let (answer, said) = flume::bounded(1);
        let waiting = known.waiting.entry(entry.clone()).or_default();
        let is_first = waiting.is_empty();
        waiting.retain(|waiting| !waiting.is_disconnected());
        waiting.push(answer);
        if is_first {
            // Without the thread nobody answers, which is what is said then.
            let _ = self.asks.send(KeyringRequest::Get {
                entry,
                expected,
                old: unsure.then(|| owner.id.clone()),
            });
        }
        Lookup::Asked(Asked { said, expected })
    }

    async fn delete(&self, entry: String, wanted: bool) -> Result<(), KeyringError> {
        {
            let mut known = self.known();
            let known = &mut *known;
            let fleeting = known.fleeting.remove(&entry).is_some();
            if fleeting && !known.record.holds(&entry) {
                return Ok(());
            }
        }
        let (reply, done) = flume::bounded(1);
        let ask = KeyringRequest::Delete {
            entry,
            wanted,
            reply,
        };
        self.put(ask, done).await
    }

    async fn put(
        &self,
        ask: KeyringRequest,
        done: flume::Receiver<Result<(), KeyringError>>,
    ) -> Result<(), KeyringError> {
        let _ = self.asks.send(ask);
        match tokio::time::timeout(DEADLINE, done.recv_async()).await {
            Ok(Ok(done)) => done,
            _ => Err(KeyringError::Silent),
        }
    }

    fn known(&self) -> MutexGuard<'_, KeyringCache> {
        self.known.lock()
    }

    /// The name of the entry.
    fn entry(&self, owner: &SecretOwner) -> String {
        let SecretOwner { id, origin } = owner;
        match &self.profile {
            None => format!("{id}@{origin}"),
            Some(profile) => format!("{id}@{origin} [{profile}]"),
        }
    }

    /// Whose entry it is, if it is of this profile.
    fn owner(&self, entry: &str) -> Option<SecretOwner> {
        let (id, rest) = entry.split_once('@')?;
        let (origin, profile) = match rest.rsplit_once(" [") {
            None => (rest, None),
            Some((origin, profile)) => (origin, profile.strip_suffix(']')),
        };
        (profile == self.profile.as_deref()).then(|| SecretOwner {
            id: id.to_owned(),
            origin: origin.to_owned(),
        })
    }
}

/// What is known of a secret.
enum Lookup {
    KeyringCache(Option<String>),
    Asked(Asked),
}

/// A question to the keyring.
struct Asked {
    said: flume::Receiver<KeyringAnswer>,
    expected: bool,
}

impl Asked {
    fn limit(&self) -> Duration {
        if self.expected { DEADLINE } else { UNLIKELY }
    }

    /// What it means for who asked; nothing was said in time if it is `None`. Nobody goes without
    /// a secret that is known to be there, and nobody waits for one that probably is not.
    fn verdict(&self, said: Option<KeyringAnswer>) -> Result<Option<String>, KeyringError> {
        match said.unwrap_or(Err(KeyringError::Silent)) {
            Err(waits) if self.expected || waits == (KeyringError::Locked { holds: true }) => {
                Err(waits)
            }
            said => Ok(said.unwrap_or_default()),
        }
    }
}
