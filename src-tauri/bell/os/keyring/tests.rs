use std::collections::HashMap;

use belldot_core::source::SourceId;
use parking_lot::Mutex;
use url::Url;

use super::*;

/// A keyring that answers only once the test lets it, and counts the questions.
#[derive(Clone)]
struct Scripted {
    /// Ends when the test drops the other end.
    silence: flume::Receiver<()>,
    locked: Arc<Mutex<bool>>,
    entries: Arc<Mutex<HashMap<String, String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    fn silent() -> (Self, flume::Sender<()>) {
        let (end, silence) = flume::bounded(0);
        let store = Self {
            silence,
            locked: Arc::default(),
            entries: Arc::default(),
            asked: Arc::default(),
        };
        (store, end)
    }

    fn new() -> Self {
        Self::silent().0
    }

    fn with(self, entry: &str, secret: &str) -> Self {
        let mut entries = self.entries.lock();
        entries.insert(entry.to_owned(), secret.to_owned());
        drop(entries);
        self
    }

    fn lock(&self, locked: bool) {
        *self.locked.lock() = locked;
    }

    fn entries(&self) -> Vec<String> {
        self.entries.lock().keys().cloned().collect()
    }

    fn asked(&self) -> usize {
        self.asked.lock().len()
    }

    fn look(&self, entry: &str) -> Result<(), KeyringError> {
        self.asked.lock().push(entry.to_owned());
        let _ = self.silence.recv();
        let holds = self.entries.lock().contains_key(entry);
        match *self.locked.lock() {
            true => Err(KeyringError::Locked { holds }),
            false => Ok(()),
        }
    }
}

impl Store for Scripted {
    fn get(&self, entry: &str, _: bool) -> Result<Option<String>, KeyringError> {
        self.look(entry)?;
        Ok(self.entries.lock().get(entry).cloned())
    }

    fn set(&self, entry: &str, secret: &str, _: bool) -> Result<(), KeyringError> {
        self.look(entry)?;
        let mut entries = self.entries.lock();
        entries.insert(entry.to_owned(), secret.to_owned());
        Ok(())
    }

    fn delete(&self, entry: &str, _: bool) -> Result<(), KeyringError> {
        self.look(entry)?;
        self.entries.lock().remove(entry);
        Ok(())
    }
}

const WORK: &str = "work@https://a.example";

fn source(url: &str) -> Source {
    let id = SourceId("work".to_owned());
    Source::new(id, "Work", Url::parse(url).unwrap())
}

fn owner(url: &str) -> SecretOwner {
    SecretOwner::source(&source(url))
}

fn work() -> SecretOwner {
    owner("https://a.example/events")
}

fn holding(entries: &[&str]) -> KeyringRecord {
    let mut record = KeyringRecord::default();
    for entry in entries {
        record.add(entry);
    }
    record
}

/// After an earlier version.
fn unsure() -> KeyringRecord {
    let folder = tempfile::tempdir().unwrap();
    KeyringRecord::load(&folder.path().join("none"), true, true)
}

fn over(store: &Scripted, record: KeyringRecord) -> Keyring {
    Keyring::over(store.clone(), record, None)
}

#[tokio::test(start_paused = true)]
async fn a_silent_keyring_is_asked_once_and_what_it_says_later_is_known() {
    let (store, silence) = Scripted::silent();
    let store = store.with(WORK, "s3cret");
    let keyring = over(&store, holding(&[WORK]));
    for _ in 0..3 {
        assert_eq!(keyring.secret(&work()).await, Err(KeyringError::Silent));
    }
    drop(silence);
    let said = keyring.secret_blocking(&work());
    assert_eq!(said, Ok(Some("s3cret".to_owned())));
    assert_eq!(store.asked(), 1);
}

#[tokio::test]
async fn a_source_without_a_secret_never_asks_the_keyring() {
    let (store, _silence) = Scripted::silent();
    let keyring = over(&store, KeyringRecord::default());
    assert_eq!(keyring.secret(&work()).await, Ok(None));
    assert_eq!(keyring.secret_blocking(&work()), Ok(None));
    assert!(!keyring.has(&work()));
    assert_eq!(store.asked(), 0);
}

