//! Takes inputs, in order, as one transaction.

use jiff::Timestamp;

use crate::{
    controller::{sources::SourceState, state::Controller},
    desktop::{Desktop, Page},
    inbox::{Edit, Pause},
    input::Input,
    streams::Streams,
};

/// The most that waits for a disk that takes nothing, before no further input is taken: edits, and
/// bytes of events.
const MOST_EDITS: usize = 4_096;
const MOST_BYTES: usize = 8 << 20;

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Starts the streams, shows the bell, and announces what the last run did not get to.
    pub fn start(&mut self, now: Timestamp) {
        self.now = now;
        self.pause = self.inbox.pause();
        self.update_quiet_hours();
        if let Some(path) = self.inbox.kept_aside() {
            let path = path.display().to_string();
            self.notice("notice-corrupt", &[("path", path.into())]);
        }
        if let Some(error) = self.wrong_settings.take() {
            self.say_wrong_settings(&error);
        }
        for said in self.policy.remarks(&self.words) {
            tracing::warn!("{said}");
            self.notice_text("error-policy-invalid", said);
        }
        if !self.quiet {
            self.show_deferred();
        }
        self.edits.push(Edit::Sources(self.source_entries()));
        self.edits.push(Edit::Clock);
        self.commit();
        self.take_network();
        self.start_streams();
        if self.settings.sources.is_empty() && !self.hidden {
            self.windows_to_open.push(Page::Settings);
        }
        self.show();
    }

    /// Takes inputs, in order, as one transaction.
    pub fn handle(&mut self, inputs: Vec<Input>, now: Timestamp) {
        self.update_clock(now);
        self.update_quiet_hours();
        for input in inputs {
            match input {
                Input::Stream { source, update } => self.handle_stream_update(&source, update),
                Input::Command(command) => self.handle_command(command),
                Input::Asked { command, done } => {
                    self.handle_command(command);
                    self.replies.push(done);
                }
                Input::Delivered { entry, outcome } => self.delivered(entry, outcome),
                Input::Desktop(hint) => self.handle_desktop_hint(hint),
            }
        }
        if self.inbox_deadline.is_some_and(|deadline| deadline <= now) {
            self.inbox_deadline = None;
            self.edits.push(Edit::Clock);
        }
        if let Some(Pause::Until(until)) = self.pause
            && until <= now
        {
            self.set_pause(None);
        }
        self.commit();
        if self.ended {
            self.note_announced();
            // The sockets close meanwhile.
            self.inbox.finish();
            self.desktop.quit();
        } else {
            self.deliver();
            self.show();
        }
        for done in self.replies.drain(..) {
            // The receiver may have been dropped meanwhile.
            let _ = done.try_send(());
        }
        // Everything is shown: now the journal may cost time.
        self.inbox.write_back();
    }

    /// Returns when [`Controller::handle`] is to be called at the latest, with or without inputs.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let pause = match self.pause {
            Some(Pause::Until(until)) => Some(until),
            _ => None,
        };
        // After a failed commit, whatever needs the inbox waits for the next attempt.
        let inbox = if self.retry_commit_at.is_some() {
            self.retry_commit_at
        } else {
            self.inbox_deadline
        };
        let deliveries = self
            .source_states
            .values()
            .filter(|_| self.all_committed())
            .filter_map(SourceState::next_delivery);
        let shown = [self.toaster.deadline(), self.shown.deadline()];
        [pause, inbox, self.quiet_end]
            .into_iter()
            .chain(shown)
            .flatten()
            .chain(deliveries)
            .min()
    }

    /// Returns whether further inputs of streams are taken. While nothing can be committed, the
    /// pending edits are bounded.
    pub fn wants_inputs(&self) -> bool {
        self.retry_commit_at.is_none() || (self.edits.len() < MOST_EDITS && self.bytes < MOST_BYTES)
    }
}
