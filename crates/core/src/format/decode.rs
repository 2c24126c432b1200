//! The formats, and the decoder of each.

use belldot_wire::clean_line;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use crate::{
    format::{
        auto,
        change::Change,
        cloudevents, control,
        decoded::{Cursor, Decoded},
        home_assistant, json,
        map::JsonMap,
        ntfy,
        since::{split_since, with_since},
        text, todo, wikimedia,
    },
    model::Event,
};

/// How a source's events become changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one a source, and few sources"
)]
pub enum Format {
    /// Recognized by the content of each event.
    #[default]
    Auto,
    /// Belldot's own: events `todo`, `unread`.
    Todo,
    /// Every event's data is a title.
    Text,
    /// JSON of any shape, mapped by JSON Pointers.
    Json(JsonMap),
    /// CloudEvents 1.0, structured JSON.
    #[serde(rename = "cloudevents")]
    CloudEvents,
    /// ntfy, `/<topic>/sse`.
    Ntfy,
    /// A Mercure hub: updates of any shape.
    Mercure,
    /// Home Assistant, `/api/stream`.
    HomeAssistant,
    /// Wikimedia EventStreams.
    Wikimedia,
}

/// Returns what an event does to the inbox. Times without a zone are those of this computer's.
pub fn decode(format: &Format, event: &Event) -> Decoded {
    decode_in(format, event, &TimeZone::system())
}

/// Returns what an event does to the inbox. Times without a zone are those of `zone`.
pub fn decode_in(format: &Format, event: &Event, zone: &TimeZone) -> Decoded {
    if is_full(event) {
        return Decoded::nothing();
    }
    if event.kind == "stream-error" {
        return stream_error(event);
    }
    let mut decoded = match format {
        Format::Auto | Format::Mercure => auto::decode(event, zone),
        Format::Todo => todo::decode(event, zone),
        Format::Text => text::decode(event),
        Format::Json(map) => map.decode(event, zone),
        Format::CloudEvents => cloudevents::decode(event, zone),
        Format::Ntfy => ntfy::decode(event, zone),
        Format::HomeAssistant => home_assistant::decode(event, zone),
        Format::Wikimedia => wikimedia::decode(event, zone),
    };
    for change in &mut decoded.changes {
        if let Change::Upsert(draft) = change {
            draft.words = draft.words.or_else(|| text::words(event));
        }
    }
    if decoded.cursor == Cursor::Stays {
        decoded.cursor = Cursor::Id(event.id.clone());
    }
    decoded.not_utf8 = event.data.contains('\u{fffd}');
    decoded
}

impl Format {
    /// Returns the address at which a stream goes on after a message that the server wants to hear
    /// of in the address; `None`: as the source says.
    pub fn address(&self, url: &Url, since: Option<&str>) -> Option<Url> {
        let since = match (since, self) {
            (Some(since), _) => since,
            // A first look at what the server still has.
            (None, Self::Ntfy) if split_since(url).1.is_none() => "all",
            _ => return None,
        };
        Some(with_since(url, since))
    }
}

/// Returns whether this is the event by which a server says that it is full; the stream acts on it.
fn is_full(event: &Event) -> bool {
    event.kind == "message" && event.data == belldot_wire::TOO_MANY_CONNECTIONS
}

/// Decodes an error that is sent as an event, as django-eventstream does. Its id (`error`) is no
/// place to go on from.
fn stream_error(event: &Event) -> Decoded {
    let said = json::read(&event.data).and_then(|error| {
        let text = error.get("text").or_else(|| error.get("condition"))?;
        Some(clean_line(text.as_str()?))
    });
    let said = said.unwrap_or_else(|| clean_line(&event.data));
    let sign_in = control::is_sign_in(&said);
    Decoded {
        said: (!sign_in).then_some(said),
        sign_in,
        ..Decoded::default()
    }
}
