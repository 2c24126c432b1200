//! Random `retry:` delays, so that clients do not reconnect all at once.

use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::BytesMut;

use crate::state::ServerState;

/// The range from which one stream's `retry:` is drawn.
///
/// It grows with the number of streams, which limits the rate of reconnects after the server was
/// down; a stream that opened when there were few gets a new delay once there are many.
pub(crate) struct RetryRange(RangeInclusive<Duration>);

impl RetryRange {
    /// The range for the present number of streams.
    pub(crate) fn new(state: &ServerState) -> Self {
        Self(retry_range(
            &state.config.retry,
            state.connections.all(),
            state.config.limits.reconnects_per_second,
        ))
    }

    /// Draws a delay.
    pub(crate) fn random(&self) -> Duration {
        rand::random_range(self.0.clone())
    }

    /// Draws a delay and encodes it as an SSE block.
    pub(crate) fn draw(&self) -> BytesMut {
        let retry = self.random();
        BytesMut::from(format!("retry: {}\n\n", retry.as_millis()).as_bytes())
    }

    /// Draws again if the load has at least halved or doubled since the last draw.
    pub(crate) fn redraw(&mut self, state: &ServerState) -> Option<BytesMut> {
        let now = Self::new(state);
        let (before, after) = (*self.0.end(), *now.0.end());
        if after <= before * 2 && before <= after * 2 {
            return None;
        }
        *self = now;
        Some(self.draw())
    }
}

fn retry_range(
    configured: &RangeInclusive<Duration>,
    streams: usize,
    reconnects_per_second: u32,
) -> RangeInclusive<Duration> {
    let start = *configured.start();
    let crowd = Duration::from_secs_f64(streams as f64 / f64::from(reconnects_per_second.max(1)));
    start..=(*configured.end()).max(start + crowd)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn few_streams_get_what_is_configured() {
        assert_eq!(
            retry_range(&(SECOND..=SECOND * 3), 100, 1_000),
            SECOND..=SECOND * 3
        );
    }

    #[test]
    fn many_streams_come_back_no_quicker_than_they_can_be_taken() {
        let retry_range = retry_range(&(SECOND..=SECOND * 3), 1_000_000, 5_000);
        assert_eq!(retry_range, SECOND..=SECOND * 201);
    }

    #[test]
    fn a_span_that_ends_before_it_starts_is_its_start() {
        let retry_range = retry_range(&(SECOND * 3..=SECOND), 0, 0);
        assert_eq!(retry_range, SECOND * 3..=SECOND * 3);
    }
}
