//! The controller's thread.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::{
    controller::{
        lanes::{BACKLOG, Batch, Lanes, Next},
        state::Controller,
    },
    desktop::Desktop,
    input::{Command, Input},
    streams::Streams,
};

/// The longest sleep, and so the longest delay until a change of the wall clock is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(20);

/// How long no input has to come before idle work begins.
const QUIET: Duration = Duration::from_millis(200);

/// The most inputs of streams in one transaction, and about how long one may take: a click during
/// it waits that long.
const MOST_INPUTS: usize = 1_000;
const LONGEST_BATCH: Duration = Duration::from_millis(10);

/// Starts the controller and feeds it until it has ended, or every sender was dropped.
pub fn run<D: Desktop, S: Streams>(mut controller: Controller<D, S>, lanes: &Lanes) {
    controller.start(Timestamp::now());
    let mut last_input = Instant::now();
    let mut pace = Pace::default();
    while !controller.is_over() {
        let sleep = until(controller.next_deadline());
        let wait = if controller.has_idle_work() {
            sleep.min(left_of_quiet(last_input, Instant::now()))
        } else {
            sleep
        };
        let of_streams = if controller.wants_inputs() {
            pace.most
        } else {
            0
        };
        match lanes.next(of_streams, wait) {
            Next::Take(batch) => {
                let (begin, inputs) = (Instant::now(), batch.streams.len());
                take(&mut controller, batch, lanes);
                last_input = Instant::now();
                pace.note(inputs, last_input - begin);
            }
            Next::Nothing => {
                // A deadline ends a wait earlier, within a backlog above all.
                if left_of_quiet(last_input, Instant::now()).is_zero() {
                    work_while_quiet(&mut controller, lanes);
                }
                controller.handle(Vec::new(), Timestamp::now());
            }
            Next::Over => {
                let quit = Batch {
                    urgent: vec![Input::Command(Command::Quit)],
                    ..Batch::default()
                };
                take(&mut controller, quit, lanes);
            }
        }
    }
}

/// Handles urgent inputs, then those of streams. Where one asks to quit, everything that waits is
/// handled before: a server without ids would not send it again.
fn take<D: Desktop, S: Streams>(controller: &mut Controller<D, S>, batch: Batch, lanes: &Lanes) {
    let Batch {
        mut urgent,
        mut streams,
    } = batch;
    if urgent.iter().any(Input::is_quit) && controller.wants_inputs() {
        streams.extend(lanes.rest());
        // Before the request to quit: after it nothing is handled.
        streams.append(&mut urgent);
        controller.handle(streams, Timestamp::now());
        return;
    }
    for inputs in [urgent, streams] {
        if !inputs.is_empty() && !controller.is_over() {
            controller.handle(inputs, Timestamp::now());
        }
    }
}

/// How many inputs of streams this computer takes in [`LONGEST_BATCH`].
#[derive(Debug)]
struct Pace {
    most: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { most: BACKLOG }
    }
}

impl Pace {
    /// Adapts the size of a batch to how long the last one took. A small batch tells nothing: each
    /// has a fixed cost.
    fn note(&mut self, inputs: usize, took: Duration) {
        if inputs < BACKLOG {
            return;
        }
        let fits = inputs as f64 * LONGEST_BATCH.as_secs_f64() / took.as_secs_f64().max(1e-6);
        // Half way, since now and then the journal is written back within a batch.
        self.most = usize::midpoint(self.most, fits as usize).clamp(BACKLOG, MOST_INPUTS);
    }
}

/// Returns how much longer nothing has to happen before idle work begins.
fn left_of_quiet(last_input: Instant, now: Instant) -> Duration {
    (last_input + QUIET).saturating_duration_since(now)
}

fn until(deadline: Option<Timestamp>) -> Duration {
    let wait = deadline.map(|deadline| deadline.duration_since(Timestamp::now()));
    // Rounded up, so that it does not wake up just before the deadline.
    wait.map_or(LONGEST_SLEEP, |wait| {
        Duration::try_from(wait).unwrap_or_default() + Duration::from_micros(100)
    })
    .min(LONGEST_SLEEP)
}

/// Does idle work until an input comes or a deadline is reached.
fn work_while_quiet<D: Desktop, S: Streams>(controller: &mut Controller<D, S>, lanes: &Lanes) {
    let deadline = controller.next_deadline();
    while lanes.are_empty()
        && deadline.is_none_or(|deadline| Timestamp::now() < deadline)
        && controller.idle()
    {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After many batches of a computer that takes one input in this time.
    fn pace(one: Duration) -> usize {
        let mut pace = Pace::default();
        for _ in 0..50 {
            pace.note(pace.most, one * pace.most as u32);
        }
        pace.most
    }

    #[test]
    fn as_many_inputs_become_one_transaction_as_nobody_who_clicks_has_to_wait_for() {
        let most = pace(Duration::from_micros(50));
        assert!((190..=200).contains(&most), "{most} in 10 ms");
        assert_eq!(pace(Duration::from_micros(1)), MOST_INPUTS);
        assert_eq!(pace(Duration::from_millis(5)), BACKLOG);
    }

    #[test]
    fn idle_work_begins_when_nothing_came_for_long_enough() {
        let last = Instant::now();
        assert_eq!(left_of_quiet(last, last), QUIET);
        assert_eq!(left_of_quiet(last, last + QUIET), Duration::ZERO);
        assert_eq!(left_of_quiet(last, last + 2 * QUIET), Duration::ZERO);
    }
}
