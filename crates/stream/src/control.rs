//! The channel between the application and the subscription's task.

use std::sync::Arc;

use belldot_wire::Cause;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Duration, Instant, sleep_until};

use crate::clock::Jump;
use crate::{Clock, Statistics, Update};

/// A request of the application, or of the clock, to the task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// End the subscription.
    Close,
    /// Close the socket until [`Signal::Resume`].
    Pause,
    /// End a pause.
    Resume,
    /// Try again now.
    Retry,
    /// The machine woke or the network changed.
    Hint(Cause),
}

/// The state that [`Handle`](crate::Handle)s and the task share.
#[derive(Debug, Default)]
pub(crate) struct Control {
    requested: Mutex<Requested>,
    changed: Notify,
    ended: Notify,
    statistics: Mutex<Statistics>,
}

#[derive(Debug, Default)]
struct Requested {
    closed: bool,
    paused: bool,
    retry: bool,
    hint: Option<Cause>,
    cursor: Option<String>,
    /// The task has ended: no request has an effect any more.
    ended: bool,
}

/// Held by the task; marks it as ended when dropped, also by a panic.
#[derive(Debug)]
pub(crate) struct EndGuard(pub(crate) Arc<Control>);

impl Drop for EndGuard {
    fn drop(&mut self) {
        lock(&self.0.requested).ended = true;
        self.0.ended.notify_waiters();
    }
}

impl Control {
    /// Stores a signal for the task. Signals are states to reach, not a queue of commands: a
    /// pause that was resumed before the task saw it has no effect.
    pub(crate) fn request(&self, signal: Signal) {
        let mut requested = lock(&self.requested);
        match signal {
            Signal::Close => requested.closed = true,
            Signal::Pause => (requested.paused, requested.retry) = (true, false),
            Signal::Resume => requested.paused = false,
            Signal::Retry => (requested.paused, requested.retry) = (false, true),
            Signal::Hint(cause) => requested.hint = Some(cause),
        }
        drop(requested);
        self.changed.notify_one();
    }

    /// Returns when the task has ended.
    pub(crate) async fn ended(&self) {
        let ended = self.ended.notified();
        tokio::pin!(ended);
        // Registered before `ended` is read, so that the notification cannot be missed.
        ended.as_mut().enable();
        if !lock(&self.requested).ended {
            ended.await;
        }
    }

    /// Stores a cursor for the next attempt.
    pub(crate) fn set_cursor(&self, cursor: String) {
        lock(&self.requested).cursor = Some(cursor);
    }

    /// Takes the cursor that was stored.
    pub(crate) fn take_cursor(&self) -> Option<String> {
        lock(&self.requested).cursor.take()
    }

    /// The statistics, to read or to change.
    pub(crate) fn statistics(&self) -> MutexGuard<'_, Statistics> {
        lock(&self.statistics)
    }

    /// Takes the next signal; `paused`: the task is paused.
    fn take(&self, paused: bool) -> Option<Signal> {
        let mut requested = lock(&self.requested);
        if requested.closed {
            Some(Signal::Close)
        } else if requested.paused && !paused {
            Some(Signal::Pause)
        } else if paused && !requested.paused {
            (requested.retry, requested.hint) = (false, None);
            Some(Signal::Resume)
        } else if std::mem::take(&mut requested.retry) {
            Some(Signal::Retry)
        } else {
            requested.hint.take().map(Signal::Hint)
        }
    }

    /// Waits for a signal that interrupts even a delivery to a slow application: close or pause.
    async fn urgent(&self, paused: bool) -> Signal {
        loop {
            {
                let requested = lock(&self.requested);
                if requested.closed {
                    return Signal::Close;
                }
                if requested.paused && !paused {
                    return Signal::Pause;
                }
            }
            self.changed.notified().await;
        }
    }
}

/// The task's side of the channel: sends updates, receives signals, and compares the clocks.
#[derive(Debug)]
pub(crate) struct TaskContext {
    pub(crate) control: Arc<Control>,
    pub(crate) updates: mpsc::Sender<Box<Update>>,
    pub(crate) clock: Arc<dyn Clock>,
    /// How often the wall clock and the timers are compared.
    pub(crate) check: Duration,
    pub(crate) jump: Jump,
    pub(crate) paused: bool,
}

impl TaskContext {
    /// Sends an update, waiting while the application is slow. Only a close or a pause interrupts
    /// that; then the update was not delivered.
    pub(crate) async fn send(&mut self, update: Update) -> Result<(), Signal> {
        let update = match self.updates.try_send(Box::new(update)) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(Signal::Close),
            Err(mpsc::error::TrySendError::Full(update)) => update,
        };
        tokio::select! {
            permit = self.updates.reserve() => match permit {
                Ok(permit) => {
                    permit.send(update);
                    Ok(())
                }
                Err(_closed) => Err(Signal::Close),
            },
            signal = self.control.urgent(self.paused) => Err(signal),
        }
    }

    /// The signal that is stored, if there is one.
    pub(crate) fn pending_signal(&mut self) -> Option<Signal> {
        let signal = self.control.take(self.paused);
        if matches!(signal, Some(Signal::Hint(_))) {
            // The hint may be about the same sleep that the clocks show: it counts once.
            self.jump.check(self.clock.now(), Instant::now());
        }
        signal
    }

    /// Waits for the next signal, which a jump of the wall clock is, too.
    pub(crate) async fn next_signal(&mut self) -> Signal {
        loop {
            if let Some(signal) = self.pending_signal() {
                return signal;
            }
            tokio::select! {
                biased;
                () = self.control.changed.notified() => {}
                () = self.updates.closed() => return Signal::Close,
                () = sleep_until(self.jump.last_check() + self.check) => {
                    if self.jump.check(self.clock.now(), Instant::now()) {
                        return Signal::Hint(Cause::Woke);
                    }
                }
            }
        }
    }
}

/// Locks a mutex. A poisoned one is used as it is: each critical section leaves its data valid.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock()
}
