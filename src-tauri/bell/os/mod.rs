//! What differs from system to system, kept thin.

pub mod autostart;
#[cfg(target_os = "linux")]
pub mod bus;
pub mod connectivity;
pub mod display;
pub mod edits;
pub mod keyring;
pub mod log;
pub mod narrow;
#[cfg(target_os = "linux")]
mod network;
pub mod opener;
pub mod panic;
pub mod paths;
pub mod proxy;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub mod read_ahead;
pub mod runtime;
pub mod signals;
pub mod tls;
