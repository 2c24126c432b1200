//! Everything that reaches the controller.

pub use belldot_wire::Event;
use jiff::Timestamp;

use crate::{
    desktop::NotOpened,
    inbox::TodoKey,
    settings::{Settings, SettingsError},
    source::{SourceId, StreamState},
    toast::NotTaken,
};

/// Something happened.
#[derive(Debug)]
pub enum Input {
    /// A source's stream has something to say.
    Stream {
        /// Which source.
        source: SourceId,
        /// What.
        update: StreamUpdate,
    },
    /// A person wants something.
    Command(Command),
    /// The same, and whoever passed it on waits.
    Asked {
        /// What they want.
        command: Command,
        /// Told once it is done.
        done: flume::Sender<()>,
    },
    /// What became of a change that was sent to a source's API.
    Delivered {
        /// The outbox entry.
        entry: i64,
        /// How it ended.
        outcome: Outcome,
    },
    /// The desktop itself has changed.
    Desktop(DesktopHint),
}

impl From<Command> for Input {
    fn from(command: Command) -> Self {
        Self::Command(command)
    }
}

impl From<DesktopHint> for Input {
    fn from(hint: DesktopHint) -> Self {
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
    /// Show the to-dos.
    OpenPage,
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
        /// Which.
        todos: Vec<TodoKey>,
        /// Read or unread.
        read: bool,
    },
    /// Mark everything as read.
    MarkAllRead,
    /// Done, or open again.
    MarkDone {
        /// Which.
        todos: Vec<TodoKey>,
        /// Done or open.
        done: bool,
    },
    /// Out of sight until then; `None` ends it.
    Snooze {
        /// Which.
        todos: Vec<TodoKey>,
        /// Until when.
        until: Option<Timestamp>,
    },
    /// Out of sight for a while from now on.
    SnoozeFor {
        /// Which.
        todos: Vec<TodoKey>,
        /// How long.
        span: Span,
    },
    /// Pinned to the top, or no longer.
    Pin {
        /// Which.
        todos: Vec<TodoKey>,
        /// Pinned or not.
        pinned: bool,
    },
    /// The user knows that some of this source's to-dos may be missing.
    Acknowledge(SourceId),
    /// Try a source now, whatever its state.
    TryAgain(SourceId),
    /// Close every stream until then; `None`: until [`Command::Resume`].
    Pause {
        /// Until when.
        until: Option<Timestamp>,
    },
    /// Close every stream for a while from now on.
    PauseFor(Span),
    /// End the pause.
    Resume,
    /// Take these settings from now on and keep them.
    ChangeSettings {
        /// The new settings, whole.
        settings: Box<Settings>,
        /// Told whether they were taken.
        reply: flume::Sender<Result<(), SettingsError>>,
    },
    /// Take the way to the servers anew: a secret on it changed.
    TakeNetwork,
    /// Say again everything that is shown: a window just opened or the tray host came back.
    ShowAll,
    /// End.
    Quit,
}

/// How long from the moment of choosing it, which may be long after it was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A quarter of an hour.
    Quarter,
    /// An hour.
    Hour,
    /// Until tomorrow morning, 8 o'clock.
    Tomorrow,
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

/// What the desktop told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesktopHint {
    /// A tray host is there, or is not.
    TrayHost(bool),
    /// The notification daemon took a toast, or did not and said why.
    Notifier(Result<(), NotTaken>),
    /// What came of opening a link, which may hold a secret.
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
    ToastClosed(crate::toast::ToastId),
}
