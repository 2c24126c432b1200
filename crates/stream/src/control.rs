//! The line between a subscription's task and the app that steers it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc};
use tokio::time::{Duration, Instant, sleep_until};

use crate::clock::Jump;
use crate::{Cause, Clock, Statistics, Update};

/// What somebody wants of the subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// End.
    Close,
    /// Close the socket until [`Wish::Resume`].
    Pause,
    /// End the pause.
    Resume,
    /// Try again now.
    Retry,
    /// The machine woke or the network changed.
    Hint(Cause),
}

/// What [`Handle`](crate::Handle)s and the task share.
#[derive(Debug, Default)]
pub(crate) struct Control {
    wanted: Mutex<Wanted>,
    changed: Notify,
    ended: Notify,
    statistics: Mutex<Statistics>,
}

#[derive(Debug, Default)]
struct Wanted {
    closed: bool,
    paused: bool,
    retry: bool,
    hint: Option<Cause>,
    cursor: Option<String>,
    /// The task has ended: nothing that is wanted will happen any more.
    ended: bool,
}

/// Held by the task; tells when it has ended, however that came.
#[derive(Debug)]
pub(crate) struct Alive(pub(crate) Arc<Control>);

impl Drop for Alive {
    fn drop(&mut self) {
        lock(&self.0.wanted).ended = true;
        self.0.ended.notify_waiters();
    }
}

impl Control {
    /// Leaves a wish. Wishes are states to reach, not orders to carry out one by one: a pause
    /// that was ended before it was seen is none.
    pub(crate) fn want(&self, wish: Wish) {
        let mut wanted = lock(&self.wanted);
        match wish {
            Wish::Close => wanted.closed = true,
            Wish::Pause => (wanted.paused, wanted.retry) = (true, false),
            Wish::Resume => wanted.paused = false,
            Wish::Retry => (wanted.paused, wanted.retry) = (false, true),
            Wish::Hint(cause) => wanted.hint = Some(cause),
        }
        drop(wanted);
        self.changed.notify_one();
    }

    /// Returns when the task has ended.
    pub(crate) async fn ended(&self) {
        let ended = self.ended.notified();
        tokio::pin!(ended);
        // From here on it cannot be missed.
        ended.as_mut().enable();
        if !lock(&self.wanted).ended {
            ended.await;
        }
    }

    /// Leaves a cursor for the next attempt.
    pub(crate) fn set_cursor(&self, cursor: String) {
        lock(&self.wanted).cursor = Some(cursor);
    }

    /// Takes a cursor that was left.
    pub(crate) fn take_cursor(&self) -> Option<String> {
        lock(&self.wanted).cursor.take()
    }

    /// The statistics, to read or to change.
    pub(crate) fn statistics(&self) -> MutexGuard<'_, Statistics> {
        lock(&self.statistics)
    }

    /// Takes the next wish; `paused` tells what the task is doing.
    fn take(&self, paused: bool) -> Option<Wish> {
        let mut wanted = lock(&self.wanted);
        if wanted.closed {
            Some(Wish::Close)
        } else if wanted.paused && !paused {
            Some(Wish::Pause)
        } else if paused && !wanted.paused {
            (wanted.retry, wanted.hint) = (false, None);
            Some(Wish::Resume)
        } else if std::mem::take(&mut wanted.retry) {
            Some(Wish::Retry)
        } else {
            wanted.hint.take().map(Wish::Hint)
        }
    }

    /// Waits until the subscription is to be closed, or paused, which cannot wait either.
    async fn urgent(&self, paused: bool) -> Wish {
        loop {
            {
                let wanted = lock(&self.wanted);
                if wanted.closed {
                    return Wish::Close;
                }
                if wanted.paused && !paused {
                    return Wish::Pause;
                }
            }
            self.changed.notified().await;
        }
    }
}

/// The task's end of the line: tells the app, listens to it, and watches the clock.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) control: Arc<Control>,
    pub(crate) updates: mpsc::Sender<Box<Update>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) check: Duration,
    pub(crate) jump: Jump,
    pub(crate) paused: bool,
}

impl Line {
    /// Tells the app, waiting while it is slow. Only what cannot wait interrupts that; then the
    /// update was not delivered.
    pub(crate) async fn tell(&mut self, update: Update) -> Result<(), Wish> {
        let update = match self.updates.try_send(Box::new(update)) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(Wish::Close),
            Err(mpsc::error::TrySendError::Full(update)) => update,
        };
        tokio::select! {
            permit = self.updates.reserve() => match permit {
                Ok(permit) => {
                    permit.send(update);
                    Ok(())
                }
                Err(_closed) => Err(Wish::Close),
            },
            wish = self.control.urgent(self.paused) => Err(wish),
        }
    }

    /// A wish that was left, if there is one.
    pub(crate) fn wish(&mut self) -> Option<Wish> {
        let wish = self.control.take(self.paused);
        if matches!(wish, Some(Wish::Hint(_))) {
            // Whoever gives a hint may know of the sleep that the clock tells of too.
            self.jump.check(self.clock.now(), Instant::now());
        }
        wish
    }

    /// Waits for what may cut anything short: a wish, or a wall clock that jumped.
    pub(crate) async fn disturbance(&mut self) -> Wish {
        loop {
            if let Some(wish) = self.wish() {
                return wish;
            }
            tokio::select! {
                biased;
                () = self.control.changed.notified() => {}
                () = self.updates.closed() => return Wish::Close,
                () = sleep_until(self.jump.last_check() + self.check) => {
                    if self.jump.check(self.clock.now(), Instant::now()) {
                        return Wish::Hint(Cause::Woke);
                    }
                }
            }
        }
    }
}

/// A lock whose holder panicked still guards plain data that is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
