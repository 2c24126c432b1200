//! What a format would make of a server's first events, for the settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    format::{Change, Draft, Format, Seen, decode},
    input::Event,
};

/// The most characters of an event's data in a preview.
const DATA: usize = 2_000;

/// What a format would make of a server's first events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Preview {
    /// What most of them turned out to be, signs of life aside.
    pub decided: Seen,
    /// One row for each event.
    pub rows: Vec<PreviewRow>,
    /// The server's own unread count after them, if it sends one.
    #[ts(type = "number | null")]
    pub unread: Option<u64>,
}

/// One event, and what would become of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PreviewRow {
    /// The event type.
    pub kind: String,
    /// The data, cut where it is long.
    pub data: String,
    /// What it turned out to be.
    pub seen: Seen,
    /// The to-dos that it would become.
    pub todos: Vec<Draft>,
}

/// What a format would make of a server's first events.
pub fn preview(format: &Format, events: &[Event]) -> Preview {
    let mut preview = Preview::default();
    let mut votes: BTreeMap<Seen, usize> = BTreeMap::new();
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
            data: event.data.chars().take(DATA).collect(),
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
