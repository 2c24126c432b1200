//! What the inbox keeps of what is done.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the inbox keeps of what is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Retention {
    /// So many days after a to-do was done.
    pub keep_done_days: u32,
    /// As long as the inbox has at most so many megabytes. What is open counts but stays.
    pub most_megabytes: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            keep_done_days: 90,
            most_megabytes: 500,
        }
    }
}
