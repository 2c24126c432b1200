//! What differs from system to system, kept thin.

pub mod autostart;
pub mod hints;
pub mod keyring;
pub mod log;
pub mod panic;
pub mod places;
pub mod runtime;
pub mod signals;
pub mod tls;
