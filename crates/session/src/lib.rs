//! A real desktop session without a screen, for the demo and the whole-program tests.
//!
//! A [`Session`] is what a person's desktop consists of, started privately and in parallel with
//! any number of others: an X server that paints into memory, a D-Bus session bus, a window
//! manager, a panel with a tray, a notification daemon and, if wanted, an unlocked keyring.
//! Programs are started in it by [`Session::command`]; what a person would do is done with a
//! real pointer and keyboard ([`Session::click`], [`Session::key`]), and what a person would see
//! is read from the screen ([`Session::screenshot`]) and from the bus ([`Session::tray_items`],
//! [`Session::notifications`]).
//!
//! Nothing survives the session: neither its drop nor the death of the process that holds it,
//! by whatever signal.
//!
//! The programs come from the distribution; `cargo xtask setup` installs them. On systems other
//! than Linux this crate is empty.
#![cfg(target_os = "linux")]

mod bus;
mod environment;
mod error;
mod keyring;
mod menu;
mod notification_actions;
mod notifications;
mod open_menu;
mod options;
mod program;
mod reaper;
mod screen;
mod session;
mod session_files;
mod tray;
mod wait;
mod windows;

pub use error::SessionError;
pub use menu::MenuEntry;
pub use notifications::{Notification, NotificationUrgency};
pub use open_menu::OpenMenu;
pub use options::{PanelLook, SessionOptions, TrayHost};
pub use program::SessionProcess;
pub use screen::{Area, Button, Screenshot};
pub use session::Session;
pub use tray::{Pixmap, TrayItem};
pub use wait::{wait_for, wait_until};
pub use windows::DesktopWindow;
