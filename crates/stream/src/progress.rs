//! How far an attempt to open a stream has come.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// A step is worth telling once it has lasted this long: most pass in no time.
const TELLING: Duration = Duration::from_secs(2);

/// What an attempt is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The server's name, or the proxy's, is looked up.
    Name,
    /// A connection to the server is made, with TLS where it is https.
    Connection,
    /// A connection is made through a proxy.
    Proxy,
    /// The connection is there and the request on its way; nothing was heard yet. Many servers
    /// send the head of their response with the first event, which may be hours away.
    Head,
}

/// Tells how far a request has come. Given to a [`Transport`](crate::Transport) with each
/// request; cheap to clone.
#[derive(Clone, Debug)]
pub struct Progress(watch::Sender<CurrentStep>);

/// Where an attempt is.
#[derive(Clone, Copy, Debug)]
struct CurrentStep {
    /// What it waits for, if it still does.
    step: Option<Step>,
    since: Instant,
    /// For how long the answer was waited for, once it is there.
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
    /// The request waits for this now.
    pub fn reached(&self, step: Step) {
        self.0.send_if_modified(|reached| {
            let changed = reached.step != Some(step);
            if changed {
                *reached = CurrentStep::now(Some(step));
            }
            changed
        });
    }

    /// A new request begins.
    pub(crate) fn begin(&self) {
        self.0
            .send_replace(CurrentStep::now(Some(Step::Connection)));
    }

    /// The answer is there, or will not come.
    pub(crate) fn ended(&self) {
        self.0.send_modify(|reached| {
            *reached = CurrentStep {
                answered_after: reached.unanswered(),
                ..CurrentStep::now(None)
            };
        });
    }

    /// For how long the server has had the request, or had it before it answered.
    pub(crate) fn unanswered(&self) -> Duration {
        self.0.borrow().unanswered()
    }

    /// Returns when a request waits for longer than it may: until it is on its way for
    /// `connecting`, and from then on for `silent`. Says for what it waited.
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
                // The sender is here, so this is never an error.
                _ = changes.changed() => {}
                () = sleep_until(deadline) => return step,
            }
        }
    }
}

/// Hears the steps of an attempt.
#[derive(Debug)]
pub(crate) struct Steps {
    changes: watch::Receiver<CurrentStep>,
    reported: Step,
}

impl Steps {
    /// The steps of a new attempt, and where they are reported. The first counts as told.
    pub(crate) fn new() -> (Progress, Self) {
        let (sender, changes) = watch::channel(CurrentStep::now(Some(Self::FIRST)));
        let reported = Self::FIRST;
        (Progress(sender), Self { changes, reported })
    }

    /// What an attempt waits for at first, as far as it is known.
    pub(crate) const FIRST: Step = Step::Connection;

    /// The next step that lasts. May be dropped and called again.
    pub(crate) async fn next(&mut self) -> Step {
        loop {
            let reached = *self.changes.borrow_and_update();
            let news = reached.step.filter(|step| *step != self.reported);
            let lasts = async {
                match news {
                    None => std::future::pending().await,
                    Some(step) => {
                        sleep_until(reached.since + TELLING).await;
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

    /// For how long the request was on its way without an answer.
    pub(crate) fn unanswered(&self) -> Duration {
        self.changes.borrow().unanswered()
    }
}
