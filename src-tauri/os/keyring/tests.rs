use std::{collections::HashMap, sync::Mutex};

use super::*;

/// A keyring that answers only while it is open, and counts the questions.
#[derive(Clone)]
struct Scripted {
    open: flume::Receiver<()>,
    entries: Arc<Mutex<HashMap<String, String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Store for Scripted {
    fn get(&self, entry: &str) -> Result<Option<String>, String> {
        self.asked.lock().unwrap().push(entry.to_owned());
        // Ends when the test drops the lock.
        let _ = self.open.recv();
        Ok(self.entries.lock().unwrap().get(entry).cloned())
    }

    fn set(&self, entry: &str, secret: &str) -> Result<(), String> {
        let mut entries = self.entries.lock().unwrap();
        entries.insert(entry.to_owned(), secret.to_owned());
        Ok(())
    }

    fn delete(&self, _: &str) -> Result<(), String> {
        Err("refused".to_owned())
    }
}

fn scripted() -> (Scripted, flume::Sender<()>) {
    let (lock, open) = flume::bounded(0);
    let store = Scripted {
        open,
        entries: Arc::default(),
        asked: Arc::default(),
    };
    (store, lock)
}

fn owner(url: &str) -> Owner {
    Owner::at(&SourceId("work".to_owned()), &Url::parse(url).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_silent_keyring_is_asked_once_and_what_it_says_later_is_known() {
    let (store, lock) = scripted();
    let work = owner("https://a.example/events");
    let secret = "s3cret".to_owned();
    store.entries.lock().unwrap().insert(work.0.clone(), secret);
    let keyring = Keyring::over(store.clone());
    for _ in 0..3 {
        assert_eq!(keyring.secret(&work).await, Err(Waits));
    }
    drop(lock);
    let said = keyring.secret_blocking(&work);
    assert_eq!(said, Ok(Some("s3cret".to_owned())));
    assert_eq!(store.asked.lock().unwrap().len(), 1);
}

#[test]
fn a_secret_is_known_for_its_origin_only() {
    let (store, lock) = scripted();
    drop(lock);
    let work = owner("https://a.example/events");
    store.set(&work.0, "s3cret").unwrap();
    let keyring = Keyring::over(store);
    let of = |url| keyring.secret_blocking(&owner(url)).unwrap();
    assert_eq!(of("https://a.example/other?x=1").as_deref(), Some("s3cret"));
    for other in ["https://b.example/events", "http://a.example/events"] {
        assert_eq!(of(other), None, "{other}");
    }
    assert_eq!(of("https://a.example:8443/events"), None);
}

#[tokio::test]
async fn a_secret_that_the_keyring_does_not_give_up_is_not_said_to_be_forgotten() {
    let (store, lock) = scripted();
    drop(lock);
    let keyring = Keyring::over(store);
    let forgotten = keyring.forget(&owner("https://a.example/events")).await;
    assert_eq!(forgotten, Err("refused".to_owned()));
}
