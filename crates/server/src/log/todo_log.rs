//! The interface of the log.

use belldot_wire::Status;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use jiff::Timestamp;

use super::entry::{Audience, TodoAddress, TodoEntry, TodoWrite};
use super::error::{LogError, WriteError};
use super::event::LogEvent;
use super::fanout::LogSubscription;

/// Stores to-dos and publishes their changes.
///
/// Every implementation guarantees:
/// - A sequence number is never used twice, not even after a restart.
/// - Once [`write`](Self::write) or [`read_all`](Self::read_all) has returned `Ok`, the change is on
///   disk and survives a crash.
/// - An event is published to subscriptions after it is durable, in order of sequence.
/// - A client that subscribes first, then reads [`since`](Self::since) to its end, then takes from
///   the subscription the events newer than the last one read, misses no change.
pub trait TodoLog: Send + Sync + 'static {
    /// Applies all `writes`, or none of them; reading the old states and writing the new ones is
    /// atomic. Returns what became of each, in their order. Two of them must not name the same
    /// to-do.
    ///
    /// # Errors
    /// If one of them is refused, the log is closed, or the database cannot be written.
    fn write(&self, writes: Vec<TodoWrite>) -> BoxFuture<'_, Result<Vec<PutOutcome>, WriteError>>;

    /// Atomically marks as read every open to-do of `user` that last changed at or before sequence
    /// number `up_to`. Returns how many were unread.
    ///
    /// # Errors
    /// If the log is closed, or the database cannot be written.
    fn read_all(&self, user: &str, up_to: u64) -> BoxFuture<'_, Result<usize, LogError>>;

    /// Streams every to-do of `audience` that last changed after `seq`, in order of sequence, in
    /// pages. What was deleted is among them.
    ///
    /// Without `seq`: all open to-dos, then a mark with the sequence number of that state, then
    /// the later changes. The stream ends after its first error. An entry that is damaged is
    /// left out.
    fn since(
        &self,
        audience: &Audience,
        seq: Option<u64>,
    ) -> BoxStream<'static, Result<Vec<LogEvent>, LogError>>;

    /// Subscribes to the changes that concern `audience` from now on.
    fn subscribe(&self, audience: &Audience) -> LogSubscription;

    /// Returns the newest sequence number of all users; 0 in an empty log.
    fn newest(&self) -> u64;

    /// Returns whether the log has given the sequence number `seq`; if another server that shares it
    /// has, waits a little until this one has it too.
    fn reaches(&self, seq: u64) -> BoxFuture<'_, bool>;

    /// Returns the entry at `address`, if there is one that it may read
    /// ([`TodoAddress::reads`]).
    ///
    /// # Errors
    /// If the log is closed, or the database cannot be read.
    fn get(&self, address: &TodoAddress) -> BoxFuture<'_, Result<Option<TodoEntry>, LogError>>;

    /// Returns one page of the to-dos of `audience`, without those that are deleted or damaged.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn list(
        &self,
        audience: &Audience,
        options: ListOptions,
    ) -> BoxFuture<'_, Result<LogPage, LogError>>;

    /// Returns all users who have to-dos.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn users(&self) -> BoxFuture<'_, Result<Vec<String>, LogError>>;

    /// Removes some of the entries that are not open and last changed before `before`, without an
    /// event. Returns how many; 0 when none is left.
    ///
    /// # Errors
    /// As [`read_all`](Self::read_all).
    fn purge(&self, before: Timestamp) -> BoxFuture<'_, Result<usize, LogError>>;

    /// Checks that the log can be read now.
    ///
    /// # Errors
    /// If it cannot.
    fn check(&self) -> BoxFuture<'_, Result<(), LogError>>;

    /// Checks that the log can be written now, by a write that changes nothing.
    ///
    /// # Errors
    /// If it cannot.
    fn check_writes(&self) -> BoxFuture<'_, Result<(), LogError>>;

    /// Waits until a part of the log that it cannot do without has ended: by
    /// [`close`](Self::close), or by a fault.
    fn stopped(&self) -> BoxFuture<'_, ()>;

    /// Closes the log. When this returns, everything is on disk and another server may open it.
    ///
    /// # Errors
    /// If it was closed before.
    fn close(&self) -> BoxFuture<'_, Result<(), LogError>>;
}

/// What became of one write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutOutcome {
    /// The to-do was created.
    Created(TodoEntry),
    /// The to-do was changed.
    Changed(TodoEntry),
    /// The write made no difference; the to-do keeps its sequence number.
    Unchanged(TodoEntry),
}

impl PutOutcome {
    pub(super) fn entry(&self) -> &TodoEntry {
        match self {
            Self::Created(entry) | Self::Changed(entry) | Self::Unchanged(entry) => entry,
        }
    }

    pub(super) fn entry_mut(&mut self) -> &mut TodoEntry {
        match self {
            Self::Created(entry) | Self::Changed(entry) | Self::Unchanged(entry) => entry,
        }
    }

    /// Returns the entry as it is now.
    pub fn into_entry(self) -> TodoEntry {
        match self {
            Self::Created(entry) | Self::Changed(entry) | Self::Unchanged(entry) => entry,
        }
    }
}

/// Filter and page of [`TodoLog::list`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those of this user; for an owner's list.
    pub user: Option<String>,
    /// Only those that last changed after this sequence number.
    pub after: u64,
    /// The largest number of to-dos to return.
    pub limit: usize,
}

/// One page of [`TodoLog::list`], in order of sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The to-dos.
    pub entries: Vec<TodoEntry>,
    /// Where the next page starts ([`ListOptions::after`]), if there is more.
    pub next: Option<u64>,
}
