//! The bell on the panel: [`belldot_core::bell::Bell`] drawn by whatever tray the system has.

use belldot_core::bell::Bell;

pub mod digits;
// Several sizes, light panels and ARGB are what a StatusNotifierItem wants, and only that.
#[cfg_attr(any(not(target_os = "linux"), feature = "portable"), allow(dead_code))]
pub mod drawing;

#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod launcher;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod menu;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod panel;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod sheet;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod status_notifier;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod xsettings;

#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub use status_notifier::StatusNotifier;

/// A tray that has our bell.
pub trait Tray: Send {
    /// Shows this bell; cheap to call, never waits.
    fn show(&mut self, bell: &Bell);
}
