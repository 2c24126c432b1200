//! The log of to-dos: durable, totally ordered, compacted to one entry per to-do.
//!
//! Every write gives its to-do a new sequence number, which is also the id of the SSE event that
//! carries it. The log keeps only the newest entry of each to-do, so a replay is the present state
//! and not a history.

mod entry;
mod error;
mod event;
mod fanout;
mod nats;
mod sqlite;
mod todo_log;

pub use entry::{Audience, EntryView, Refusal, TodoAddress, TodoEntry, TodoWrite, WriteCondition};
pub use error::{LogError, OpenError, WriteError};
pub use event::LogEvent;
pub use fanout::LogSubscription;
pub use nats::{NatsConfig, NatsError, NatsLog};
pub use sqlite::{SqliteLog, backup};
pub use todo_log::{ListOptions, LogPage, PutOutcome, TodoLog};
