//! What the thread of the notifications is told to do.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use belldot_core::toast::{NotTaken, Toast, ToastId};

/// How many toasts the daemon was asked to show and has not taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Untold(Arc<AtomicUsize>);

impl Untold {
    pub(super) fn one_more(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn one_less(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }

    pub(super) fn is_none(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }
}

#[derive(Debug)]
pub(super) enum NotifierCommand {
    Show(Job),
    Close(ToastId),
}

/// A toast to show.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) toast: Box<Toast>,
    /// Somebody waits to hear whether the daemon takes it, and wants it now or not at all.
    pub(super) reply: Option<flume::Sender<Result<(), NotTaken>>>,
}
