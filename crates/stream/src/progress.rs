//! The progress of an attempt to open a stream.

use std::time::Duration;

use belldot_wire::Step;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// A step is reported once it has lasted this long: most take no noticeable time.
const REPORT_AFTER: Duration = Duration::from_secs(2);

/// Reports what a request waits for. Given to a [`Transport`](crate::Transport) with each
/// request; cheap to clone.
#[derive(Clone, Debug)]
pub struct Progress(watch::Sender<CurrentStep>);

/// The step that an attempt has reached.
#[derive(Clone, Copy, Debug)]
struct CurrentStep {
    /// What it waits for; `None` once there is a response or an error.
    step: Option<Step>,
    since: Instant,
    /// How long the response head was waited for, once there is one.
    answered_after: Duration,
}

impl CurrentStep {
    fn now(step: Option<Step>) -> Self {
        Self {
            step,
            since: Instant::now(),
            answered_after: Duration::ZERO,
        }
    }

    fn unanswered(&self) -> Duration {
        match self.step {
            Some(Step::Head) => self.since.elapsed(),
            Some(Step::Name | Step::Connection | Step::Proxy) => Duration::ZERO,
            None => self.answered_after,
        }
    }
}

impl Progress {
    /// Reports that the request waits for this now.
    pub fn reached(&self, step: Step) {
        self.0.send_if_modified(|reached| {
            let changed = reached.step != Some(step);
            if changed {
                *reached = CurrentStep::now(Some(step));
            }
            changed
        });
    }

    /// Starts a new request.
    pub(crate) fn begin(&self) {
        self.0
            .send_replace(CurrentStep::now(Some(Step::Connection)));
    }

    /// Ends the request: there is a response or an error.
    pub(crate) fn ended(&self) {
        self.0.send_modify(|reached| {
            *reached = CurrentStep {
                answered_after: reached.unanswered(),
                ..CurrentStep::now(None)
            };
        });
    }

    /// How long the server has had the request, or had it before it answered.
    pub(crate) fn unanswered(&self) -> Duration {
        self.0.borrow().unanswered()
    }

    /// Waits until a request is overdue, and returns the step that it is stuck at: connecting may
    /// take `connecting` in all, and the response head `silent` from then on.
    pub(crate) async fn overdue(&self, connecting: Duration, silent: Duration) -> Step {
        let begun = Instant::now();
        let mut changes = self.0.subscribe();
        loop {
            let reached = *changes.borrow_and_update();
            let step = reached.step.unwrap_or(Steps::FIRST);
            let deadline = match step {
                Step::Head => reached.since + silent,
                Step::Name | Step::Connection | Step::Proxy => begun + connecting,
            };
            tokio::select! {
                biased;
                // Never an error, as the sender is `self`.
                _ = changes.changed() => {}
                () = sleep_until(deadline) => return step,
            }
        }
    }
}

/// Receives the steps of an attempt.
#[derive(Debug)]
pub(crate) struct Steps {
    changes: watch::Receiver<CurrentStep>,
    reported: Step,
}

impl Steps {
    /// Creates the sender and the receiver for a new attempt. The first step counts as reported.
    pub(crate) fn new() -> (Progress, Self) {
        let (sender, changes) = watch::channel(CurrentStep::now(Some(Self::FIRST)));
        let reported = Self::FIRST;
        (Progress(sender), Self { changes, reported })
    }

    /// The step that an attempt starts with.
    pub(crate) const FIRST: Step = Step::Connection;

    /// Waits for the next step that lasts. Cancel safe.
    pub(crate) async fn next(&mut self) -> Step {
        loop {
            let reached = *self.changes.borrow_and_update();
            let news = reached.step.filter(|step| *step != self.reported);
            let lasts = async {
                match news {
                    None => std::future::pending().await,
                    Some(step) => {
                        sleep_until(reached.since + REPORT_AFTER).await;
                        step
                    }
                }
            };
            tokio::select! {
                biased;
                changed = self.changes.changed() => if changed.is_err() {
                    std::future::pending::<()>().await;
                },
                step = lasts => {
                    self.reported = step;
                    return step;
                }
            }
        }
    }

    /// How long the server has had the request, or had it before it answered.
    pub(crate) fn unanswered(&self) -> Duration {
        self.changes.borrow().unanswered()
    }
}
