//! Delays between attempts: pure functions of their randomness, without a clock.
//!
//! Whether a fleet of clients overloads a server that restarts depends on the *spread of the first
//! delay* after the disconnect; the growth of later ones hardly matters. So a server may set the
//! delay (`retry:`), and where it does not, the first delay is spread widely.

use std::ops::RangeInclusive;
use std::time::Duration;

use rand::Rng;

/// A server's `retry:` is kept within these bounds.
pub const RETRY_BOUNDS: RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_secs(3600);

/// The longest `Retry-After` that is followed: a day.
pub const RETRY_AFTER_MOST: Duration = Duration::from_secs(24 * 3600);

/// The delay lies around this where a server ends its streams regularly (the time limit of a proxy
/// or a script) and accepted the next one each time.
pub const BY_HABIT: Duration = Duration::from_millis(1500);

/// The delays between attempts.
#[derive(Clone, Debug)]
pub struct Backoff {
    base: Duration,
    ceiling: Duration,
    asked: Option<Duration>,
    failures: u32,
    refusals: u32,
    /// Delays since a stream was last open.
    delays: u32,
    /// Streams that ended since an attempt last failed.
    streams: u32,
}

impl Backoff {
    /// Creates delays that start around `base` until the server sets a time, and grow to `ceiling`.
    pub fn new(base: Duration, ceiling: Duration) -> Self {
        Self {
            base,
            ceiling,
            asked: None,
            failures: 0,
            refusals: 0,
            delays: 0,
            streams: 0,
        }
    }

    /// Sets the reconnection time that the server asked for (`retry:`), within [`RETRY_BOUNDS`].
    pub fn server_asked(&mut self, retry: Duration) {
        self.asked = Some(retry.clamp(*RETRY_BOUNDS.start(), *RETRY_BOUNDS.end()));
    }

    /// Returns the reconnection time that the server asked for, within bounds.
    pub fn asked(&self) -> Option<Duration> {
        self.asked
    }

    /// Returns how many attempts failed since a stream was last open.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Resets the counts: a stream was open.
    pub fn opened(&mut self) {
        self.failures = 0;
        self.refusals = 0;
        self.delays = 0;
    }

    /// Counts a failed attempt without a delay.
    pub fn count_failure(&mut self) {
        self.streams = 0;
        self.failures = self.failures.saturating_add(1);
        self.delays = self.delays.saturating_add(1);
    }

    /// Counts a failed attempt that did not reach the network, which makes later delays no longer.
    pub fn count_unready(&mut self) {
        self.failures = self.failures.saturating_add(1);
    }

    /// Returns the delay after a stream that was open ended. It counts as the first delay of a
    /// series, so that the next one is longer if the attempt fails. `lasted`: the stream was open
    /// for some time; where the one before ended, too, and the server set no time, the delay is
    /// shorter ([`BY_HABIT`]).
    pub fn after_stream(&mut self, lasted: bool, random: &mut (impl Rng + ?Sized)) -> Duration {
        self.opened();
        self.delays = 1;
        self.streams = self.streams.saturating_add(1);
        match lasted && self.streams > 1 {
            true => self.first(self.base.min(BY_HABIT), random),
            false => self.first(self.base, random),
        }
    }

    /// Returns the delay after one more failure. The first: 0.8–1.2 of the time that the server
    /// set, or 0.2–1.8 of the base where it set none. Later ones: full jitter.
    pub fn next(&mut self, random: &mut (impl Rng + ?Sized)) -> Duration {
        self.next_up_to(self.ceiling, random)
    }

    /// Returns the delay after one more failure, with another ceiling.
    pub fn next_up_to(&mut self, ceiling: Duration, random: &mut (impl Rng + ?Sized)) -> Duration {
        self.count_failure();
        if self.delays == 1 {
            return self.first(self.base, random);
        }
        let start = self.asked.unwrap_or(self.base);
        let window = start.saturating_mul(2u32.saturating_pow(self.delays));
        between(Duration::ZERO, window.min(ceiling.max(start)), random)
    }

    fn first(&self, base: Duration, random: &mut (impl Rng + ?Sized)) -> Duration {
        match self.asked {
            Some(asked) => between(asked.mul_f64(0.8), asked.mul_f64(1.2), random),
            None => between(base.mul_f64(0.2), base.mul_f64(1.8), random),
        }
    }

    /// Returns the delay after one more response that trying again is unlikely to change (403, 404,
    /// …): from the lower bound, doubled each time up to the upper, ± 20 %.
    pub fn next_slow(
        &mut self,
        bounds: &RangeInclusive<Duration>,
        random: &mut (impl Rng + ?Sized),
    ) -> Duration {
        self.count_failure();
        let delay = bounds
            .start()
            .saturating_mul(2u32.saturating_pow(self.refusals));
        self.refusals = self.refusals.saturating_add(1);
        let delay = delay.min(*bounds.end());
        between(delay.mul_f64(0.8), delay.mul_f64(1.2), random)
    }
}

/// Returns a duration that is uniformly distributed between two.
pub fn between(least: Duration, most: Duration, random: &mut (impl Rng + ?Sized)) -> Duration {
    random.random_range(least..=most.max(least))
}

/// Returns the cool-down after `Full`: the mean ± 50 %.
pub fn cool_down(mean: Duration, random: &mut (impl Rng + ?Sized)) -> Duration {
    between(mean.mul_f64(0.5), mean.mul_f64(1.5), random)
}

/// Returns a delay that respects the server's `Retry-After`: not before it, and spread by up to a
/// fifth beyond it, so that clients with the same `Retry-After` do not reconnect at once.
pub fn floored(
    delay: Duration,
    floor: Option<Duration>,
    random: &mut (impl Rng + ?Sized),
) -> Duration {
    match floor {
        None => delay,
        Some(floor) => {
            let floor = floor.min(RETRY_AFTER_MOST);
            delay.max(floor + between(Duration::ZERO, floor.mul_f64(0.2), random))
        }
    }
}
