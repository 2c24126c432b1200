//! Everything that reaches the controller.

use jiff::Timestamp;

use crate::{
    model::{ToastId, TodoKey},
    page::Action,
    settings::{Settings, SettingsError},
    source::{SourceId, StreamState},
};

pub use crate::model::{Event, Span};

/// Something that the controller is to handle.
#[derive(Debug)]
pub enum Input {
    /// A source's stream reports something.
    Stream {
        /// The id of the source.
        source: SourceId,
        /// What the stream says.
        update: StreamUpdate,
    },
    /// A person asks for something.
    Command(Command),
    /// A person asks for something, and the sender waits until it is done.
    Asked {
        /// What they want.
        command: Command,
        /// Told once it is done.
        done: flume::Sender<()>,
    },
    /// The outcome of a change that was sent to a source's API.
    Delivered {
        /// The outbox entry.
        entry: i64,
        /// How it ended.
        outcome: Outcome,
    },
    /// The desktop itself has changed.
    Desktop(DesktopEvent),
}

impl From<Command> for Input {
    fn from(command: Command) -> Self {
        Self::Command(command)
    }
}

impl From<Action> for Command {
    fn from(action: Action) -> Self {
        match action {
            Action::Read { todos, read } => Self::MarkRead { todos, read },
            Action::ReadAll => Self::MarkAllRead,
            Action::Done { todos, done } => Self::MarkDone { todos, done },
            Action::Snooze { todos, until } => Self::Snooze { todos, until },
            Action::Pin { todos, pinned } => Self::Pin { todos, pinned },
            Action::Acknowledge { source } => Self::Acknowledge(source),
            Action::TryAgain { source } => Self::TryAgain(source),
            Action::Pause { until } => Self::Pause { until },
            Action::Resume => Self::Resume,
        }
    }
}

impl From<DesktopEvent> for Input {
    fn from(hint: DesktopEvent) -> Self {
        Self::Desktop(hint)
    }
}

/// What a stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamUpdate {
    /// Its state changed.
    State(StreamState),
    /// It was opened, and the server says after which event it goes on (the header
    /// `Mercure-Last-Event-ID` or `Last-Event-ID` of the response). Follows the state `Open`.
    Resumed {
        /// The id of that event.
        after: String,
    },
    /// The opening burst of the connection is over: what the server sends from here on happens
    /// now, and is no replay.
    Settled,
    /// It was opened without the cursor, which the server did not take. Follows the state `Open`.
    CursorDropped,
    /// It was opened, and the server names this charset for it, which is not UTF-8. Follows the
    /// state `Open`.
    Charset(String),
    /// It dispatched an event.
    Event(Event),
}

/// What a person can ask for, by bell, toast, page or command line.
#[derive(Clone, Debug)]
pub enum Command {
    /// Show what a click on the bell shows.
    OpenPage,
    /// What a click on the bell shows was opened already.
    PageOpened,
    /// Show one to-do, which marks it read.
    OpenTodo(TodoKey),
    /// Show the to-do that has this id at its source, which marks it read; the list where none
    /// has.
    OpenTodoById(String),
    /// Show the settings.
    OpenSettings,
    /// Show what Belldot is, where its files are and how it is doing.
    OpenAbout,
    /// Mark as read, or as unread.
    MarkRead {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// Whether they are read from then on.
        read: bool,
    },
    /// Mark everything as read.
    MarkAllRead,
    /// Done, or open again.
    MarkDone {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// Whether they are done from then on.
        done: bool,
    },
    /// Out of sight until then; `None` ends it.
    Snooze {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// The end of the snooze; `None` ends it now.
        until: Option<Timestamp>,
    },
    /// Out of sight for a while from now on.
    SnoozeFor {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// How long, from now on.
        span: Span,
    },
    /// Pinned to the top, or no longer.
    Pin {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// Whether they are pinned from then on.
        pinned: bool,
    },
    /// The user knows that some of this source's to-dos may be missing.
    Acknowledge(SourceId),
    /// Try a source now, whatever its state.
    TryAgain(SourceId),
    /// Close every stream until then; `None`: until [`Command::Resume`].
    Pause {
        /// The end of the pause; `None`: until it is resumed.
        until: Option<Timestamp>,
    },
    /// Close every stream for a while from now on.
    PauseFor(Span),
    /// End the pause.
    Resume,
    /// Put these settings into effect and keep them.
    ChangeSettings {
        /// The new settings, whole.
        settings: Box<Settings>,
        /// Told whether they were taken.
        reply: flume::Sender<Result<(), SettingsError>>,
    },
    /// Apply the network settings anew: one of its secrets changed.
    TakeNetwork,
    /// Show everything again: a window just opened, or the tray host came back.
    ShowAll,
    /// End the program.
    Quit,
}

/// How the delivery of an outbox entry ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Taken,
    /// The server refused it for good, with this HTTP status; what it said, if anything.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The problem's detail.
        detail: Option<String>,
    },
    /// Nobody answered, or the server asked to come back later.
    TryLater {
        /// Not before this time, where the server named one.
        not_before: Option<Timestamp>,
    },
}

/// What the desktop reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesktopEvent {
    /// A tray host is there, or is not.
    TrayHost(bool),
    /// The notification daemon took a toast, or did not and said why.
    Notifier(Result<(), NotTaken>),
    /// The outcome of opening a link, which may hold a secret.
    Link {
        /// Where it leads.
        url: String,
        /// Whether it was opened.
        opened: Result<(), NotOpened>,
    },
    /// A window's web process died, and with it the window.
    WindowCrashed,
    /// No window can be opened; why.
    NoWindow(String),
    /// The last run ended by a mistake of the program, which is described in this file.
    Panicked(std::path::PathBuf),
    /// Somebody else may have changed the settings file.
    SettingsFile,
    /// A source's secret was entered for this origin, which is no longer the source's.
    SecretElsewhere {
        /// The source.
        source: SourceId,
        /// Where its secret belongs.
        origin: String,
    },
    /// The user dismissed a toast.
    ToastClosed(ToastId),
}

/// Why the desktop did not take a toast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// The notification daemon did not answer in time. It may still show it.
    Silent,
    /// There is no daemon, or it refused; in its words.
    Refused(String),
}

impl NotTaken {
    /// Returns a stable word: `silent` or `refused`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Refused(_) => "refused",
        }
    }

    /// Returns what the daemon said, if anything.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Silent => None,
            Self::Refused(detail) => Some(detail),
        }
    }
}

/// Why the desktop did not open an address or a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOpened {
    /// There is no program that opens anything.
    NoProgram,
    /// The desktop could not.
    Failed,
    /// The desktop has not said in time whether it did.
    NoAnswer,
}

impl NotOpened {
    /// Returns a stable word: `no-program`, `failed` or `no-answer`.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoProgram => "no-program",
            Self::Failed => "failed",
            Self::NoAnswer => "no-answer",
        }
    }
}
