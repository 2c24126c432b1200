//! Plain text: the first line is the title, the rest the body.

use crate::{
    format::{Decoded, Draft, Seen, clean, life},
    input::Event,
};

pub(super) fn decode(event: &Event) -> Decoded {
    if life::is_sign_in(&event.data) {
        return Decoded::sign_in();
    }
    if life::of_name(&event.kind).is_some() || life::is_life(&event.data) {
        return Decoded::nothing();
    }
    from_text(&event.data, event)
}

/// A to-do from this text of the event.
pub(super) fn from_text(text: &str, event: &Event) -> Decoded {
    match clean::title_and_body(text, None) {
        Some((title, body)) => {
            let draft = Draft {
                id: identity(event),
                title,
                body,
                ..Draft::default()
            };
            Decoded::upsert(draft, Seen::Text)
        }
        None => Decoded::nothing(),
    }
}

/// The id of a to-do that has none of its own: that of its event. The data belongs to it, because
/// an event without an id carries on that of the event before it (WHATWG HTML 9.2.6), and because
/// a server that begins to count anew does not mean its old events.
pub(super) fn identity(event: &Event) -> Option<String> {
    let id = clean::id(&event.id)?;
    Some(format!(
        "{id}#{:016x}",
        clean::digest([&*event.kind, &*event.data])
    ))
}
