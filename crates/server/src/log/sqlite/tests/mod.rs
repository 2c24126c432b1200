mod damage;
mod migration;
mod owners;

use belldot_wire::{Status, TodoPatch};
use futures_util::TryStreamExt;
use serde_json::json;

use super::sqlite_log::SqliteLog;
use crate::draft::NewTodo;
use crate::edit::TodoEdit;
use crate::log::entry::{Audience, TodoAddress, TodoEntry, TodoWrite};
use crate::log::error::{LogError, OpenError, WriteError};
use crate::log::todo_log::{ListOptions, PutOutcome, TodoLog};
use crate::log::{Refusal, WriteCondition};

fn upsert(title: &str) -> TodoEdit {
    let new: NewTodo = serde_json::from_value(json!({ "title": title })).unwrap();
    TodoEdit::Upsert(new.draft().unwrap().0)
}

fn user(name: &str) -> Audience {
    Audience::User(name.to_owned())
}

/// The user's to-do, as the user sees it.
fn of(user: &str, id: &str) -> TodoAddress {
    let (user, id) = (user.to_owned(), id.to_owned());
    TodoAddress::Of { user, id }
}

/// What `owner` sent to the user.
fn sent(user: &str, owner: &str, id: &str) -> TodoAddress {
    TodoAddress::Sent {
        user: user.to_owned(),
        owner: owner.to_owned(),
        id: id.to_owned(),
    }
}

/// Writes to what the user sent to itself.
async fn put(
    log: &SqliteLog,
    user: &str,
    id: &str,
    edit: TodoEdit,
) -> Result<PutOutcome, WriteError> {
    put_at(log, sent(user, user, id), edit).await
}

async fn put_at(
    log: &SqliteLog,
    address: TodoAddress,
    edit: TodoEdit,
) -> Result<PutOutcome, WriteError> {
    let mut puts = log.write(vec![TodoWrite::new(address, edit)]).await?;
    Ok(puts.pop().unwrap())
}

fn done() -> TodoEdit {
    TodoEdit::Patch(TodoPatch {
        status: Some(Status::Done),
        read: None,
    })
}

async fn replay(log: &SqliteLog, seq: Option<u64>) -> Vec<String> {
    let pages: Vec<_> = log.since(&user("ann"), seq).try_collect().await.unwrap();
    pages
        .concat()
        .into_iter()
        .map(|event| String::from_utf8(event.bytes.to_vec()).unwrap())
        .collect()
}

fn seqs(events: &[String]) -> Vec<u64> {
    events
        .iter()
        .map(|event| event.split(['\n', ' ']).nth(1).unwrap().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn an_empty_log_replays_a_mark_only() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    assert_eq!(replay(&log, None).await, ["id: 0\n\n"]);
    assert!(replay(&log, Some(0)).await.is_empty());
}

#[tokio::test]
async fn a_replay_is_the_present_state() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    for title in ["first", "second", "third"] {
        put(&log, "ann", "a", upsert(title)).await.unwrap();
        put(&log, "ann", title, upsert(title)).await.unwrap();
    }
    let events = replay(&log, Some(0)).await;
    assert_eq!(seqs(&events), [2, 4, 5, 6]);
    assert!(events[2].contains(r#""id":"a","title":"third""#));
    assert_eq!(seqs(&replay(&log, Some(4)).await), [5, 6]);
}

#[tokio::test]
async fn without_a_sequence_only_open_todos_are_replayed_and_a_mark() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    for id in ["a", "b", "c"] {
        put(&log, "ann", id, upsert(id)).await.unwrap();
    }
    put(&log, "ann", "b", done()).await.unwrap();
    let events = replay(&log, None).await;
    assert_eq!(seqs(&events), [1, 3, 4]);
    assert_eq!(events[2], "id: 4\n\n");
}

#[tokio::test]
async fn what_is_done_during_a_replay_of_the_open_ones_is_told_after_the_mark() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    put(&log, "ann", "a", upsert("a")).await.unwrap();
    let mut pages = log.since(&user("ann"), None);
    assert_eq!(pages.try_next().await.unwrap().unwrap().len(), 1);
    put(&log, "ann", "a", done()).await.unwrap();
    let rest: Vec<_> = pages.try_collect().await.unwrap();
    let seqs: Vec<u64> = rest.concat().iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [1, 2]);
}

