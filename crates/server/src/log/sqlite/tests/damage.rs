//! A row that holds no to-do is nobody's trouble but its own.

use std::path::Path;

use futures_util::future::join_all;

use super::*;

/// Opens a log in which the row of ann's to-do `bad` holds this.
async fn with_damage(folder: &Path, json: &[u8]) -> SqliteLog {
    let log = SqliteLog::open(folder, Some(0)).unwrap();
    for id in ["before", "bad", "after"] {
        put(&log, "ann", id, upsert(id)).await.unwrap();
    }
    log.close().await.unwrap();
    let database = rusqlite::Connection::open(folder.join("todos.sqlite")).unwrap();
    let changed = database.execute(
        "UPDATE todo SET json = CAST(? AS TEXT) WHERE id = 'bad'",
        [json],
    );
    assert_eq!(changed, Ok(1));
    SqliteLog::open(folder, Some(0)).unwrap()
}

const DAMAGES: [&[u8]; 5] = [
    b"{\"id\":\"bad\",\"tit",
    b"",
    b"{}",
    b"\xff\xfe",
    b"{\"id\":\"other\",\"title\":\"t\",\"created\":\"2027-01-01T00:00:00Z\",\
      \"updated\":\"2027-01-01T00:00:00Z\"}",
];

#[tokio::test]
async fn writes_of_others_in_the_same_commit_succeed() {
    for json in DAMAGES {
        let folder = tempfile::tempdir().unwrap();
        let log = with_damage(folder.path(), json).await;
        // All wait for the same commit.
        let writes = (0..50).map(|number| {
            let log = &log;
            async move {
                put(log, "ann", "bad", done()).await.ok();
                let user = format!("user-{number}");
                put(log, &user, "good", upsert("good")).await
            }
        });
        for outcome in join_all(writes).await {
            assert!(matches!(outcome, Ok(PutOutcome::Created(_))), "{outcome:?}");
        }
    }
}

#[tokio::test]
async fn it_is_set_aside_by_the_next_write_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = with_damage(folder.path(), b"{").await;
    assert!(matches!(
        put(&log, "ann", "bad", upsert("whole again")).await,
        Ok(PutOutcome::Created(_))
    ));
    let entry = log.get(&of("ann", "bad")).await.unwrap().unwrap();
    assert_eq!(entry.todo.title, "whole again");
    log.close().await.unwrap();
    let database = rusqlite::Connection::open(folder.path().join("todos.sqlite")).unwrap();
    let aside: Vec<u8> = database
        .query_row("SELECT json FROM damaged WHERE id = 'bad'", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(aside, b"{");
}

#[tokio::test]
async fn a_list_and_a_replay_are_answered_without_it() {
    for json in DAMAGES {
        let folder = tempfile::tempdir().unwrap();
        let log = with_damage(folder.path(), json).await;
        let wanted = ListOptions {
            limit: 10,
            ..ListOptions::default()
        };
        let page = log.list(&user("ann"), wanted).await.unwrap();
        let ids: Vec<_> = page.entries.iter().map(|entry| &entry.todo.id).collect();
        assert_eq!(ids, ["before", "after"]);
        assert_eq!(seqs(&replay(&log, Some(0)).await), [1, 3]);
        assert_eq!(seqs(&replay(&log, None).await), [1, 3, 3]);
        assert_eq!(log.get(&of("ann", "bad")).await.unwrap(), None);
        assert_eq!(log.read_all("ann", u64::MAX).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn a_page_of_nothing_else_does_not_end_a_replay() {
    let folder = tempfile::tempdir().unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    for id in 0..600 {
        put(&log, "ann", &format!("bad-{id}"), upsert("t"))
            .await
            .unwrap();
    }
    put(&log, "ann", "good", upsert("good")).await.unwrap();
    log.close().await.unwrap();
    let database = rusqlite::Connection::open(folder.path().join("todos.sqlite")).unwrap();
    database
        .execute("UPDATE todo SET json = '{' WHERE id LIKE 'bad-%'", [])
        .unwrap();
    let log = SqliteLog::open(folder.path(), Some(0)).unwrap();
    assert_eq!(seqs(&replay(&log, Some(0)).await), [601]);
}
