//! What the objects around a value say about it.

use jiff::Timestamp;
use serde_json::Value;

use crate::format::{draft::Draft, operation::Operation};

/// What the objects around a value say about it.
#[derive(Clone, Default)]
pub(in crate::format) struct EnvelopeContext<'a> {
    /// What happened to what is inside.
    pub operation: Option<Operation>,
    /// The id of what is inside and has none of its own.
    pub id: Option<String>,
    /// When it was created, where it does not say so.
    pub created: Option<Timestamp>,
    /// The rest of a to-do whose fields are on two levels.
    pub base: Option<&'a Draft>,
    /// The element of a list that it is, where it is one.
    pub element: Option<&'a Value>,
    /// Only what has a title counts, a message does not.
    pub strict: bool,
    /// How deep in the event it stands.
    pub depth: u8,
}
