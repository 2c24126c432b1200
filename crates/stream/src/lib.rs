//! An SSE subscription that never gives up silently.
//!
//! Give [`Subscription::start`] a [`Config`] and read [`Update`]s: every event exactly as the
//! WHATWG standard (HTML 9.2) dispatches it, and every change of [`State`] with its [`Cause`].
//! This crate knows nothing of to-dos.

mod cause;
mod config;
mod state;
mod subscription;

pub use cause::Cause;
pub use config::{Config, Policy};
pub use state::State;
pub use subscription::{Event, Handle, Subscription, Update};
