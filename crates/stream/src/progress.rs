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
pub struct Progress(watch::Sender<Reached>);

/// A step, and since when.
type Reached = (Step, Instant);

impl Progress {
    /// The request waits for this now.
    pub fn reached(&self, step: Step) {
        self.0.send_if_modified(|reached| {
            let changed = reached.0 != step;
            if changed {
                *reached = (step, Instant::now());
            }
            changed
        });
    }

    /// A new request begins.
    pub(crate) fn begin(&self) {
        self.0.send_replace((Step::Connection, Instant::now()));
    }

    /// Returns when a request waits for longer than it may: until it is on its way for
    /// `connecting`, and from then on for `silent`. Says for what it waited.
    pub(crate) async fn overdue(&self, connecting: Duration, silent: Duration) -> Step {
        let begun = Instant::now();
        let mut changes = self.0.subscribe();
        loop {
            let (step, since) = *changes.borrow_and_update();
            let deadline = match step {
                Step::Head => since + silent,
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
    changes: watch::Receiver<Reached>,
    told: Step,
}

impl Steps {
    /// The steps of a new attempt, and where they are reported. The first counts as told.
    pub(crate) fn new() -> (Progress, Self) {
        let (sender, changes) = watch::channel((Self::FIRST, Instant::now()));
        let told = Self::FIRST;
        (Progress(sender), Self { changes, told })
    }

    /// What an attempt waits for at first, as far as it is known.
    pub(crate) const FIRST: Step = Step::Connection;

    /// The next step that lasts. May be dropped and called again.
    pub(crate) async fn next(&mut self) -> Step {
        loop {
            let (step, since) = *self.changes.borrow_and_update();
            let lasts = async {
                if step == self.told {
                    std::future::pending::<()>().await;
                }
                sleep_until(since + TELLING).await;
            };
            tokio::select! {
                biased;
                changed = self.changes.changed() => if changed.is_err() {
                    std::future::pending::<()>().await;
                },
                () = lasts => {
                    self.told = step;
                    return step;
                }
            }
        }
    }

    /// For how long the request has been on its way without an answer.
    pub(crate) fn unanswered(&self) -> Duration {
        match *self.changes.borrow() {
            (Step::Head, since) => since.elapsed(),
            _ => Duration::ZERO,
        }
    }
}
