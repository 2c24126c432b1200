//! Which windows are on their way, and the click that brings one to the front.

#[cfg(target_os = "linux")]
use std::sync::Arc;
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The token by which Wayland lets a window come to the front, between click and window.
/// Other systems have none.
#[derive(Clone, Debug, Default)]
pub struct Activation(#[cfg(target_os = "linux")] Arc<Mutex<Option<String>>>);

#[cfg(target_os = "linux")]
impl Activation {
    /// Keeps the token of the latest click.
    pub fn keep(&self, token: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }

    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The labels of windows that are on their way: being made, or closing.
#[derive(Debug, Default)]
pub struct Labels(Mutex<HashSet<String>>);

impl Labels {
    /// Whether it was not yet there.
    pub(super) fn begin(&self, label: &str) -> bool {
        self.lock().insert(label.to_owned())
    }

    pub(super) fn has(&self, label: &str) -> bool {
        self.lock().contains(label)
    }

    pub(super) fn end(&self, label: &str) {
        self.lock().remove(label);
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
