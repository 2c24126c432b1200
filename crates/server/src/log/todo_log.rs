//! The interface of the log.

use belldot_wire::{Status, Todo};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use super::error::LogError;
use super::event::LogEvent;
use super::fanout::LogSubscription;
use crate::edit::TodoEdit;

/// Stores to-dos and publishes their changes.
///
/// Every implementation guarantees:
/// - A sequence number is never used twice, not even after a restart.
/// - Once [`put`](Self::put) or [`read_all`](Self::read_all) has returned `Ok`, the change is on
///   disk and survives a crash.
/// - An event is published to subscriptions after it is durable, in order of sequence.
/// - A client that subscribes first, then reads [`since`](Self::since) to its end, then takes from
///   the subscription the events newer than the last one read, misses no change.
pub trait TodoLog: Send + Sync + 'static {
    /// Applies `edit` to the user's to-do `id`; reading the old state and writing the new one is
    /// atomic.
    ///
    /// # Errors
    /// If the log is closed, the stored to-do is damaged, or the database cannot be written.
    fn put(
        &self,
        user: &str,
        id: &str,
        edit: TodoEdit,
    ) -> BoxFuture<'_, Result<PutOutcome, LogError>>;

    /// Atomically marks as read every open to-do of `user` that last changed at or before sequence
    /// number `up_to`. Returns how many were unread.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    fn read_all(&self, user: &str, up_to: u64) -> BoxFuture<'_, Result<usize, LogError>>;

    /// Streams every to-do of `user` that last changed after `seq`, in order of sequence, in pages.
    ///
    /// Without `seq`: all open to-dos, then a mark with the sequence number of that state, then
    /// the later changes. The stream ends after its first error.
    fn since(
        &self,
        user: &str,
        seq: Option<u64>,
    ) -> BoxStream<'static, Result<Vec<LogEvent>, LogError>>;

    /// Subscribes to the changes of the to-dos of `user` from now on.
    fn subscribe(&self, user: &str) -> LogSubscription;

    /// Returns the newest sequence number of all users; 0 in an empty log.
    fn newest(&self) -> u64;

    /// Returns the user's to-do `id`, if there is one.
    ///
    /// # Errors
    /// If the log is closed, the stored to-do is damaged, or the database cannot be read.
    fn get(&self, user: &str, id: &str) -> BoxFuture<'_, Result<Option<Todo>, LogError>>;

    /// Returns one page of the user's to-dos.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn list(&self, user: &str, options: ListOptions) -> BoxFuture<'_, Result<LogPage, LogError>>;

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

/// The result of [`TodoLog::put`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PutOutcome {
    /// The to-do was created.
    Created(Todo),
    /// The to-do was changed.
    Changed(Todo),
    /// The edit made no difference; the to-do keeps its sequence number.
    Unchanged(Todo),
    /// There is no such to-do.
    Unknown,
}

/// Filter and page of [`TodoLog::list`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListOptions {
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those that last changed after this sequence number.
    pub after: u64,
    /// The largest number of to-dos to return.
    pub limit: usize,
}

/// One page of [`TodoLog::list`], in order of sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The to-dos.
    pub todos: Vec<Todo>,
    /// Where the next page starts ([`ListOptions::after`]), if there is more.
    pub next: Option<u64>,
}
