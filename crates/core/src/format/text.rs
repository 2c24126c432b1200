//! Plain text: the first line is the title, the rest the body.

use crate::{
    format::{
        clean, control,
        decoded::{Decoded, Seen},
        draft::Draft,
    },
    model::Event,
};

pub(super) fn decode(event: &Event) -> Decoded {
    if control::is_sign_in(&event.data) {
        return Decoded::sign_in();
    }
    if control::of_name(&event.kind).is_some() || control::is_control_text(&event.data) {
        return Decoded::nothing();
    }
    from_text(&event.data, event)
}

/// Returns a to-do from this text of the event.
pub(super) fn from_text(text: &str, event: &Event) -> Decoded {
    match clean::title_and_body(text, None) {
        Some((title, body)) => {
            let draft = Draft {
                title,
                body,
                words: words(event),
                ..Draft::default()
            };
            Decoded::upsert(draft, Seen::Text)
        }
        None => Decoded::nothing(),
    }
}

/// Returns what the event says, word for word: it tells a to-do that has no id of its own from
/// another.
pub(super) fn words(event: &Event) -> Option<u64> {
    Some(clean::digest([&*event.kind, &*event.data]))
}

/// Returns the id that this event brought itself: one that is inherited from an event before it
/// (WHATWG HTML 9.2.6) says nothing about this one.
pub(crate) fn own_id(event: &Event) -> Option<String> {
    event.own_id.then(|| clean::id(&event.id)).flatten()
}
