//! What a to-do without an id is known by, in the file.

use std::path::Path;

use belldot_core::{
    format::{Change, Cursor, Draft},
    inbox::{Edit, Inbox},
    page::Query,
};

use jiff::{Timestamp, tz::TimeZone};

use crate::room::{Room, arrived, draft, work};

fn said(title: &str, words: u64, event_id: Option<&str>, opening: bool) -> Edit {
    let draft = Draft {
        title: title.to_owned(),
        words: Some(words),
        ..Draft::default()
    };
    Edit::Arrived {
        source: work(),
        changes: vec![Change::Upsert(Box::new(draft))],
        cursor: Cursor::Id(event_id.unwrap_or_default().to_owned()),
        event_id: event_id.map(str::to_owned),
        opening,
    }
}

fn opened() -> Edit {
    Edit::Opened { source: work() }
}

fn settled() -> Edit {
    Edit::Settled { source: work() }
}

/// An inbox as an older version left it, with to-dos of these ids.
fn older_inbox(path: &Path, ids: &[&str]) {
    let older = rusqlite::Connection::open(path).unwrap();
    older
        .execute_batch(include_str!("../../src/inbox/schema.sql"))
        .unwrap();
    older
        .execute_batch("INSERT INTO sources (id, name, cursor) VALUES ('work', 'Work', '7');")
        .unwrap();
    for id in ids {
        older
            .execute(
                "INSERT INTO todos (source, id, title, priority, status, read, created)
                 VALUES (1, ?1, ?1, 3, 0, 0, 0)",
                [id],
            )
            .unwrap();
    }
    older
        .execute_batch(include_str!("../../src/inbox/tallies.sql"))
        .unwrap();
    older.pragma_update(None, "user_version", 2).unwrap();
}

#[test]
fn an_inbox_of_an_older_version_opens_and_knows_what_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    older_inbox(&path, &["7#00000000000000ff", "018f-uuid", "ticket#12"]);
    let mut inbox = Inbox::open(&path).unwrap();
    assert!(inbox.kept_aside().is_none());
    let now = "2026-11-22T02:00:00Z".parse().unwrap();
    let titles = |inbox: &Inbox| {
        let query = Query {
            limit: 10,
            ..Query::default()
        };
        let zoned = Timestamp::to_zoned(now, TimeZone::UTC);
        let mut titles: Vec<_> = inbox
            .list(&query, &zoned)
            .unwrap()
            .todos
            .into_iter()
            .map(|todo| todo.title)
            .collect();
        titles.sort();
        titles
    };
    let all = ["018f-uuid", "7#00000000000000ff", "ticket#12"];
    assert_eq!(titles(&inbox), all);
    assert_eq!(inbox.summary().unwrap().sources[0].cursor, "7");
    // A replay of the event that it had, and an update of the to-do with an id.
    inbox
        .commit(&[opened(), said("again", 0xff, Some("7"), true)], now)
        .unwrap();
    let update = arrived(vec![draft("ticket#12", "ticket#12")], "8");
    inbox.commit(&[update], now).unwrap();
    assert_eq!(titles(&inbox), all);
}

#[test]
fn what_is_remembered_of_a_connection_is_bounded_and_what_is_beyond_is_not_dropped() {
    let mut room = Room::new();
    let all = |room: &mut Room| {
        let mut edits = vec![opened()];
        edits.extend((0..10_050).map(|words| said("Coffee", words, None, true)));
        edits.push(settled());
        room.commit(&edits);
    };
    all(&mut room);
    let unread = |room: &Room| room.inbox.summary().unwrap().unread();
    assert_eq!(unread(&room), 10_050);
    all(&mut room);
    assert_eq!(unread(&room), 10_100, "rather twice than not at all");
    let rows: i64 = rusqlite::Connection::open(room.path())
        .unwrap()
        .query_row("SELECT count(*) FROM said", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 10_000);
}

#[test]
fn a_batch_that_was_not_committed_is_not_remembered_as_said() {
    let mut room = Room::new();
    room.commit(&[opened(), said("Coffee", 1, None, true), settled()]);
    let before = room.copy();
    room.commit(&[opened(), said("Coffee", 1, None, true)]);
    let mut room = before;
    room.commit(&[opened(), said("Coffee", 1, None, true)]);
    assert_eq!(room.titles(Query::default()), ["Coffee"]);
}
