//! The click that brings a window to the front.

#[cfg(target_os = "linux")]
use std::sync::Arc;

#[cfg(target_os = "linux")]
use parking_lot::Mutex;

/// The token by which Wayland lets a window come to the front, between click and window.
/// Other systems have none.
#[derive(Clone, Debug, Default)]
pub struct Activation(#[cfg(target_os = "linux")] Arc<Mutex<Option<String>>>);

impl Activation {
    /// Keeps the token of the latest click.
    #[cfg(target_os = "linux")]
    pub fn keep(&self, token: String) {
        *self.0.lock() = Some(token);
    }

    /// The token of the latest click, once.
    #[cfg(target_os = "linux")]
    pub fn take(&self) -> Option<String> {
        self.0.lock().take()
    }

    /// None.
    #[cfg(not(target_os = "linux"))]
    pub fn take(&self) -> Option<String> {
        None
    }
}
