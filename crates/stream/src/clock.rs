//! The wall clock, and how its jumps reveal a sleep of the machine.
//!
//! Timers stop while a machine sleeps, wall clocks do not: a wall clock that advanced further than
//! the timers means that the machine slept, or that the clock was set, which costs one reconnect.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::time::Instant;

/// A source of wall-clock time.
pub trait Clock: Send + Sync + Debug {
    /// Returns the wall-clock time.
    fn now(&self) -> SystemTime;
}

/// The machine's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// A wall-clock time as a [`StreamState`](crate::StreamState) has it.
pub(crate) fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::MAX)
}

/// The lead of the wall clock over the timers from which on it counts as a jump.
const JUMP: Duration = Duration::from_secs(5);

/// Compares the wall clock with the timers.
#[derive(Clone, Debug)]
pub struct Jump {
    wall: SystemTime,
    instant: Instant,
}

impl Jump {
    /// Starts to compare at this moment.
    pub fn new(wall: SystemTime, instant: Instant) -> Self {
        Self { wall, instant }
    }

    /// Returns when both were last compared.
    pub fn last_check(&self) -> Instant {
        self.instant
    }

    /// Returns whether the wall clock jumped since the last comparison.
    pub fn check(&mut self, wall: SystemTime, instant: Instant) -> bool {
        let timers = instant.saturating_duration_since(self.instant);
        let jumped = match wall.duration_since(self.wall) {
            Ok(passed) => passed > timers + JUMP,
            Err(_set_back) => false,
        };
        *self = Self { wall, instant };
        jumped
    }
}
