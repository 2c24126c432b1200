//! What can be done to the inbox, as plain data.

use jiff::Timestamp;

use crate::{
    format::{Change, Cursor},
    model::TodoKey,
    source::SourceId,
};

/// One thing to do to the inbox.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// These are the sources from now on. The to-dos of those that are gone are kept out of
    /// sight, and come back with them.
    Sources(Vec<SourceEntry>),
    /// An event arrived.
    Arrived {
        /// From which source.
        source: SourceId,
        /// What it does.
        changes: Vec<Change>,
        /// Where the stream goes on after it.
        cursor: Cursor,
        /// The id that the event brought itself, if it did.
        event_id: Option<String>,
        /// It came in the opening burst of its connection, where servers send again what they
        /// sent before.
        opening: bool,
    },
    /// A connection of the source's stream was opened.
    Opened {
        /// The id of the source.
        source: SourceId,
    },
    /// The opening burst of the source's connection was heard to its end.
    Settled {
        /// The id of the source.
        source: SourceId,
    },
    /// The source's stream is alive, at this time.
    Heard {
        /// The id of the source.
        source: SourceId,
    },
    /// Some of a source's to-dos may be missing since then; `None`: the user knows.
    MissingSince {
        /// The id of the source.
        source: SourceId,
        /// Since when; an earlier time that is known already stays.
        since: Option<Timestamp>,
    },
    /// The source is another one now: its stream starts from the beginning.
    ForgetCursor(SourceId),
    /// The user marks to-dos as read or unread.
    Read {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// Whether they are read from then on.
        read: bool,
    },
    /// The user marks everything as read.
    ReadAll,
    /// The user marks to-dos as done, or as open again.
    Done {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// Whether they are done from then on.
        done: bool,
    },
    /// The user puts to-dos out of sight until then; `None` ends it.
    Snooze {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// The end of the snooze; `None` ends it now.
        until: Option<Timestamp>,
    },
    /// The user pins to-dos to the top, or no longer.
    Pin {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// Whether they are pinned from then on.
        pinned: bool,
    },
    /// Every toast that waited was shown.
    Announced,
    /// The toasts of these were shown.
    AnnouncedSome(Vec<TodoKey>),
    /// Ends the snoozes that are over, reminds of what is due, settles what the server took.
    Clock,
    /// The server took a change.
    Taken {
        /// The outbox entry.
        entry: i64,
    },
    /// The server refused a change for good.
    Refused {
        /// The outbox entry.
        entry: i64,
        /// The server no longer knows the to-do: what the user did stays. Otherwise the
        /// server's state is shown again.
        unknown: bool,
    },
    /// The pause of all streams, or its end.
    Pause(Option<Pause>),
}

/// A pause of all streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Until then.
    Until(Timestamp),
    /// Until the user resumes.
    UntilResumed,
}

/// A source as the inbox needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceEntry {
    /// The id of the source.
    pub id: SourceId,
    /// What the user calls it.
    pub name: String,
    /// Its API takes changes: what the user does goes to the outbox.
    pub api: bool,
}

/// What a transaction changed in effect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Any to-do is new, gone or different.
    pub todos_changed: bool,
    /// To-dos that want a toast: new, more urgent, or back from a snooze. Oldest first.
    pub news: Vec<TodoKey>,
    /// To-dos that fell due.
    pub due: Vec<TodoKey>,
    /// To-dos that no longer want a toast: read, done, snoozed, gone.
    pub quiet: Vec<TodoKey>,
    /// No to-do at all wants a toast any longer.
    pub all_quiet: bool,
}
