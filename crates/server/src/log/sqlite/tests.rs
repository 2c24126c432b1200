use belldot_wire::{Status, TodoPatch};
use futures_util::TryStreamExt;
use serde_json::json;

use super::*;
use crate::edit::NewTodo;

fn upsert(title: &str) -> TodoEdit {
    let new: NewTodo = serde_json::from_value(json!({ "title": title })).unwrap();
    TodoEdit::Upsert(new.draft().unwrap())
}

fn done() -> TodoEdit {
    TodoEdit::Patch(TodoPatch {
        status: Some(Status::Done),
        read: None,
    })
}

async fn replay(log: &SqliteLog, seq: Option<u64>) -> Vec<String> {
    let pages: Vec<_> = log.since("ann", seq).try_collect().await.unwrap();
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
        log.put("ann", "a", upsert(title)).await.unwrap();
        log.put("ann", title, upsert(title)).await.unwrap();
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
        log.put("ann", id, upsert(id)).await.unwrap();
    }
    log.put("ann", "b", done()).await.unwrap();
    let events = replay(&log, None).await;
    assert_eq!(seqs(&events), [1, 3, 4]);
    assert_eq!(events[2], "id: 4\n\n");
}

#[tokio::test]
async fn what_is_done_during_a_replay_of_the_open_ones_is_told_after_the_mark() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    log.put("ann", "a", upsert("a")).await.unwrap();
    let mut pages = log.since("ann", None);
    assert_eq!(pages.try_next().await.unwrap().unwrap().len(), 1);
    log.put("ann", "a", done()).await.unwrap();
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
        log.put("ann", "a", upsert(&round.to_string()))
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
    log.put("ann", "a", upsert("a")).await.unwrap();
    assert!(matches!(
        log.put("ann", "a", upsert("a")).await.unwrap(),
        PutOutcome::Unchanged(_)
    ));
    let nothing = TodoEdit::Patch(TodoPatch::default());
    assert!(matches!(
        log.put("ann", "a", nothing).await.unwrap(),
        PutOutcome::Unchanged(_)
    ));
    assert_eq!(log.newest(), 1);
}

#[tokio::test]
async fn the_same_id_is_another_todo_for_another_user() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    log.put("ann", "a", upsert("hers")).await.unwrap();
    log.put("bob", "a", upsert("his")).await.unwrap();
    assert_eq!(log.get("ann", "a").await.unwrap().unwrap().title, "hers");
    assert_eq!(
        log.put("cid", "a", done()).await.unwrap(),
        PutOutcome::Unknown
    );
}

#[tokio::test]
async fn a_list_is_paged_without_losing_one() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    for id in ["a", "b", "c", "d", "e"] {
        log.put("ann", id, upsert(id)).await.unwrap();
    }
    log.put("ann", "b", done()).await.unwrap();
    let (mut ids, mut after) = (Vec::new(), Some(0));
    while let Some(start) = after {
        let wanted = ListOptions {
            status: Some(Status::Open),
            after: start,
            limit: 2,
        };
        let page = log.list("ann", wanted).await.unwrap();
        assert!(page.todos.len() <= 2);
        ids.extend(page.todos.into_iter().map(|todo| todo.id));
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
        log.put("ann", &id.to_string(), upsert(&large))
            .await
            .unwrap();
    }
    let pages: Vec<_> = log.since("ann", Some(0)).try_collect().await.unwrap();
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
            known: 1
        })
    ));
}

#[tokio::test]
async fn a_closed_log_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    log.close().await.unwrap();
    assert!(matches!(
        log.put("ann", "a", upsert("a")).await,
        Err(LogError::Closed)
    ));
    assert!(matches!(log.get("ann", "a").await, Err(LogError::Closed)));
}

#[tokio::test]
async fn numbers_pass_what_a_lost_log_had_given() {
    let (lost, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let log = SqliteLog::open(lost.path(), None).unwrap();
    log.put("ann", "a", upsert("before")).await.unwrap();
    let heard = log.newest();
    log.close().await.unwrap();

    std::thread::sleep(std::time::Duration::from_millis(5));
    let log = SqliteLog::open(fresh.path(), None).unwrap();
    log.put("ann", "b", upsert("after")).await.unwrap();
    let events = replay(&log, Some(heard)).await;
    assert!(events[0].contains("after"), "{events:?}");
}
