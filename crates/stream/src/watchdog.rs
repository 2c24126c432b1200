//! How long a silence may last: learned from the server's heartbeats. Pure, given its instants.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::Silence;

/// Heartbeats closer than this are one: servers write a comment and its blank line apart.
const TOGETHER: Duration = Duration::from_secs(1);

/// How many gaps between heartbeats are remembered, and how many make a habit. Two, because the
/// first may be short: many servers greet with a comment and start their timer at random.
const REMEMBERED: usize = 8;
const HABIT: usize = 2;

/// Learns how often a server makes itself heard, and says when it is silent for too long.
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
    /// A watchdog that has learned nothing yet.
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

    /// A new connection to the same server: what was learned stays.
    pub fn opened(&mut self, now: Instant) {
        self.last_heartbeat = None;
        self.last_heard = now;
    }

    /// Something was heard.
    pub fn heard(&mut self, now: Instant) {
        self.last_heard = now;
    }

    /// A heartbeat was heard: a comment, or an event that says nothing but "I am here".
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

    /// The usual gap between heartbeats, once there is a habit: the upper median.
    pub fn usual_gap(&self) -> Option<Duration> {
        self.usual_gap
    }

    /// When the silence has lasted too long.
    pub fn deadline(&self) -> Instant {
        let patience = match self.usual_gap {
            Some(usual) => usual
                .saturating_mul(self.silence.gaps)
                .max(self.silence.least),
            None => self.silence.without_heartbeat,
        };
        self.last_heard + patience
    }

    /// Forgets what was learned: the silence lasted too long, and the server may have changed
    /// its habit. It must never be cut off by an old one again and again.
    pub fn forget(&mut self) {
        self.gaps.clear();
        self.next_gap = 0;
        self.usual_gap = None;
        self.last_heartbeat = None;
    }
}
