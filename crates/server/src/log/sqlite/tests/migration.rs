//! A database of the first schema, which knew no owners.

use std::path::Path;

use super::*;

/// The first schema, word for word, with two to-dos.
const FIRST: &str = r#"
    CREATE TABLE todo (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        user TEXT NOT NULL,
        id TEXT NOT NULL,
        status TEXT NOT NULL,
        json TEXT NOT NULL,
        UNIQUE (user, id)
    ) STRICT;
    CREATE INDEX todo_by_change ON todo (user, seq);
    CREATE INDEX todo_by_status ON todo (user, status, seq);
    INSERT INTO todo VALUES (41, 'ann', 'leave', 'open', '{"id":"leave","title":"Leave","priority":3,"status":"open","read":false,"created":"2027-01-04T08:30:00Z","updated":"2027-01-04T08:30:00Z"}');
    INSERT INTO todo VALUES (42, 'ann', 'done', 'done', '{"id":"done","title":"Done","priority":3,"status":"done","read":true,"created":"2027-01-04T08:30:00Z","updated":"2027-01-04T08:30:00Z"}');
    PRAGMA user_version = 1;
"#;

fn old_log(folder: &Path) -> SqliteLog {
    let database = rusqlite::Connection::open(folder.join("todos.sqlite")).unwrap();
    database.execute_batch(FIRST).unwrap();
    drop(database);
    SqliteLog::open(folder, Some(0)).unwrap()
}

#[tokio::test]
async fn its_todos_and_sequence_numbers_stay() {
    let folder = tempfile::tempdir().unwrap();
    let log = old_log(folder.path());
    let events = replay(&log, Some(0)).await;
    assert_eq!(seqs(&events), [41, 42]);
    assert!(events[0].contains(r#"{"id":"leave","title":"Leave","#));
    put(&log, "ann", "new", upsert("new")).await.unwrap();
    assert_eq!(seqs(&replay(&log, Some(42)).await), [43]);
    assert!(put_at(&log, of("ann", "leave"), done()).await.is_ok());
}

#[tokio::test]
async fn who_sends_one_again_becomes_its_owner_and_makes_no_second_one() {
    let folder = tempfile::tempdir().unwrap();
    let log = old_log(folder.path());
    let address = sent("ann", "hr", "leave");
    assert_eq!(log.get(&address).await.unwrap(), None, "not theirs yet");
    assert!(matches!(
        put_at(&log, address.clone(), upsert("Leave of Mei")).await,
        Ok(PutOutcome::Changed(_))
    ));
    let entry = log.get(&address).await.unwrap().unwrap();
    assert_eq!(entry, log.get(&of("ann", "leave")).await.unwrap().unwrap());
    assert_eq!(entry.owner.as_deref(), Some("hr"));
    assert_eq!(replay(&log, Some(0)).await.len(), 2);
}

#[tokio::test]
async fn it_is_opened_again_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    old_log(folder.path()).close().await.unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    assert_eq!(seqs(&replay(&log, Some(0)).await), [41, 42]);
}
