//! A toast as plain data: one OS notification.

use crate::{inbox::TodoKey, input::Command};

/// Names a toast while it is shown; showing the same id again replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ToastId {
    /// The toast of one to-do.
    Todo(TodoKey),
    /// The digest of many.
    Digest,
    /// Something about Belldot itself, by the key of its message.
    Notice(String),
}

/// One OS notification.
#[derive(Clone, Debug)]
pub struct Toast {
    /// Names it.
    pub id: ToastId,
    /// One line of plain text.
    pub title: String,
    /// Plain text, possibly empty.
    pub body: String,
    /// How loud.
    pub urgency: Urgency,
    /// What a click on it does.
    pub click: Command,
    /// Its buttons.
    pub actions: Vec<ToastAction>,
}

/// A button of a toast.
#[derive(Clone, Debug)]
pub struct ToastAction {
    /// Its words.
    pub label: String,
    /// What it does.
    pub command: Command,
}

/// How loud a toast is (Desktop Notifications, "Urgency levels").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Priorities 1 and 2.
    Low,
    /// Priorities 3 and 4.
    Normal,
    /// Priority 5.
    Critical,
}
