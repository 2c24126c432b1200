//! Quiet hours: what comes meanwhile is shown afterwards.

use crate::{
    controller::state::Controller,
    desktop::Desktop,
    inbox::{Committed, Edit},
    model::TodoKey,
    streams::Streams,
};

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Updates whether it is quiet now, and does what the beginning or the end of quiet hours asks
    /// for.
    pub(super) fn update_quiet_hours(&mut self) {
        let wanted = &self.settings.notifications;
        let now = self.zoned();
        // With notifications off nothing is kept for later.
        let quiet = wanted.enabled && wanted.quiet.is_quiet(&now);
        self.quiet_end = wanted.quiet.end(&now).filter(|_| quiet);
        if quiet == self.quiet {
            return;
        }
        self.quiet = quiet;
        if quiet {
            // The inbox still has it as not announced.
            self.toaster.drop_pending();
        } else {
            self.show_deferred();
        }
    }

    /// Returns what of a transaction is shown although it is quiet.
    pub(super) fn urgent_part(&mut self, committed: &Committed) -> Committed {
        let Some(least) = self.settings.notifications.quiet.except else {
            return Committed {
                news: Vec::new(),
                due: Vec::new(),
                ..committed.clone()
            };
        };
        let is_loud = |key: &&TodoKey| {
            match self.inbox.priority(**key) {
                Ok(priority) => priority.is_some_and(|priority| priority >= least),
                Err(error) => {
                    tracing::error!(%error, "a priority cannot be read");
                    // A toast too many is better than an urgent to-do that is missed.
                    true
                }
            }
        };
        let loud = Committed {
            news: committed.news.iter().filter(is_loud).copied().collect(),
            due: committed.due.iter().filter(is_loud).copied().collect(),
            ..committed.clone()
        };
        self.urgent_shown.extend(loud.news.iter().chain(&loud.due));
        loud
    }

    /// Commits that the urgent to-dos that were shown in spite of the quiet hours are announced.
    pub(super) fn mark_urgent_announced(&mut self) {
        if !self.urgent_shown.is_empty() && self.toaster.is_done() && self.desktop.has_told() {
            let todos = std::mem::take(&mut self.urgent_shown);
            self.edits.push(Edit::AnnouncedSome(todos));
            self.commit();
        }
    }

    /// Shows one digest of the to-dos, and the notices, that came in quiet hours.
    pub(super) fn show_deferred(&mut self) {
        let shown = std::mem::take(&mut self.urgent_shown);
        match self.inbox.unannounced() {
            Ok(mut todos) => {
                todos.retain(|todo| !shown.contains(todo));
                self.toasts_pending |= !todos.is_empty();
                self.toaster.remember(todos, self.now);
            }
            Err(error) => self.report_inbox_error(&error),
        }
        for (name, said) in self.notices.held() {
            self.toast_notice(&name, &said);
        }
    }
}
