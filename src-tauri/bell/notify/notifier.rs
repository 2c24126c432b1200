//! What shows toasts, whatever the desktop.

use std::sync::Arc;

use belldot_core::toast::{NotTaken, Toast, ToastId};
use parking_lot::Mutex;

/// Hands toasts to the desktop; cheap to call, never waits.
pub trait Notifier: Send + Sync {
    /// Shows a toast or updates the one with the same id.
    fn show(&self, toast: &Toast);

    /// Shows a toast now or not at all, and tells whether the desktop took it, else why not.
    fn try_show(&self, toast: &Toast, reply: flume::Sender<Result<(), NotTaken>>);

    /// Withdraws a toast.
    fn close(&self, id: &ToastId);

    /// Whether the desktop has taken every toast. One that it refused stays untold until it is
    /// shown after all.
    fn has_told(&self) -> bool;

    /// What became of the latest toast; nothing before there was one.
    fn latest(&self) -> Option<Result<(), NotTaken>>;
}

/// What became of the latest toast; nothing before there was one.
#[derive(Clone, Debug, Default)]
pub struct LatestOutcome(Arc<Mutex<Option<Result<(), NotTaken>>>>);

impl LatestOutcome {
    /// Notes it.
    pub fn note(&self, result: Result<(), NotTaken>) {
        *self.0.lock() = Some(result);
    }

    /// It.
    pub fn get(&self) -> Option<Result<(), NotTaken>> {
        let latest = self.0.lock();
        latest.clone()
    }
}
