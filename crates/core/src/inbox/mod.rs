//! The durable store of to-dos and cursors (SQLite).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A to-do's key in this inbox, unique over all sources and never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export)]
pub struct TodoKey(pub i64);
