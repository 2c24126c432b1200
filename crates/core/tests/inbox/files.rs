//! The files: readers beside the writer, damage while it runs.

use belldot_core::{
    inbox::{Inbox, InboxError, Reader},
    page::Query,
};

use crate::room::{Room, draft};

#[test]
fn a_reader_sees_every_commit_at_once_and_never_half_of_one() {
    let mut room = Room::new();
    let reader = room.reader();
    for round in 1..=50 {
        let drafts = (0..20).map(|id| draft(&format!("{round}-{id}"), "Sign"));
        room.commit(&[crate::room::arrived(drafts.collect(), "")]);
        let query = Query {
            limit: 5,
            offset: 3,
            ..Query::default()
        };
        let listing = reader.list(&query, &room.zoned()).unwrap();
        assert_eq!((listing.total, listing.todos.len()), (round * 20, 5));
    }
    assert_eq!(reader.summary().unwrap().unread(), 1_000);
}

#[test]
fn a_reader_of_nothing_says_so() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Reader::open(folder.path().join("inbox.db")).is_err());
    assert!(!folder.path().join("inbox.db").exists());
}

#[test]
fn every_page_of_a_list_is_there_once_from_either_end() {
    let mut room = Room::new();
    let drafts = (0..237).map(|id| draft(&id.to_string(), &format!("To-do {id}")));
    room.commit(&[crate::room::arrived(drafts.collect(), "")]);
    let whole = room.titles(Query::default());
    assert_eq!(whole.len(), 237);
    let mut pages = Vec::new();
    for offset in (0..260).step_by(20) {
        let query = Query {
            offset,
            limit: 20,
            ..Query::default()
        };
        let listing = room.inbox.list(&query, &room.zoned()).unwrap();
        assert_eq!(listing.total, 237);
        pages.extend(listing.todos.into_iter().map(|todo| todo.title));
    }
    assert_eq!(pages, whole);
}

#[test]
fn damage_while_it_runs_is_noticed_and_a_new_inbox_takes_the_files_place() {
    let mut room = Room::new();
    room.add(draft("1", "Sign"));
    let other = rusqlite::Connection::open(room.path()).unwrap();
    other
        .execute_batch(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = 'CREATE TABLE outbox nonsense' WHERE name = 'outbox';
             PRAGMA schema_version = 4711;",
        )
        .unwrap();
    drop(other);
    let error = room.inbox.commit(
        &[crate::room::arrived(vec![draft("2", "Pay")], "")],
        room.now,
    );
    assert!(matches!(error, Err(InboxError::Corrupt(_))), "{error:?}");
    room.inbox.begin_anew().unwrap();
    assert!(room.inbox.kept_aside().unwrap().exists());
    room.add(draft("2", "Pay"));
    assert_eq!(room.titles(Query::default()), ["Pay"]);
}

#[test]
fn a_reader_follows_to_the_new_inbox() {
    let mut room = Room::new();
    room.add(draft("1", "Sign"));
    let reader = room.reader();
    let query = Query {
        limit: 10,
        ..Query::default()
    };
    assert_eq!(reader.list(&query, &room.zoned()).unwrap().total, 1);
    room.inbox.begin_anew().unwrap();
    assert_eq!(reader.list(&query, &room.zoned()).unwrap().total, 0);
}

#[test]
fn half_a_file_is_kept_aside_too() {
    let mut room = Room::new();
    let drafts = (0..500).map(|id| draft(&id.to_string(), &"long title ".repeat(20)));
    room.commit(&[crate::room::arrived(drafts.collect(), "7")]);
    let path = room.path();
    let room = room.reopen();
    let bytes = std::fs::read(&path).unwrap();
    let Room { inbox, .. } = room;
    let folder = tempfile::tempdir().unwrap();
    drop(inbox);
    let cut = folder.path().join("inbox.db");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let inbox = Inbox::open(&cut).unwrap();
    assert!(inbox.kept_aside().is_some());
    assert_eq!(inbox.summary().unwrap().unread(), 0);
}

#[test]
fn after_the_end_a_copy_of_the_database_file_alone_is_whole() {
    let mut room = Room::new();
    // A window looks at it meanwhile.
    let _reader = room.reader();
    let drafts = (0..500).map(|id| draft(&id.to_string(), "Sign"));
    room.commit(&[crate::room::arrived(drafts.collect(), "")]);
    room.inbox.finish();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("inbox.db");
    std::fs::copy(room.path(), &copy).unwrap();
    let copied = Inbox::open(copy).unwrap();
    assert_eq!(copied.summary().unwrap().unread(), 500);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_files_also_those_of_an_older_version() {
    use std::{fs, os::unix::fs::PermissionsExt as _};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").join("inbox.db");
    let open = || {
        let mut inbox = Inbox::open(&path).unwrap();
        let pause = belldot_core::inbox::Edit::Pause(None);
        inbox.commit(&[pause], jiff::Timestamp::now()).unwrap();
        for file in fs::read_dir(path.parent().unwrap()).unwrap() {
            let file = file.unwrap();
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{file:?}");
        }
        inbox
    };
    drop(open());
    let mode = fs::metadata(path.parent().unwrap()).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o700);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(open());
}
