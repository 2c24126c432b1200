//! The bell on the panel: [`belldot_core::bell::Bell`] drawn by whatever tray the system has.

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    reason = "a test may end where a picture cannot be written"
)]
mod contact_sheet;
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
mod port;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod status_notifier;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod xsettings;

pub use port::Tray;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub use status_notifier::StatusNotifier;
