//! The controller, the one owner of all state.
//!
//! [`run()`] takes [`crate::Input`]s several at a time from two [`lanes()`]; the [`Controller`] turns
//! them into edits of the inbox, commits once, and says through the ports what to show and which
//! streams to run. Time is an argument everywhere, so every behaviour is a quick test.

mod clock;
mod commands;
mod delivery;
mod disk;
mod handle;
mod idle;
mod inputs;
mod lanes;
mod notices;
mod notify;
mod quiet;
mod run;
mod settings;
mod show;
mod shown;
mod sources;
mod state;
mod streams;
mod toaster;

pub use lanes::{Inputs, Lanes, lanes};
pub use run::run;
pub use state::{Controller, Parts};
