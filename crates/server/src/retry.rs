//! When a client is to come back: all at once would be too many.

use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::BytesMut;

use crate::app::App;

/// The span that one stream's `retry:` is drawn from.
///
/// Its width decides whether a fleet that lost its server returns as a stampede, so it grows with
/// the number of streams, and a stream that opened when there were few is told anew.
pub(crate) struct Retry(RangeInclusive<Duration>);

impl Retry {
    /// As the load is now.
    pub(crate) fn new(app: &App) -> Self {
        Self(span(
            &app.config.retry,
            app.connections.all(),
            app.config.limits.reconnects_per_second,
        ))
    }

    /// A block with a `retry:` of its own.
    pub(crate) fn draw(&self) -> BytesMut {
        let retry = rand::random_range(self.0.clone());
        BytesMut::from(format!("retry: {}\n\n", retry.as_millis()).as_bytes())
    }

    /// A new draw, if the load has changed by much since the last one.
    pub(crate) fn anew(&mut self, app: &App) -> Option<BytesMut> {
        let now = Self::new(app);
        let (before, after) = (*self.0.end(), *now.0.end());
        if after <= before * 2 && before <= after * 2 {
            return None;
        }
        *self = now;
        Some(self.draw())
    }
}

fn span(
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
            span(&(SECOND..=SECOND * 3), 100, 1_000),
            SECOND..=SECOND * 3
        );
    }

    #[test]
    fn many_streams_come_back_no_quicker_than_they_can_be_taken() {
        let span = span(&(SECOND..=SECOND * 3), 1_000_000, 5_000);
        assert_eq!(span, SECOND..=SECOND * 201);
    }

    #[test]
    fn a_span_that_ends_before_it_starts_is_its_start() {
        let span = span(&(SECOND * 3..=SECOND), 0, 0);
        assert_eq!(span, SECOND * 3..=SECOND * 3);
    }
}