#[tokio::test]
async fn nobody_goes_without_a_secret_that_a_locked_keyring_has() {
    let store = Scripted::new().with(WORK, "s3cret");
    store.lock(true);
    let keyring = over(&store, holding(&[WORK]));
    let locked = Err(KeyringError::Locked { holds: true });
    assert_eq!(keyring.secret(&work()).await, locked);
    assert!(keyring.has(&work()));
    store.lock(false);
    let said = keyring.secret(&work()).await;
    assert_eq!(said, Ok(Some("s3cret".to_owned())));
}

#[tokio::test]
async fn a_secret_is_known_for_its_origin_only() {
    let store = Scripted::new();
    let keyring = over(&store, KeyringRecord::default());
    assert_eq!(keyring.keep(&work(), "s3cret").await, KeptIn::InKeyring);
    let of = |url| keyring.secret_blocking(&owner(url)).unwrap();
    assert_eq!(of("https://a.example/other?x=1").as_deref(), Some("s3cret"));
    for other in [
        "https://b.example/events",
        "http://a.example/events",
        "https://a.example:8443/events",
    ] {
        assert_eq!(of(other), None, "{other}");
        let elsewhere = keyring.elsewhere(&source(other));
        assert_eq!(elsewhere.as_deref(), Some("https://a.example"), "{other}");
    }
}

#[tokio::test]
async fn a_secret_is_known_in_its_profile_only() {
    let store = Scripted::new();
    let profile = Some("2a".to_owned());
    let other = Keyring::over(store.clone(), KeyringRecord::default(), profile);
    assert_eq!(other.keep(&work(), "s3cret").await, KeptIn::InKeyring);
    let entries = store.entries();
    let usual = over(&store, holding(&[&entries[0]]));
    assert_eq!(usual.secret_anew(&work()).await, Ok(None));
    assert!(usual.forget_others(&[]).await);
    assert_eq!(store.entries(), entries);
}

