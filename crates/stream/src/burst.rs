//! The opening burst of a connection: what a server sends because a client connected (a replay, a
//! snapshot), before it sends live events.
//!
//! It begins with the request and ends when the server has sent no event for a while. Only time
//! spent waiting for the server counts: a long replay is one burst, however slowly the application
//! reads it.

use std::time::Duration;

/// A silence that ends it.
const SILENCE: Duration = Duration::from_secs(3);

/// Shorter silences end it when they add up to this, so that the burst of a server that sends
/// events all the time ends, too.
const SILENCES: Duration = Duration::from_secs(10);

/// A shorter wait is transmission time, not silence.
const TRANSMISSION: Duration = Duration::from_millis(100);

/// The time that the opening burst of a connection has left.
#[derive(Clone, Debug)]
pub(crate) struct Burst {
    silence: Duration,
    silences: Duration,
}

impl Default for Burst {
    fn default() -> Self {
        Self {
            silence: SILENCE,
            silences: SILENCES,
        }
    }
}

impl Burst {
    /// Whether the burst is over.
    pub(crate) fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// The silence that ends it, counted from now.
    pub(crate) fn left(&self) -> Duration {
        self.silence.min(self.silences.max(TRANSMISSION))
    }

    /// Counts time spent waiting for the server.
    pub(crate) fn waited(&mut self, time: Duration) {
        self.silence = self.silence.saturating_sub(time);
        if time > TRANSMISSION {
            self.silences = self.silences.saturating_sub(time);
        }
    }

    /// The server sent an event.
    pub(crate) fn heard(&mut self) {
        self.silence = SILENCE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many silences of this length, each ended by an event, it is over.
    fn lasts(silence: Duration, most: u32) -> Option<u32> {
        let mut burst = Burst::default();
        (0..most).find(|_| {
            let is_over = burst.left() <= silence;
            burst.waited(silence);
            burst.heard();
            is_over
        })
    }

    #[test]
    fn a_silence_of_three_seconds_ends_it() {
        assert_eq!(lasts(SILENCE, 1), Some(0));
    }

    #[test]
    fn a_comment_does_not_lengthen_it() {
        let mut burst = Burst::default();
        burst.waited(Duration::from_secs(2));
        assert_eq!(burst.left(), Duration::from_secs(1));
    }

    #[test]
    fn a_server_that_always_has_something_to_say_is_not_for_ever_beginning() {
        assert_eq!(lasts(Duration::from_secs(1), 60), Some(9));
        assert_eq!(lasts(Duration::from_millis(200), 600), Some(49));
    }

    #[test]
    fn a_long_replay_is_one_burst() {
        assert_eq!(lasts(Duration::from_millis(50), 100_000), None);
    }
}
