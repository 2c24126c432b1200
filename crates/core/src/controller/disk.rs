//! The disk: what is committed, and what a full or damaged one asks for.

use jiff::SignedDuration;

use crate::{
    controller::{sources::SourceState, state::Controller, toaster::Toaster},
    desktop::Desktop,
    format::Cursor,
    inbox::{Committed, Edit, InboxError},
    streams::Streams,
};

/// The pause between two attempts to write to a disk that takes nothing.
const DISK_RETRY: SignedDuration = SignedDuration::from_secs(1);

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Returns whether a commit may be tried now. After a failed one it waits for [`DISK_RETRY`];
    /// at the end of the program it is tried once more.
    fn may_write(&self) -> bool {
        self.ended || self.retry_commit_at.is_none_or(|retry| retry <= self.now)
    }

    /// Returns whether every edit is committed. What depends on the inbox's content waits until
    /// then.
    pub(super) fn all_committed(&self) -> bool {
        self.edits.is_empty()
    }

    /// Commits the pending edits, unless the last attempt failed a moment ago.
    pub(super) fn commit(&mut self) {
        if self.all_committed() || !self.may_write() {
            return;
        }
        match self.inbox.commit(&self.edits, self.now) {
            Ok(committed) => self.committed(&committed),
            Err(InboxError::Corrupt(what)) => self.replace_damaged_inbox(&what),
            Err(error) => {
                // Nothing was written, whatever the cause, and the edits stay pending.
                self.retry_commit_at = Some(self.now + DISK_RETRY);
                self.report_inbox_error(&error);
            }
        }
    }

    fn committed(&mut self, committed: &Committed) {
        self.edits.clear();
        self.bytes = 0;
        if self.retry_commit_at.take().is_some() && self.notices.is_on("notice-disk-full") {
            self.notices.over("notice-disk-full");
            self.notice("notice-disk-room", &[]);
        }
        self.shown.todos_changed |= committed.todos_changed;
        self.index_incomplete |= committed.todos_changed;
        self.inbox_deadline = self.inbox.next_deadline().unwrap_or_else(|error| {
            self.report_inbox_error(&error);
            // What may fall due next is not known: soon again.
            Some(self.now + DISK_RETRY)
        });
        self.update_cursors();
        self.toast(committed);
    }

    /// Replaces a damaged inbox by an empty one, keeps the old file aside, and starts every stream
    /// from the beginning.
    fn replace_damaged_inbox(&mut self, what: &str) {
        tracing::error!(what, "the inbox is damaged; beginning a new one");
        if let Err(error) = self.inbox.begin_anew() {
            self.retry_commit_at = Some(self.now + DISK_RETRY);
            self.report_inbox_error(&error);
            return;
        }
        let path = self
            .inbox
            .kept_aside()
            .map(|path| path.display().to_string());
        self.notice(
            "notice-corrupt",
            &[("path", path.unwrap_or_default().into())],
        );
        // Keys of the old inbox mean nothing in the new one. Events that arrived are still valid,
        // but only a start from the beginning brings back what was lost.
        self.edits.retain_mut(|edit| {
            if let Edit::Arrived { cursor, .. } = edit {
                *cursor = Cursor::Stays;
            }
            matches!(edit, Edit::Arrived { .. })
        });
        self.edits.insert(0, Edit::Sources(self.source_entries()));
        self.edits.insert(1, Edit::Pause(self.pause));
        self.toaster = Toaster::default();
        self.urgent_shown.clear();
        self.shown.todos_changed = true;
        match self.inbox.commit(&self.edits, self.now) {
            Ok(committed) => self.committed(&committed),
            Err(error) => {
                self.retry_commit_at = Some(self.now + DISK_RETRY);
                self.report_inbox_error(&error);
            }
        }
        for stream in self.source_states.values_mut() {
            *stream = SourceState::replaced();
        }
        self.start_streams();
    }

    pub(super) fn report_inbox_error(&mut self, error: &InboxError) {
        tracing::error!(%error, "the inbox");
        match error {
            InboxError::Full => self.notice_while("notice-disk-full", &[]),
            error => self.notice_while("notice-inbox", &[("detail", error.to_string().into())]),
        };
    }
}
