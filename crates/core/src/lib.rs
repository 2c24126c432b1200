//! The core of Belldot, without Tauri and without a network: to-dos, formats, the inbox, settings,
//! and the controller that owns all state.
//!
//! The path of one event: [`Input`] → format → changes → [`inbox`] (one transaction, with the
//! cursor) → [`Controller`] → [`Desktop`] (bell, toasts, page).

pub mod address;
pub mod bell;
pub mod controller;
pub mod desktop;
pub mod format;
pub mod i18n;
pub mod inbox;
pub mod input;
mod invisible;
pub mod model;
pub mod page;
pub mod policy;
pub mod private;
mod regular_file;
pub mod secret;
pub mod settings;
pub mod source;
pub mod streams;
pub mod toast;

pub use controller::Controller;
pub use desktop::Desktop;
pub use input::{Command, Input};
pub use policy::Policy;
