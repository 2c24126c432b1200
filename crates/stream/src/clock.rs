//! The wall clock, and what its jumps tell.
//!
//! Timers stand still while a machine sleeps, wall clocks do not: a wall clock that has gone
//! further than the timers means that the machine slept (or that somebody set the clock, which
//! costs no more than one reconnect).

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// Says what time it is.
pub trait Clock: Send + Sync + Debug {
    /// The wall-clock time.
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

/// The wall clock must have gained this much on the timers to count as a jump.
const JUMP: Duration = Duration::from_secs(5);

/// Compares wall clock and timers from time to time.
#[derive(Clone, Debug)]
pub struct Jump {
    wall: SystemTime,
    instant: Instant,
}

impl Jump {
    /// Starts comparing at this moment.
    pub fn new(wall: SystemTime, instant: Instant) -> Self {
        Self { wall, instant }
    }

    /// When both were last read.
    pub fn last_check(&self) -> Instant {
        self.instant
    }

    /// Whether the wall clock gained on the timers since the last time.
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