#[tokio::test]
async fn a_secret_that_the_keyring_does_not_give_up_is_not_said_to_be_forgotten() {
    let store = Scripted::new().with(WORK, "s3cret");
    let keyring = over(&store, holding(&[WORK]));
    store.lock(true);
    let locked = Err(KeyringError::Locked { holds: true });
    assert_eq!(keyring.forget(&work()).await, locked);
    assert!(keyring.has(&work()));
    store.lock(false);
    assert_eq!(keyring.forget(&work()).await, Ok(()));
    assert!(!keyring.has(&work()) && store.entries().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_a_silent_keyring_was_told_does_not_happen_later() {
    let (store, silence) = Scripted::silent();
    let store = store.with(WORK, "s3cret");
    let keyring = over(&store, holding(&[WORK]));
    // Is asked something, and holds up the rest.
    assert_eq!(keyring.secret(&work()).await, Err(KeyringError::Silent));
    assert_eq!(keyring.forget(&work()).await, Err(KeyringError::Silent));
    drop(silence);
    let said = keyring.secret_blocking(&work());
    assert_eq!(said, Ok(Some("s3cret".to_owned())));
    assert_eq!(store.entries(), [WORK]);
}

#[tokio::test]
async fn what_the_keyring_does_not_take_is_known_until_the_end() {
    let store = Scripted::new();
    store.lock(true);
    let keyring = over(&store, KeyringRecord::default());
    assert_eq!(keyring.keep(&work(), "s3cret").await, KeptIn::UntilQuit);
    let said = keyring.secret_anew(&work()).await;
    assert_eq!(said, Ok(Some("s3cret".to_owned())));
    assert_eq!(keyring.forget(&work()).await, Ok(()));
    assert_eq!(keyring.secret(&work()).await, Ok(None));
}

#[tokio::test]
async fn what_a_locked_keyring_did_not_take_goes_there_once_it_is_unlocked() {
    let store = Scripted::new();
    store.lock(true);
    let keyring = over(&store, KeyringRecord::default());
    assert_eq!(keyring.keep(&work(), "s3cret").await, KeptIn::UntilQuit);
    assert!(keyring.keep_fleeting().await, "it is still locked");
    store.lock(false);
    assert!(!keyring.keep_fleeting().await);
    assert_eq!(store.entries(), [WORK]);
    let said = keyring.secret(&work()).await;
    assert_eq!(said, Ok(Some("s3cret".to_owned())));
}

#[tokio::test]
async fn a_refused_secret_stays_known_where_the_keyring_says_nothing_of_another() {
    let store = Scripted::new().with(WORK, "s3cret");
    let keyring = over(&store, holding(&[WORK]));
    let known = Ok(Some("s3cret".to_owned()));
    assert_eq!(keyring.secret(&work()).await, known);
    store.lock(true);
    assert_eq!(keyring.secret_anew(&work()).await, known);
    assert_eq!(keyring.secret(&work()).await, known);
}

#[tokio::test]
async fn a_refused_secret_is_read_anew() {
    let store = Scripted::new().with(WORK, "old");
    let keyring = over(&store, holding(&[WORK]));
    assert_eq!(keyring.secret(&work()).await, Ok(Some("old".to_owned())));
    let store = store.with(WORK, "new");
    assert_eq!(keyring.secret(&work()).await, Ok(Some("old".to_owned())));
    let anew = keyring.secret_anew(&work()).await;
    assert_eq!(anew, Ok(Some("new".to_owned())));
    assert_eq!(keyring.secret(&work()).await, Ok(Some("new".to_owned())));
    drop(store);
}

#[tokio::test]
async fn what_an_earlier_version_kept_is_taken_over_once() {
    let store = Scripted::new().with("work", "s3cret");
    let keyring = over(&store, unsure());
    assert_eq!(keyring.take_over(&work()).await, Some(true));
    assert_eq!(store.entries(), [WORK]);
    keyring.note_taken_over();
    let store = store.with("work", "of somebody else");
    let other = owner("https://b.example/events");
    assert_eq!(keyring.secret(&other).await, Ok(None));
    assert_eq!(store.entries().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_may_have_none_does_not_wait_for_a_silent_keyring() {
    let (store, silence) = Scripted::silent();
    let store = store.with("work", "s3cret");
    let keyring = over(&store, unsure());
    assert_eq!(keyring.take_over(&work()).await, None);
    assert_eq!(keyring.secret(&work()).await, Ok(None));
    drop(silence);
    let said = keyring.secret_blocking(&work());
    assert_eq!(said, Ok(Some("s3cret".to_owned())));
}

#[tokio::test]
async fn what_an_earlier_version_kept_in_a_keyring_that_is_locked_is_waited_for() {
    let store = Scripted::new().with("work", "s3cret");
    store.lock(true);
    let keyring = over(&store, unsure());
    assert_eq!(keyring.take_over(&work()).await, None);
    let locked = Err(KeyringError::Locked { holds: true });
    assert_eq!(keyring.secret(&work()).await, locked);
    store.lock(false);
    assert_eq!(keyring.take_over(&work()).await, Some(true));
}

#[tokio::test]
async fn secrets_that_nobody_owns_are_forgotten_unless_that_may_be_undone() {
    let store = Scripted::new()
        .with(WORK, "s3cret")
        .with("home@http://b", "x");
    let keyring = over(&store, holding(&[WORK, "home@http://b"]));
    keyring.spare(&work(), TO_COME);
    assert!(!keyring.forget_others(&[]).await);
    assert_eq!(store.entries(), [WORK]);
    keyring.spare(&work(), Duration::ZERO);
    assert!(keyring.forget_others(&[work()]).await);
    assert_eq!(store.entries(), [WORK]);
    store.lock(true);
    assert!(!keyring.forget_others(&[]).await);
    store.lock(false);
    assert!(keyring.forget_others(&[]).await);
    assert!(store.entries().is_empty());
}
