//! The log of to-dos: durable, in one order, compacted per to-do.
//!
//! Every put gives its to-do a new sequence number, which is also the id of the SSE event that
//! carries it. The log keeps the newest put of each to-do only, so a replay is the present state
//! and never a history.

mod event;
mod fanout;
mod sqlite;

use belldot_wire::{Status, Todo};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

pub use event::Event;
pub use fanout::Subscription;
pub use sqlite::{OpenError, SqliteLog};

pub(crate) use fanout::Fanout;

use crate::edit::Edit;

/// Where to-dos are kept and from where they are spread.
///
/// What each implementation keeps:
/// - A sequence number is never given twice, not even after a restart.
/// - What [`put`](Self::put) or [`read_all`](Self::read_all) has answered is on disk and survives a
///   crash.
/// - An event reaches subscriptions after it is durable, in order of sequence.
/// - Who subscribes first, then reads [`since`](Self::since) to its end, then takes from the
///   subscription what is newer than the last event read, has missed nothing.
pub trait TodoLog: Send + Sync + 'static {
    /// Applies `edit` to the user's to-do `id`, in one step with reading what it was before.
    fn put(&self, user: &str, id: &str, edit: Edit) -> BoxFuture<'_, Result<Put, LogError>>;

    /// Marks as read, in one step, every open to-do of `user` that last changed up to `up_to`; says
    /// how many were unread.
    fn read_all(&self, user: &str, up_to: u64) -> BoxFuture<'_, Result<usize, LogError>>;

    /// Every to-do of `user` that last changed after `seq`, in order of sequence, page by page.
    ///
    /// Without `seq`: all that are open, then a mark at the sequence as of which that was so, then
    /// what changed since.
    fn since(
        &self,
        user: &str,
        seq: Option<u64>,
    ) -> BoxStream<'static, Result<Vec<Event>, LogError>>;

    /// What is put for `user` from now on.
    fn subscribe(&self, user: &str) -> Subscription;

    /// The newest sequence number given to any to-do of any user; 0 in an empty log.
    fn newest(&self) -> u64;

    /// The user's to-do `id`.
    fn get(&self, user: &str, id: &str) -> BoxFuture<'_, Result<Option<Todo>, LogError>>;

    /// One page of the user's to-dos.
    fn list(&self, user: &str, wanted: Wanted) -> BoxFuture<'_, Result<Page, LogError>>;

    /// Whether the log can be read at this moment.
    fn check(&self) -> BoxFuture<'_, Result<(), LogError>>;

    /// Ends it: everything is on disk and free for another server when this returns.
    fn close(&self) -> BoxFuture<'_, Result<(), LogError>>;
}

/// What became of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// A new to-do.
    Created(Todo),
    /// A to-do that is different now.
    Changed(Todo),
    /// The to-do was so already; it keeps its sequence number.
    Unchanged(Todo),
    /// There is no such to-do to change.
    Unknown,
}

/// Which to-dos a list should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those that last changed after this sequence number.
    pub after: u64,
    /// At most so many.
    pub limit: usize,
}

/// A part of a list, in order of sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The to-dos.
    pub todos: Vec<Todo>,
    /// Where the next page starts ([`Wanted::after`]), if there is more.
    pub next: Option<u64>,
}

/// Why the log could not do it. Nothing was changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogError {
    /// SQLite refused.
    #[error("the to-do database: {0}")]
    Sqlite(#[from] std::sync::Arc<rusqlite::Error>),
    /// A stored to-do does not read as one.
    #[error("the stored to-do {seq} is damaged: {detail}")]
    Damaged {
        /// Its sequence number.
        seq: u64,
        /// What the parser said.
        detail: String,
    },
    /// The to-do cannot be written as JSON.
    #[error("the to-do {id:?} cannot be stored: {detail}")]
    Unwritable {
        /// Its id.
        id: String,
        /// What the encoder said.
        detail: String,
    },
    /// The log was closed.
    #[error("the server is shutting down")]
    Closed,
}

impl From<rusqlite::Error> for LogError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(std::sync::Arc::new(error))
    }
}
