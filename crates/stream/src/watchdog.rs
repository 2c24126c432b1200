//! How long a silence may last, learned from the server's heartbeats. Pure: instants are arguments.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::Silence;

/// Heartbeats closer than this count as one: servers write a comment and its blank line apart.
const TOGETHER: Duration = Duration::from_secs(1);

/// How many intervals between heartbeats are remembered, and how many make a usual one. Two,
/// because the first may be short: many servers start with a comment and a timer at random.
const REMEMBERED: usize = 8;
const HABIT: usize = 2;

/// Learns the interval between a server's heartbeats, and from it when a silence is too long.
#[derive(Clone, Debug)]
pub struct Watchdog {
    silence: Silence,
    gaps: Vec<Duration>,
    next_gap: usize,
    usual_gap: Option<Duration>,
    last_heartbeat: Option<Instant>,
    last_heard: Instant,
}

impl Watchdog {
    /// Creates a watchdog without a known interval.
    pub fn new(silence: Silence, now: Instant) -> Self {
        Self {
            silence,
            gaps: Vec::new(),
            next_gap: 0,
            usual_gap: None,
            last_heartbeat: None,
            last_heard: now,
        }
    }

    /// Starts a new connection to the same server; keeps the interval.
    pub fn opened(&mut self, now: Instant) {
        self.last_heartbeat = None;
        self.last_heard = now;
    }

    /// Records that the server sent anything.
    pub fn heard(&mut self, now: Instant) {
        self.last_heard = now;
    }

    /// Records a heartbeat: a comment, or a keepalive event.
    pub fn heartbeat(&mut self, now: Instant) {
        self.last_heard = now;
        let Some(last) = self.last_heartbeat.replace(now) else {
            return;
        };
        let gap = now.saturating_duration_since(last);
        if gap < TOGETHER {
            self.last_heartbeat = Some(last);
        } else {
            self.learn(gap);
        }
    }

    fn learn(&mut self, gap: Duration) {
        if self.gaps.len() < REMEMBERED {
            self.gaps.push(gap);
        } else {
            self.gaps[self.next_gap % REMEMBERED] = gap;
            self.next_gap += 1;
        }
        let mut gaps = self.gaps.clone();
        gaps.sort_unstable();
        self.usual_gap = gaps
            .get(gaps.len() / 2)
            .copied()
            .filter(|_| gaps.len() >= HABIT);
    }

    /// Returns the usual interval between heartbeats, once it is known: the upper median.
    pub fn usual_gap(&self) -> Option<Duration> {
        self.usual_gap
    }

    /// Returns when the silence has lasted too long.
    pub fn deadline(&self) -> Instant {
        let patience = match self.usual_gap {
            Some(usual) => usual
                .saturating_mul(self.silence.gaps)
                .max(self.silence.least),
            None => self.silence.without_heartbeat,
        };
        self.last_heard + patience
    }

    /// Forgets the interval: the silence lasted too long, perhaps because the server changed it. An
    /// outdated interval must not end connections again and again.
    pub fn forget(&mut self) {
        self.gaps.clear();
        self.next_gap = 0;
        self.usual_gap = None;
        self.last_heartbeat = None;
    }
}
