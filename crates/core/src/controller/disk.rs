//! The disk: what is committed, and what a full or damaged one asks for.

use jiff::SignedDuration;

use crate::{
    controller::{sources::SourceState, state::Controller, toaster::Toaster},
    desktop::Desktop,
    format::Cursor,
    inbox::{Committed, Edit, InboxError},
    streams::Streams,
};

/// How long to leave a disk alone that took nothing.
const DISK_RETRY: SignedDuration = SignedDuration::from_secs(1);

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Returns whether the disk may be asked to take something now. One that took nothing is left
    /// alone for a while, and asked once more at the end.
    fn may_write(&self) -> bool {
        self.over || self.stuck.is_none_or(|retry| retry <= self.now)
    }

    /// Returns whether the inbox knows everything that has happened. What is chosen by what it
    /// says, or notes that something was done with it, waits until it does.
    pub(super) fn is_up_to_date(&self) -> bool {
        self.edits.is_empty()
    }

    /// Commits what is to be committed, unless the disk is to be left alone for now.
    pub(super) fn commit(&mut self) {
        if self.is_up_to_date() || !self.may_write() {
            return;
        }
        match self.inbox.commit(&self.edits, self.now) {
            Ok(committed) => self.committed(&committed),
            Err(InboxError::Corrupt(what)) => self.begin_anew(&what),
            Err(error) => {
                // Whatever it is: nothing was written, and nothing of it is lost.
                self.stuck = Some(self.now + DISK_RETRY);
                self.report(&error);
            }
        }
    }

    fn committed(&mut self, committed: &Committed) {
        self.edits.clear();
        self.bytes = 0;
        if self.stuck.take().is_some() && self.notices.is_on("notice-disk-full") {
            self.notices.over("notice-disk-full");
            self.notice("notice-disk-room", &[]);
        }
        self.shown.todos_changed |= committed.todos_changed;
        self.unindexed |= committed.todos_changed;
        self.inbox_deadline = self.inbox.next_deadline().unwrap_or_else(|error| {
            self.report(&error);
            // What may fall due next is not known: soon again.
            Some(self.now + DISK_RETRY)
        });
        self.update_cursors();
        self.toast(committed);
    }

    /// The inbox turned out to be damaged: keeps it aside and has the servers send again.
    fn begin_anew(&mut self, what: &str) {
        tracing::error!(what, "the inbox is damaged; beginning a new one");
        if let Err(error) = self.inbox.begin_anew() {
            self.stuck = Some(self.now + DISK_RETRY);
            self.report(&error);
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
        // Keys of the old inbox mean nothing in the new one. What arrived is still right, but
        // only the beginning brings back what was lost.
        self.edits.retain_mut(|edit| {
            if let Edit::Arrived { cursor, .. } = edit {
                *cursor = Cursor::Stays;
            }
            matches!(edit, Edit::Arrived { .. })
        });
        self.edits.insert(0, Edit::Sources(self.source_entries()));
        self.edits.insert(1, Edit::Pause(self.pause));
        self.toaster = Toaster::default();
        self.loud.clear();
        self.shown.todos_changed = true;
        match self.inbox.commit(&self.edits, self.now) {
            Ok(committed) => self.committed(&committed),
            Err(error) => {
                self.stuck = Some(self.now + DISK_RETRY);
                self.report(&error);
            }
        }
        for stream in self.source_states.values_mut() {
            *stream = SourceState::replaced();
        }
        self.start_streams();
    }

    pub(super) fn report(&mut self, error: &InboxError) {
        tracing::error!(%error, "the inbox");
        match error {
            InboxError::Full => self.notice_while("notice-disk-full", &[]),
            error => self.notice_while("notice-inbox", &[("detail", error.to_string().into())]),
        };
    }
}
