//! Work that can wait until there is nothing else to do: the search index, and what is done for long.

use jiff::SignedDuration;

use crate::{controller::state::Controller, desktop::Desktop, streams::Streams};

/// How often to look for done to-dos to delete.
const CLEANUP_INTERVAL: SignedDuration = SignedDuration::from_hours(6);

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Returns whether there is idle work: to-dos to index, or to delete.
    pub fn has_idle_work(&self) -> bool {
        self.all_committed() && (self.index_incomplete || self.next_cleanup <= self.now)
    }

    /// Does a little idle work; returns whether there is more.
    pub fn idle(&mut self) -> bool {
        if !self.has_idle_work() {
            return false;
        }
        if !self.index_incomplete {
            return self.clean_up();
        }
        self.index_incomplete = self.inbox.index_some().unwrap_or_else(|error| {
            tracing::warn!(%error, "the search does not know the latest to-dos yet");
            false
        });
        self.index_incomplete || self.next_cleanup <= self.now
    }

    /// Deletes some to-dos that were done long ago; returns whether there are more.
    fn clean_up(&mut self) -> bool {
        let more = self.inbox.tidy_some(&self.settings.inbox, self.now);
        let more = more.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is done for long stays for now");
            false
        });
        if !more {
            self.next_cleanup = self.now + CLEANUP_INTERVAL;
        }
        more
    }
}