#[tokio::test]
async fn a_sequence_number_is_never_given_twice() {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..3 {
        let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
        assert_eq!(log.newest(), round);
        put(&log, "ann", "a", upsert(&round.to_string()))
            .await
            .unwrap();
        assert_eq!(seqs(&replay(&log, Some(0)).await), [round + 1]);
        log.close().await.unwrap();
    }
}

#[tokio::test]
async fn what_changes_nothing_gets_no_new_sequence_number() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    put(&log, "ann", "a", upsert("a")).await.unwrap();
    assert!(matches!(
        put(&log, "ann", "a", upsert("a")).await.unwrap(),
        PutOutcome::Unchanged(_)
    ));
    let nothing = TodoEdit::Patch(TodoPatch::default());
    assert!(matches!(
        put(&log, "ann", "a", nothing).await.unwrap(),
        PutOutcome::Unchanged(_)
    ));
    assert_eq!(log.newest(), 1);
}

#[tokio::test]
async fn the_same_id_is_another_todo_for_another_user() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    put(&log, "ann", "a", upsert("hers")).await.unwrap();
    put(&log, "bob", "a", upsert("his")).await.unwrap();
    assert_eq!(
        log.get(&of("ann", "a")).await.unwrap().unwrap().todo.title,
        "hers"
    );
    assert!(matches!(
        put(&log, "cid", "a", done()).await,
        Err(WriteError::Refused {
            refusal: Refusal::Unknown,
            ..
        })
    ));
}

#[tokio::test]
async fn a_list_is_paged_without_losing_one() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    for id in ["a", "b", "c", "d", "e"] {
        put(&log, "ann", id, upsert(id)).await.unwrap();
    }
    put(&log, "ann", "b", done()).await.unwrap();
    let (mut ids, mut after) = (Vec::new(), Some(0));
    while let Some(start) = after {
        let wanted = ListOptions {
            status: Some(Status::Open),
            after: start,
            limit: 2,
            user: None,
        };
        let page = log.list(&user("ann"), wanted).await.unwrap();
        assert!(page.entries.len() <= 2);
        ids.extend(page.entries.into_iter().map(|entry| entry.todo.id));
        after = page.next;
    }
    assert_eq!(ids, ["a", "c", "d", "e"]);
}

#[tokio::test]
async fn a_page_of_a_replay_is_bounded_however_large_the_todos() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    let large = "x".repeat(100_000);
    for id in 0..10 {
        put(&log, "ann", &id.to_string(), upsert(&large))
            .await
            .unwrap();
    }
    let pages: Vec<_> = log
        .since(&user("ann"), Some(0))
        .try_collect()
        .await
        .unwrap();
    assert!(pages.iter().all(|page| page.len() <= 3));
    assert_eq!(pages.concat().len(), 10);
}

#[tokio::test]
async fn a_folder_has_one_server() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    assert!(matches!(
        SqliteLog::open(folder.path(), Some(0)),
        Err(OpenError::Taken)
    ));
    log.close().await.unwrap();
    assert!(SqliteLog::open(folder.path(), Some(0)).is_ok());
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    SqliteLog::open(folder.path(), Some(0))
        .unwrap()
        .close()
        .await
        .unwrap();
    let path = folder.path().join("todos.sqlite");
    rusqlite::Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let refused = SqliteLog::open(folder.path(), Some(0));
    assert!(matches!(
        refused,
        Err(OpenError::Newer {
            found: 99,
            known: 2
        })
    ));
}

#[tokio::test]
async fn a_closed_log_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    log.close().await.unwrap();
    assert!(matches!(
        put(&log, "ann", "a", upsert("a")).await,
        Err(WriteError::Log(LogError::Closed))
    ));
    assert!(matches!(
        log.get(&of("ann", "a")).await,
        Err(LogError::Closed)
    ));
}

#[tokio::test]
async fn numbers_pass_what_a_lost_log_had_given() {
    let (lost, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = SqliteLog::open(lost.path(), None).unwrap();
    put(&log, "ann", "a", upsert("before")).await.unwrap();
    let heard = log.newest();
    log.close().await.unwrap();

    std::thread::sleep(std::time::Duration::from_millis(5));
    let log = SqliteLog::open(fresh.path(), None).unwrap();
    put(&log, "ann", "b", upsert("after")).await.unwrap();
    let events = replay(&log, Some(heard)).await;
    assert!(events[0].contains("after"), "{events:?}");
}
