//! The bell in the tray, whatever the system.

use belldot_core::bell::Bell;

/// A tray that has our bell.
pub trait Tray: Send {
    /// Shows this bell; cheap to call, never waits.
    fn show(&mut self, bell: &Bell);
}
