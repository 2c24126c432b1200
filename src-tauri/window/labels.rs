//! Sets of windows, by their labels.

use std::collections::HashSet;

use parking_lot::{Mutex, MutexGuard};

/// The labels of some windows: of those that are being made, say.
#[derive(Debug, Default)]
pub struct Labels(Mutex<HashSet<String>>);

impl Labels {
    /// Whether it was not yet there.
    pub fn begin(&self, label: &str) -> bool {
        self.lock().insert(label.to_owned())
    }

    pub fn has(&self, label: &str) -> bool {
        self.lock().contains(label)
    }

    /// Whether it was there.
    pub fn end(&self, label: &str) -> bool {
        self.lock().remove(label)
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock()
    }
}
