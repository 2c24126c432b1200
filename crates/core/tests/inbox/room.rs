//! An inbox in a folder of its own.

use std::path::PathBuf;

use belldot_core::{
    format::{Change, Cursor, Draft},
    inbox::{Committed, Edit, Inbox, Reader, SourceEntry, TodoKey},
    page::{Query, TodoView},
    source::SourceId,
};
use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};
use tempfile::TempDir;

pub struct Room {
    pub inbox: Inbox,
    pub now: Timestamp,
    folder: TempDir,
}

impl Room {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(folder.path().join("inbox.db")).unwrap();
        let mut room = Self {
            inbox,
            now: "2026-11-22T02:00:00Z".parse().unwrap(),
            folder,
        };
        room.commit(&[Edit::Sources(vec![entry("work")])]);
        room
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("inbox.db")
    }

    pub fn commit(&mut self, edits: &[Edit]) -> Committed {
        self.inbox.commit(edits, self.now).unwrap()
    }

    pub fn add(&mut self, draft: Draft) -> Committed {
        self.commit(&[arrived(vec![draft], "")])
    }

    pub fn pass_days(&mut self, days: i64) {
        self.now += SignedDuration::from_hours(24 * days);
    }

    pub fn reopen(self) -> Self {
        let Self { inbox, now, folder } = self;
        drop(inbox);
        let inbox = Inbox::open(folder.path().join("inbox.db")).unwrap();
        Self { inbox, now, folder }
    }

    /// The same inbox as it is on the disk now, in another folder.
    pub fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for file in ["inbox.db", "inbox.db-wal"] {
            let from = self.folder.path().join(file);
            if from.exists() {
                std::fs::copy(from, folder.path().join(file)).unwrap();
            }
        }
        let inbox = Inbox::open(folder.path().join("inbox.db")).unwrap();
        Self {
            inbox,
            now: self.now,
            folder,
        }
    }

    pub fn reader(&self) -> Reader {
        Reader::open(self.path()).unwrap()
    }

    pub fn zoned(&self) -> Zoned {
        self.now.to_zoned(TimeZone::UTC)
    }

    pub fn list(&self, query: Query) -> Vec<TodoView> {
        let query = Query {
            limit: 500,
            ..query
        };
        self.inbox.list(&query, &self.zoned()).unwrap().todos
    }

    pub fn titles(&self, query: Query) -> Vec<String> {
        self.list(query)
            .into_iter()
            .map(|todo| todo.title)
            .collect()
    }

    pub fn key(&self, title: &str) -> TodoKey {
        let todos = self.list(Query::default());
        todos
            .iter()
            .find(|todo| todo.title == title)
            .expect(title)
            .key
    }

    pub fn done(&mut self, title: &str) {
        let todos = vec![self.key(title)];
        self.commit(&[Edit::Done { todos, done: true }]);
    }
}

pub fn work() -> SourceId {
    SourceId("work".to_owned())
}

pub fn entry(id: &str) -> SourceEntry {
    SourceEntry {
        id: SourceId(id.to_owned()),
        name: id.to_owned(),
        api: true,
    }
}

pub fn arrived(drafts: Vec<Draft>, cursor: &str) -> Edit {
    Edit::Arrived {
        source: work(),
        changes: drafts
            .into_iter()
            .map(|draft| Change::Upsert(Box::new(draft)))
            .collect(),
        cursor: Cursor::Id(cursor.to_owned()),
        event_id: None,
        opening: false,
    }
}

pub fn draft(id: &str, title: &str) -> Draft {
    Draft {
        id: Some(id.to_owned()),
        title: title.to_owned(),
        ..Draft::default()
    }
}
