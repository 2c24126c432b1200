//! The time of day, and the time zone that it is shown in.

use jiff::{SignedDuration, Timestamp, Zoned};

use crate::{controller::state::Controller, desktop::Desktop, streams::Streams};

/// How often to look up the system's time zone.
const ZONE_LOOKUP_INTERVAL: SignedDuration = SignedDuration::from_mins(1);

impl<D: Desktop, S: Streams> Controller<D, S> {
    /// Updates the current time. Where the clock was set back, deadlines a few seconds ahead move
    /// back with it; otherwise they would be hours or years away.
    pub(super) fn update_clock(&mut self, now: Timestamp) {
        if now < self.now {
            let back = self.now.duration_since(now);
            self.next_cleanup = now;
            self.next_zone_lookup = now;
            if let Some(retry) = &mut self.retry_commit_at {
                *retry -= back;
            }
            self.toaster.shift(back);
            self.shown.shift(back);
            for stream in self.source_states.values_mut() {
                stream.shift(back);
            }
        }
        self.now = now;
        if self.next_zone_lookup <= now {
            self.next_zone_lookup = now + ZONE_LOOKUP_INTERVAL;
            let zone = (self.zone_source)();
            // Windows group to-dos by day.
            self.shown.todos_changed |= zone != self.zone;
            self.zone = zone;
        }
    }

    pub(super) fn zoned(&self) -> Zoned {
        self.now.to_zoned(self.zone.clone())
    }
}
