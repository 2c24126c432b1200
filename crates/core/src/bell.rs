//! The bell as plain data: what the tray shows.

use crate::input::Command;

/// What the tray shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Bell {
    /// How many unread to-dos wait.
    pub unread: u64,
    /// What is wrong or special, drawn in another corner than the unread mark.
    pub mark: Option<Mark>,
    /// One line: `Belldot`, or `3 unread to-dos`.
    pub title: String,
    /// The same with a line per source and its state.
    pub tooltip: String,
    /// The menu.
    pub menu: Vec<MenuItem>,
}

/// What is drawn beside the unread mark, the gravest of all sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The user paused.
    Paused,
    /// A server is full.
    Full,
    /// A stream is not alive: the bell is struck.
    NotAlive,
    /// A source wants a sign-in.
    SignIn,
}

/// An entry of the menu.
#[derive(Clone, Debug)]
pub enum MenuItem {
    /// Something to choose.
    Action {
        /// Its words.
        label: String,
        /// What it does.
        command: Command,
    },
    /// A line that only informs.
    Line(String),
    /// A submenu.
    Submenu {
        /// Its words.
        label: String,
        /// Its entries.
        items: Vec<MenuItem>,
    },
    /// A line between groups.
    Separator,
}

/// Menus are compared by what a person sees of them.
impl PartialEq for MenuItem {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Action {
                    label: a,
                    command: x,
                },
                Self::Action {
                    label: b,
                    command: y,
                },
            ) => a == b && format!("{x:?}") == format!("{y:?}"),
            (Self::Line(a), Self::Line(b)) => a == b,
            (Self::Submenu { label: a, items: x }, Self::Submenu { label: b, items: y }) => {
                a == b && x == y
            }
            (Self::Separator, Self::Separator) => true,
            _ => false,
        }
    }
}

/// The unread count as the badge writes it: nothing, `1` … `99`, `99+`.
pub fn badge(unread: u64) -> Option<String> {
    match unread {
        0 => None,
        1..=99 => Some(unread.to_string()),
        _ => Some("99+".to_owned()),
    }
}
