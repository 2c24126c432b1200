//! What a format would make of a server's first events, for the settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    format::{
        change::Change,
        decode::{Format, decode},
        decoded::Seen,
        draft::Draft,
        pointer::read,
        tree::{Node, tree},
    },
    model::Event,
};

/// What a format would make of a server's first events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Preview {
    /// What most of them turned out to be, heartbeats aside.
    pub decided: Seen,
    /// One row for each event.
    pub rows: Vec<PreviewRow>,
    /// The server's own unread count after them, if it sends one.
    #[ts(type = "number | null")]
    pub unread: Option<u64>,
}

/// One event, and what would become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PreviewRow {
    /// The event type.
    pub kind: String,
    /// The data, to be read and pointed at.
    pub tree: Node,
    /// Whether it is left out because somebody said so.
    pub left_out: bool,
    /// What it turned out to be.
    pub seen: Seen,
    /// The to-dos that it would become.
    pub todos: Vec<Draft>,
}

/// Returns what a format would make of a server's first events.
pub fn preview(format: &Format, events: &[Event]) -> Preview {
    let mut preview = Preview::default();
    let mut votes: BTreeMap<Seen, usize> = BTreeMap::new();
    let map = match format {
        Format::Json(map) => Some(map),
        _ => None,
    };
    for event in events {
        let decoded = decode(format, event);
        if decoded.seen != Seen::Nothing {
            *votes.entry(decoded.seen).or_default() += 1;
        }
        let mut todos = Vec::new();
        for change in decoded.changes {
            match change {
                Change::Upsert(draft) => todos.push(*draft),
                Change::SetUnread(count) => preview.unread = Some(count),
                Change::MarkRead(_) | Change::Remove(_) | Change::SetStatus { .. } => (),
            }
        }
        preview.rows.push(PreviewRow {
            kind: event.kind.clone(),
            tree: tree(&event.data, map),
            left_out: map.is_some_and(|map| map.leaves_out(event, &read(&event.data))),
            seen: decoded.seen,
            todos,
        });
    }
    preview.decided = votes
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map_or(Seen::Nothing, |(seen, _)| seen);
    preview
}
