//! A toast as plain data: one OS notification.

use crate::{
    i18n::Localizer,
    inbox::TodoView,
    input::Command,
    model::Span,
    settings::{Sound, Sounds},
};

pub use crate::{
    input::NotTaken,
    model::{ToastId, Urgency},
};

/// One OS notification.
#[derive(Clone, Debug)]
pub struct Toast {
    /// What it is known by while it is shown.
    pub id: ToastId,
    /// One line of plain text.
    pub title: String,
    /// Plain text, possibly empty.
    pub body: String,
    /// How urgent it is.
    pub urgency: Urgency,
    /// What is heard with it.
    pub sound: Sound,
    /// What a click on it does.
    pub click: Command,
    /// Its buttons.
    pub actions: Vec<ToastAction>,
}

/// A button of a toast.
#[derive(Clone, Debug)]
pub struct ToastAction {
    /// The text that it shows.
    pub label: String,
    /// What it does.
    pub command: Command,
}

/// The most characters of a to-do's body in its toast.
const BODY: usize = 300;

/// Makes toasts from to-dos.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Maker<'a> {
    pub words: &'a Localizer,
    /// Says how many, never what.
    pub private: bool,
    pub sounds: &'a Sounds,
}

impl Maker<'_> {
    /// Returns the toast that says that a to-do is new.
    pub fn todo(&self, todo: &TodoView) -> Toast {
        let title = if self.private {
            self.count("toast-private", 1)
        } else {
            todo.title.clone()
        };
        self.about(todo, title)
    }

    /// Returns the toast that says that a to-do fell due.
    pub fn due(&self, todo: &TodoView) -> Toast {
        let title = if self.private {
            self.words.text("toast-due-private", &[])
        } else {
            self.words
                .text("toast-due", &[("title", todo.title.as_str().into())])
        };
        self.about(todo, title)
    }

    /// Returns the toast that says that many to-dos are new.
    pub fn digest(&self, count: u64) -> Toast {
        self.about_many(ToastId::Digest, self.count("toast-digest", count))
    }

    /// Returns the toast that says that many to-dos fell due.
    pub fn many_due(&self, count: u64) -> Toast {
        self.about_many(
            ToastId::Notice("due".to_owned()),
            self.count("toast-many-due", count),
        )
    }

    fn about(&self, todo: &TodoView, title: String) -> Toast {
        let action = |key: &str, command| ToastAction {
            label: self.words.text(key, &[]),
            command,
        };
        let todos = || vec![todo.key];
        let snooze = |key, span| {
            let todos = todos();
            action(key, Command::SnoozeFor { todos, span })
        };
        Toast {
            id: ToastId::Todo(todo.key),
            title,
            body: if self.private {
                String::new()
            } else {
                body(todo)
            },
            urgency: todo.priority.into(),
            sound: self.sounds.of(todo.priority.into()),
            click: Command::OpenTodo(todo.key),
            actions: vec![
                action("toast-open", Command::OpenTodo(todo.key)),
                action(
                    "toast-done",
                    Command::MarkDone {
                        todos: todos(),
                        done: true,
                    },
                ),
                snooze("toast-snooze-quarter", Span::Quarter),
                snooze("toast-snooze-hour", Span::Hour),
                snooze("toast-snooze-tomorrow", Span::Tomorrow),
            ],
        }
    }

    fn about_many(&self, id: ToastId, title: String) -> Toast {
        Toast {
            id,
            title,
            body: String::new(),
            urgency: Urgency::Normal,
            sound: self.sounds.of(Urgency::Normal),
            click: Command::OpenPage,
            actions: vec![ToastAction {
                label: self.words.text("toast-open", &[]),
                command: Command::OpenPage,
            }],
        }
    }

    fn count(&self, key: &str, count: u64) -> String {
        self.words.text(key, &[("count", count.into())])
    }
}

/// Returns who asks, and how the to-do's text begins.
fn body(todo: &TodoView) -> String {
    let text = todo.body.as_deref().unwrap_or_default();
    let mut text: String = match text.char_indices().nth(BODY) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    };
    if let Some(sender) = &todo.sender {
        text = if text.is_empty() {
            sender.clone()
        } else {
            format!("{sender}\n{text}")
        };
    }
    text
}
