//! Rates: how often one key may do something.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Keys are tidied up when there are this many, and each time their number has doubled.
const TIDY: usize = 1024;

/// So many at once, and so many a second from then on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// How many a second.
    pub per_second: f64,
    /// How many at once, after a pause.
    pub burst: u32,
}

/// A rate for each key, by the generic cell rate algorithm (ITU-T I.371): one instant a key.
#[derive(Debug)]
pub(crate) struct RateLimit<K> {
    /// The time that one use takes.
    interval: Duration,
    /// How far ahead of the time a key may be.
    tolerance: Duration,
    keys: Mutex<RateKeys<K>>,
}

#[derive(Debug)]
struct RateKeys<K> {
    /// When each key has used up nothing of its burst any more.
    idle_at: HashMap<K, Instant>,
    tidy_at: usize,
}

impl<K: Hash + Eq> RateLimit<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        // A rate of nothing is one use in a day, so that no sum below overflows.
        let interval = Duration::from_secs_f64(1.0 / rate.per_second.clamp(1.0 / 86_400.0, 1e9));
        Self {
            interval,
            tolerance: interval.saturating_mul(rate.burst.max(1)),
            keys: Mutex::new(RateKeys {
                idle_at: HashMap::new(),
                tidy_at: TIDY,
            }),
        }
    }

    /// Uses the rate once.
    ///
    /// # Errors
    /// If it is used up: how long until it may be used again.
    pub(crate) fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        self.take_many(key, 1, now)
    }

    /// Uses the rate so often at once. Whoever may use it once may; the more it was, the longer they
    /// wait afterwards.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub(crate) fn take_many(&self, key: K, uses: usize, now: Instant) -> Result<(), Duration> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let idle_at = keys.idle_at.get(&key).map_or(now, |idle| (*idle).max(now));
        self.within(idle_at + self.interval, now)?;
        let uses = u32::try_from(uses).unwrap_or(u32::MAX);
        let used = self.interval.saturating_mul(uses);
        keys.idle_at
            .insert(key, idle_at.checked_add(used).unwrap_or(idle_at));
        if keys.idle_at.len() >= keys.tidy_at {
            keys.idle_at.retain(|_, idle| *idle > now);
            keys.tidy_at = TIDY.max(2 * keys.idle_at.len());
        }
        Ok(())
    }

    /// Looks whether the rate could be used once, and does not use it.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub(crate) fn look(&self, key: &K, now: Instant) -> Result<(), Duration> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match keys.idle_at.get(key) {
            Some(idle) => self.within(*idle + self.interval, now),
            None => Ok(()),
        }
    }

    fn within(&self, idle_at: Instant, now: Instant) -> Result<(), Duration> {
        match idle_at.saturating_duration_since(now + self.tolerance) {
            Duration::ZERO => Ok(()),
            over => Err(over),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_is_taken_at_once_and_then_the_rate_holds() {
        let rate = RateLimit::new(Rate {
            per_second: 2.0,
            burst: 3,
        });
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(rate.take("ann", now), Ok(()));
        }
        assert_eq!(rate.take("ann", now), Err(SECOND / 2));
        assert_eq!(rate.look(&"ann", now), Err(SECOND / 2));
        assert_eq!(rate.take("ann", now + SECOND / 2), Ok(()));
        assert!(rate.take("ann", now + SECOND / 2).is_err());
    }

    #[test]
    fn many_at_once_are_taken_and_paid_for_afterwards() {
        let rate = RateLimit::new(Rate {
            per_second: 1.0,
            burst: 2,
        });
        let now = Instant::now();
        assert_eq!(rate.take_many("ann", 10, now), Ok(()));
        assert_eq!(rate.take("ann", now), Err(9 * SECOND));
        assert_eq!(rate.take("ann", now + 9 * SECOND), Ok(()));
    }

    #[test]
    fn one_key_does_not_hinder_another() {
        let rate = RateLimit::new(Rate {
            per_second: 1.0,
            burst: 1,
        });
        let now = Instant::now();
        assert_eq!(rate.take("ann", now), Ok(()));
        assert_eq!(rate.take("bob", now), Ok(()));
    }

    #[test]
    fn keys_that_are_idle_are_forgotten() {
        let rate = RateLimit::new(Rate {
            per_second: 1.0,
            burst: 1,
        });
        let now = Instant::now();
        for key in 0..100 * TIDY {
            let later = now + 2 * SECOND * u32::try_from(key).unwrap();
            assert_eq!(rate.take(key, later), Ok(()));
        }
        assert!(rate.keys.lock().unwrap().idle_at.len() <= TIDY);
    }

    #[test]
    fn rates_that_make_no_sense_break_nothing() {
        for per_second in [0.0, -1.0, f64::MAX] {
            let rate = RateLimit::new(Rate {
                per_second,
                burst: u32::MAX,
            });
            assert_eq!(rate.take((), Instant::now()), Ok(()));
        }
    }
}
