//! The controller's thread.

use std::time::{Duration, Instant};

use flume::{Receiver, RecvTimeoutError};
use jiff::Timestamp;

use crate::{
    controller::Controller,
    desktop::Desktop,
    input::{Command, Input, StreamUpdate},
    streams::Streams,
};

/// How many inputs, and about how many bytes of events, become one transaction.
const MOST_INPUTS: usize = 1_000;
const MOST_BYTES: usize = 4 << 20;

/// So many inputs at once are a backlog: more of them are on their way, and a transaction for many
/// costs little more than one for a few. So long they are gathered.
const BACKLOG: usize = 32;
const GATHER: Duration = Duration::from_millis(20);

/// The longest sleep: so late may a change of the wall clock be noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(20);

/// How long nothing has to happen before idle work begins.
const QUIET: Duration = Duration::from_millis(200);

/// Starts the controller and feeds it until it is over, or nobody can send inputs any longer.
pub fn run<D: Desktop, S: Streams>(mut controller: Controller<D, S>, inputs: &Receiver<Input>) {
    controller.start(Timestamp::now());
    let mut lull = Lull::begin(Instant::now());
    while !controller.is_over() {
        let sleep = until(controller.next_deadline());
        if !controller.wants_inputs() {
            std::thread::sleep(sleep);
            controller.handle(Vec::new(), Timestamp::now());
            continue;
        }
        match inputs.recv_timeout(lull.wait(sleep, Instant::now())) {
            Ok(first) => {
                controller.handle(several(first, inputs), Timestamp::now());
                lull = Lull::begin(Instant::now());
            }
            Err(RecvTimeoutError::Timeout) => {
                if lull.is_long_enough(Instant::now()) && !work_while_quiet(&mut controller, inputs)
                {
                    lull.work_is_done();
                }
                controller.handle(Vec::new(), Timestamp::now());
            }
            Err(RecvTimeoutError::Disconnected) => {
                controller.handle(vec![Input::Command(Command::Quit)], Timestamp::now());
            }
        }
    }
}

/// The time since the last input, in which idle work may begin.
#[derive(Debug)]
struct Lull {
    /// `None` once the work is done.
    since: Option<Instant>,
}

impl Lull {
    fn begin(now: Instant) -> Self {
        Self { since: Some(now) }
    }

    /// How long to wait for an input: until the work may begin, or as long as all else allows.
    fn wait(&self, longest: Duration, now: Instant) -> Duration {
        self.since.map_or(longest, |since| {
            longest.min((since + QUIET).saturating_duration_since(now))
        })
    }

    /// Whether the work may begin. A deadline ends a wait earlier, within a backlog above all.
    fn is_long_enough(&self, now: Instant) -> bool {
        self.since.is_some_and(|since| since + QUIET <= now)
    }

    fn work_is_done(&mut self) {
        self.since = None;
    }
}

fn until(deadline: Option<Timestamp>) -> Duration {
    let wait = deadline.map(|deadline| deadline.duration_since(Timestamp::now()));
    // Rounded up: a sleep that ends just before its deadline would only come back for more.
    wait.map_or(LONGEST_SLEEP, |wait| {
        Duration::try_from(wait).unwrap_or_default() + Duration::from_micros(100)
    })
    .min(LONGEST_SLEEP)
}

/// This input and those that wait behind it; in a backlog also those that come right after them.
fn several(first: Input, inputs: &Receiver<Input>) -> Vec<Input> {
    let mut bytes = weight(&first);
    let mut taken = vec![first];
    let end = Instant::now() + GATHER;
    while taken.len() < MOST_INPUTS && bytes < MOST_BYTES {
        let next = match inputs.try_recv() {
            Err(_) if taken.len() >= BACKLOG => inputs.recv_deadline(end).ok(),
            next => next.ok(),
        };
        let Some(input) = next else { break };
        bytes += weight(&input);
        taken.push(input);
    }
    taken
}

fn weight(input: &Input) -> usize {
    match input {
        Input::Stream {
            update: StreamUpdate::Event(event),
            ..
        } => event.data.len(),
        _ => 0,
    }
}

/// Idle work, a little at a time; whether there is more.
fn work_while_quiet<D: Desktop, S: Streams>(
    controller: &mut Controller<D, S>,
    inputs: &Receiver<Input>,
) -> bool {
    while inputs.is_empty() {
        if !controller.idle() {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(1);

    #[test]
    fn idle_work_begins_when_nothing_came_for_long_enough() {
        let begun = Instant::now();
        let lull = Lull::begin(begun);
        assert_eq!(lull.wait(LONGEST_SLEEP, begun), QUIET);
        assert!(lull.is_long_enough(begun + QUIET));
    }

    #[test]
    fn a_deadline_within_a_backlog_is_no_occasion_for_idle_work() {
        let begun = Instant::now();
        let lull = Lull::begin(begun);
        assert_eq!(lull.wait(SHORT, begun), SHORT);
        assert!(!lull.is_long_enough(begun + SHORT));
    }

    #[test]
    fn nobody_wakes_for_idle_work_that_is_done() {
        let begun = Instant::now();
        let mut lull = Lull::begin(begun);
        lull.work_is_done();
        assert_eq!(lull.wait(LONGEST_SLEEP, begun), LONGEST_SLEEP);
        assert!(!lull.is_long_enough(begun + LONGEST_SLEEP));
    }
}
