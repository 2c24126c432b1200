//! Sends the outbox: for each source one change at a time, in order, as politely as its stream.

use jiff::{SignedDuration, Timestamp};

use crate::{
    controller::state::Controller, desktop::Desktop, inbox::Edit, input::Outcome, source::SourceId,
    streams::Streams,
};

const SHORTEST_WAIT: f64 = 1.0;
const LONGEST_WAIT: f64 = 300.0;

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Sends the next outbox entry of each source that can take one now. Only while every edit is
    /// committed: an entry that was taken, but is not yet known to be, would be sent again.
    pub(super) fn deliver(&mut self) {
        if !self.all_committed() {
            return;
        }
        let now = self.now;
        for (source, stream) in &mut self.source_states {
            let waits =
                stream.holds_deliveries() || stream.not_before.is_some_and(|time| now < time);
            if waits {
                continue;
            }
            stream.not_before = None;
            match self.inbox.next_delivery(source) {
                Ok(Some(delivery)) => {
                    stream.in_flight = Some(delivery.entry);
                    self.streams.deliver(&delivery);
                }
                Ok(None) => (),
                Err(error) => tracing::warn!(%error, "the outbox cannot be read"),
            }
        }
    }

    /// Handles the outcome of a delivery.
    pub(super) fn delivered(&mut self, entry: i64, outcome: Outcome) {
        let sent = self
            .source_states
            .iter()
            .find(|(_, stream)| stream.in_flight == Some(entry));
        let Some(source) = sent.map(|(source, _)| source.clone()) else {
            return;
        };
        match outcome {
            Outcome::Taken => {
                self.edits.push(Edit::Taken { entry });
                self.finish_delivery(&source, true, None);
            }
            Outcome::TryLater { not_before } => self.finish_delivery(&source, false, not_before),
            Outcome::Refused { status: 401, .. } => self.block_until_sign_in(&source),
            Outcome::Refused { status, detail } => {
                self.say_refused(&source, entry, status, detail);
                let unknown = matches!(status, 404 | 410);
                self.edits.push(Edit::Refused { entry, unknown });
                self.finish_delivery(&source, true, None);
            }
        }
        // `deliver` reads the next entry from the inbox, so this has to be committed first.
        self.commit();
    }

    /// Notes how a delivery ended, and when the next may be tried.
    fn finish_delivery(&mut self, source: &SourceId, well: bool, not_before: Option<Timestamp>) {
        let chance = (self.random)();
        let now = self.now;
        let Some(stream) = self.source_states.get_mut(source) else {
            return;
        };
        stream.in_flight = None;
        if well {
            stream.failures = 0;
            stream.not_before = None;
            return;
        }
        let most = (SHORTEST_WAIT * f64::from(stream.failures.min(10)).exp2()).min(LONGEST_WAIT);
        let wait = SHORTEST_WAIT + chance * (most - SHORTEST_WAIT).max(0.0);
        stream.failures = stream.failures.saturating_add(1);
        let next = now + SignedDuration::from_millis((wait * 1_000.0) as i64);
        stream.not_before = Some(not_before.map_or(next, |floor| floor.max(next)));
    }

    /// Blocks the outbox until the user has signed in: until the stream opens, or starts anew.
    fn block_until_sign_in(&mut self, source: &SourceId) {
        let name = self.name_of(source);
        if let Some(stream) = self.source_states.get_mut(source) {
            stream.in_flight = None;
            stream.blocked = true;
        }
        self.notice("notice-refused-sign-in", &[("source", name.into())]);
    }

    fn say_refused(&mut self, source: &SourceId, entry: i64, status: u16, detail: Option<String>) {
        let title = self.inbox.title_in_outbox(entry).unwrap_or_else(|error| {
            tracing::warn!(%error, "the title of a refused change cannot be read");
            None
        });
        let key = match status {
            404 | 410 => "notice-refused-unknown",
            409 | 412 => "notice-refused-conflict",
            _ => "notice-refused",
        };
        let detail = match detail {
            Some(detail) => format!("{status}: {detail}"),
            None => status.to_string(),
        };
        let name = self.name_of(source);
        self.notice(
            key,
            &[
                ("source", name.into()),
                ("title", title.unwrap_or_default().into()),
                ("detail", detail.into()),
            ],
        );
    }
}
