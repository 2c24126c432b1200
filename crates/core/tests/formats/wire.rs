//! From wire bytes to events and to changes that can be compared.

use belldot_core::{
    format::{self, Change, Cursor, Decoded, Format, Seen},
    input::Event,
};
use jiff::tz::TimeZone;
use serde_json::json;
use sse_core::{SseDecoder, SseEvent};

/// The events that a browser would dispatch for these bytes.
pub fn events(wire: &str) -> Vec<Event> {
    let (mut decoder, mut bytes) = (SseDecoder::new(), wire.as_bytes());
    let mut events = Vec::new();
    while let Some(event) = decoder.next(&mut bytes) {
        if let SseEvent::Message(message) = event.unwrap() {
            events.push(Event {
                kind: message.event.into_owned(),
                data: message.data,
                id: message
                    .last_event_id
                    .as_deref()
                    .unwrap_or_default()
                    .to_owned(),
                own_id: message.last_event_id.is_some(),
            });
        }
    }
    events
}

pub fn decoded(format: &Format, wire: &str) -> Vec<Decoded> {
    events(wire)
        .iter()
        .map(|event| format::decode_in(format, event, &TimeZone::UTC))
        .collect()
}

/// What an event that is alone on the wire turned out to be.
pub fn seen(format: &Format, wire: &str) -> Seen {
    let all = decoded(format, wire);
    assert_eq!(all.len(), 1, "one event in {wire:?}");
    all[0].seen
}

/// The changes, one line each: a to-do as JSON (a priority of 3 is left out), `unread 5`,
/// `read id`, `remove id`.
pub fn changes(format: &Format, wire: &str) -> Vec<String> {
    decoded(format, wire)
        .into_iter()
        .flat_map(|decoded| decoded.changes)
        .map(|change| said(&change))
        .collect()
}

/// Where the stream goes on after these bytes.
pub fn cursor(format: &Format, wire: &str) -> Cursor {
    let mut cursors = decoded(format, wire)
        .into_iter()
        .map(|decoded| decoded.cursor);
    cursors
        .rfind(|cursor| *cursor != Cursor::Stays)
        .unwrap_or_default()
}

/// Compares a table of wire bytes and changes.
pub fn table(format: &Format, rows: &[(&str, &[&str])]) {
    for (wire, expected) in rows {
        assert_eq!(changes(format, wire), *expected, "{wire}");
    }
}

fn said(change: &Change) -> String {
    match change {
        Change::Upsert(draft) => {
            let text = serde_json::to_string(draft).unwrap();
            text.replace(r#","priority":3"#, "")
        }
        Change::SetUnread(count) => format!("unread {count}"),
        Change::MarkRead(id) => format!("read {id}"),
        Change::Remove(id) => format!("remove {id}"),
        Change::SetStatus { id, status } => format!("{} {id}", json!(status)).replace('"', ""),
    }
}
