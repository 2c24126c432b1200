//! How a source's events become changes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a source's events become changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum Format {
    /// Decides by what it sees.
    #[default]
    Auto,
    /// Belldot's own: events `todo`, `unread`.
    Todo,
    /// Every event's data is a title.
    Text,
}
