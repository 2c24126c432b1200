//! The bell as plain data: what the tray shows.

use jiff::Zoned;

use crate::{
    i18n::Localizer,
    inbox::{Latest, Summary},
    input::Command,
    page::{PauseView, SourceView},
    source::StreamState,
};

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

/// What is drawn beside the unread mark, the most serious of all sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The user paused.
    Paused,
    /// A server is full.
    Full,
    /// A stream is not open: the bell is crossed out.
    NotAlive,
    /// A source wants a sign-in.
    SignIn,
}

/// An entry of the menu.
#[derive(Clone, Debug)]
pub enum MenuItem {
    /// Something to choose.
    Action {
        /// The text that it shows.
        label: String,
        /// What it does.
        command: Command,
    },
    /// A line that only informs.
    Line(String),
    /// A submenu.
    Submenu {
        /// The text that it shows.
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

/// What the bell is computed from.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The counts, and the latest to-dos.
    pub summary: &'a Summary,
    /// Every source with its state.
    pub sources: &'a [SourceView],
    /// The most serious of what is wrong.
    pub mark: Option<Mark>,
    /// The pause of all streams.
    pub pause: Option<&'a PauseView>,
}

/// Computes the bell for this view, from nothing else: an equal bell need not be drawn again.
pub fn bell(view: &View<'_>, words: &Localizer, now: &Zoned) -> Bell {
    let unread = view.summary.unread();
    let title = if unread == 0 {
        words.text("bell-name", &[])
    } else {
        words.text("bell-unread", &[("count", unread.into())])
    };
    let mut tooltip = title.clone();
    for source in view.sources {
        tooltip.push('\n');
        tooltip.push_str(&line(source, words));
    }
    Bell {
        unread,
        mark: view.mark,
        title,
        tooltip,
        menu: menu(view, unread, words, now),
    }
}

/// Returns the unread count as the badge writes it: nothing, `1` … `99`, `99+`.
pub fn badge(unread: u64) -> Option<String> {
    match unread {
        0 => None,
        1..=99 => Some(unread.to_string()),
        _ => Some("99+".to_owned()),
    }
}

/// The most characters of a to-do in the menu.
const LABEL: usize = 48;

fn menu(view: &View<'_>, unread: u64, words: &Localizer, now: &Zoned) -> Vec<MenuItem> {
    let action = |key: &str, command| MenuItem::Action {
        label: words.text(key, &[]),
        command,
    };
    let mut menu = vec![MenuItem::Action {
        label: words.text("menu-open", &[("count", unread.into())]),
        command: Command::OpenPage,
    }];
    menu.extend(view.summary.latest.iter().map(|todo| MenuItem::Action {
        label: label(todo, words, now),
        command: Command::OpenTodo(todo.key),
    }));
    menu.push(MenuItem::Separator);
    for source in view.sources {
        menu.push(MenuItem::Line(line(source, words)));
        let can_try_again = matches!(
            source.state,
            StreamState::Waiting { .. } | StreamState::Full { .. } | StreamState::Stopped { .. }
        );
        if can_try_again {
            menu.push(action(
                "menu-try-again",
                Command::TryAgain(source.id.clone()),
            ));
        }
    }
    if !view.sources.is_empty() {
        menu.push(MenuItem::Separator);
    }
    match view.pause {
        None => menu.push(MenuItem::Submenu {
            label: words.text("menu-pause", &[]),
            items: vec![
                action(
                    "menu-pause-hour",
                    Command::PauseFor(crate::model::Span::Hour),
                ),
                action(
                    "menu-pause-tomorrow",
                    Command::PauseFor(crate::model::Span::Tomorrow),
                ),
                action("menu-pause-resume", Command::Pause { until: None }),
            ],
        }),
        Some(pause) => {
            menu.push(MenuItem::Line(match pause.until {
                Some(until) => words.text(
                    "menu-paused-until",
                    &[("time", words.time(until, now).into())],
                ),
                None => words.text("menu-paused", &[]),
            }));
            menu.push(action("menu-resume", Command::Resume));
        }
    }
    menu.push(action("menu-read-all", Command::MarkAllRead));
    menu.push(action("menu-settings", Command::OpenSettings));
    menu.push(action("menu-about", Command::OpenAbout));
    menu.push(action("menu-quit", Command::Quit));
    menu
}

fn line(source: &SourceView, words: &Localizer) -> String {
    words.text(
        "state-line",
        &[
            ("source", source.name.as_str().into()),
            ("state", source.words.as_str().into()),
        ],
    )
}

fn label(todo: &Latest, words: &Localizer, now: &Zoned) -> String {
    let mut title: String = todo.title.chars().take(LABEL).collect();
    if title.len() < todo.title.len() {
        title.push('…');
    }
    // Only high priorities: a mark on each of five lines would say nothing.
    let title = match u8::from(todo.priority) {
        5 => words.text("menu-todo-urgent", &[("title", title.into())]),
        4 => words.text("menu-todo-high", &[("title", title.into())]),
        _ => title,
    };
    match todo.due {
        None => title,
        Some(due) => words.text(
            "menu-todo-due",
            &[
                ("title", title.into()),
                ("time", words.due(due, now).into()),
            ],
        ),
    }
}
