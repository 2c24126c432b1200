//! Bytes to events, as WHATWG HTML 9.2.5 and 9.2.6 have it, in chunks of any size.
//!
//! Of its own, because here lies what the other decoders leave open: what is bounded (everything),
//! and what becomes of an event that is too long. Such an event is skipped, but its ID and its
//! `retry:` count: otherwise each new connection would be sent the same event again.

use std::mem;
use std::time::Duration;

use bytes::{Buf, Bytes};
use memchr::{memchr, memchr2};

use crate::Event;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Data longer than this is handed out with its buffer; shorter data is copied out of it.
const HANDED_OUT: usize = 4 * 1024;

/// Turns the bytes of a stream into events.
///
/// Its memory is bounded: an event whose data, type or ID is longer than the limit is skipped up
/// to its end, and reported as [`Decoded::Oversized`].
#[derive(Clone, Debug)]
pub struct Decoder {
    limit: usize,
    place: Place,
    /// The last byte was a CR that ended a line: an LF that follows belongs to it.
    after_cr: bool,
    /// The event is over the limit.
    skipping: bool,
    data: Vec<u8>,
    kind: Vec<u8>,
    /// The value of an `id` line, which may yet turn out to hold a NUL.
    id: Vec<u8>,
    /// The last event ID *buffer* (9.2.6), which a blank line makes the last event ID *string*.
    next_event_id: Vec<u8>,
    last_event_id: String,
    /// The block has an `id` field that counts.
    own_id: bool,
    retry: Number,
    has_spoken: bool,
}

/// What a [`Decoder`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// An event to dispatch.
    Event(Event),
    /// The server named its reconnection time, as it stands there.
    Retry(Duration),
    /// A comment, or a block without data: nothing but a sign of life.
    Heartbeat,
    /// An event is over the limit and is being skipped.
    Oversized,
}

/// A finding that is still to be told.
#[derive(Clone, Copy, Debug)]
enum Found {
    /// A blank line after data.
    Event,
    Retry(Duration),
    Heartbeat,
    Oversized,
}

/// Where in the stream the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In a byte order mark, of which this much was there.
    Bom(usize),
    /// At the beginning of a line.
    Line,
    /// In the name of a field, of which this much was there.
    Name([u8; LONGEST_NAME], usize),
    /// After the colon, where one space may follow.
    Colon(Field),
    /// In the value of a field.
    Value(Field),
    /// In a comment.
    Comment,
    /// In a line that means nothing.
    Nothing,
}

const LONGEST_NAME: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Data,
    Event,
    Id,
    Retry,
}

/// A number as it comes in, digit by digit.
#[derive(Clone, Copy, Debug, Default)]
enum Number {
    #[default]
    Empty,
    Value(u64),
    Invalid,
}

impl Decoder {
    /// A decoder at the beginning of a stream. `limit` is the longest data, type or ID in bytes;
    /// `last_event_id` is the ID that events bear until the server names one.
    pub fn new(limit: usize, last_event_id: &str) -> Self {
        Self {
            limit,
            place: Place::Bom(0),
            after_cr: false,
            skipping: false,
            data: Vec::new(),
            kind: Vec::new(),
            id: Vec::new(),
            next_event_id: last_event_id.into(),
            last_event_id: last_event_id.to_owned(),
            own_id: false,
            retry: Number::Empty,
            has_spoken: false,
        }
    }

    /// A new connection: forgets an event cut short, keeps the last event ID.
    pub fn reconnect(&mut self) {
        *self = Self::new(self.limit, &self.last_event_id);
    }

    /// The last event ID string (9.2.6); empty until the server names one.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Whether anything was said since the stream began: a comment, a field of the standard, or a
    /// blank line.
    pub fn has_spoken(&self) -> bool {
        self.has_spoken
    }

    /// How many bytes it holds on to, for events that are not complete yet.
    pub fn held(&self) -> usize {
        [&self.data, &self.kind, &self.id, &self.next_event_id]
            .iter()
            .map(|buffer| buffer.capacity())
            .sum::<usize>()
            + self.last_event_id.capacity()
    }

    /// The next finding in the chunk; `None` once the chunk is used up.
    pub fn next(&mut self, chunk: &mut Bytes) -> Option<Decoded> {
        let mut rest: &[u8] = chunk;
        let mut found = None;
        while found.is_none() && !rest.is_empty() {
            found = self.step(&mut rest);
        }
        self.has_spoken |= found.is_some();
        let used = chunk.len() - rest.len();
        chunk.advance(used);
        Some(match found? {
            Found::Event => Decoded::Event(self.take_event()),
            Found::Retry(retry) => Decoded::Retry(retry),
            Found::Heartbeat => Decoded::Heartbeat,
            Found::Oversized => Decoded::Oversized,
        })
    }

    /// Takes at least one byte from `rest`, or moves to another place.
    fn step(&mut self, rest: &mut &[u8]) -> Option<Found> {
        match self.place {
            Place::Line => self.line_begins(rest),
            Place::Value(field) => match take_to_line_end(rest) {
                (part, None) => self.push(field, part),
                (part, Some(end)) => {
                    let oversized = self.push(field, part);
                    let found = self.value_ends(field);
                    self.line_ends(end);
                    oversized.or(found)
                }
            },
            Place::Nothing => {
                if let (_, Some(end)) = take_to_line_end(rest) {
                    self.line_ends(end);
                }
                None
            }
            Place::Comment => {
                let (_, end) = take_to_line_end(rest);
                self.line_ends(end?);
                Some(Found::Heartbeat)
            }
            Place::Colon(field) => {
                if rest.first() == Some(&b' ') {
                    rest.advance(1);
                }
                self.place = Place::Value(field);
                None
            }
            Place::Name(name, length) => self.name_goes_on(name, length, rest),
            Place::Bom(matched) => {
                self.bom(matched, rest);
                None
            }
        }
    }

    /// At the beginning of a line: takes the whole line where it is there.
    fn line_begins(&mut self, rest: &mut &[u8]) -> Option<Found> {
        if mem::take(&mut self.after_cr) && rest.first() == Some(&b'\n') {
            rest.advance(1);
            return None;
        }
        let Some(end) = memchr2(b'\n', b'\r', rest) else {
            self.place = match rest.first() {
                Some(b':') => Place::Comment,
                _ => Place::Name([0; LONGEST_NAME], 0),
            };
            return None;
        };
        let (line, after) = rest.split_at(end);
        self.after_cr = after.first() == Some(&b'\r');
        *rest = after.get(1..).unwrap_or_default();
        self.line(line)
    }

    fn line(&mut self, line: &[u8]) -> Option<Found> {
        let (field, value) = match line {
            [] => return self.dispatch(),
            [b':', ..] => return Some(Found::Heartbeat),
            [b'd', b'a', b't', b'a', value @ ..] => (Field::Data, value),
            [b'e', b'v', b'e', b'n', b't', value @ ..] => (Field::Event, value),
            [b'i', b'd', value @ ..] => (Field::Id, value),
            [b'r', b'e', b't', b'r', b'y', value @ ..] => (Field::Retry, value),
            _ => return None,
        };
        let value = match value {
            [] => value,
            [b':', b' ', value @ ..] | [b':', value @ ..] => value,
            _ => return None,
        };
        self.value_begins(field);
        let oversized = self.push(field, value);
        let found = self.value_ends(field);
        oversized.or(found)
    }

    fn name_goes_on(
        &mut self,
        mut name: [u8; LONGEST_NAME],
        mut length: usize,
        rest: &mut &[u8],
    ) -> Option<Found> {
        while let Some(&byte) = rest.first() {
            if matches!(byte, b'\n' | b'\r') {
                rest.advance(1);
                self.line_ends(byte);
                return self.line(name.get(..length).unwrap_or_default());
            }
            if byte == b':' {
                rest.advance(1);
                self.place = match Field::named(name.get(..length).unwrap_or_default()) {
                    Some(field) => {
                        self.value_begins(field);
                        Place::Colon(field)
                    }
                    None => Place::Nothing,
                };
                return None;
            }
            let Some(free) = name.get_mut(length) else {
                self.place = Place::Nothing;
                return None;
            };
            *free = byte;
            length += 1;
            rest.advance(1);
        }
        self.place = Place::Name(name, length);
        None
    }

    fn bom(&mut self, matched: usize, rest: &mut &[u8]) {
        self.place = match rest.first() {
            byte if byte == BOM.get(matched) => {
                rest.advance(1);
                match matched + 1 {
                    matched if matched == BOM.len() => Place::Line,
                    matched => Place::Bom(matched),
                }
            }
            _ if matched == 0 => Place::Line,
            // A part of a mark is no mark, but the beginning of a name that means nothing.
            _ => Place::Nothing,
        };
    }

    fn line_ends(&mut self, end: u8) {
        self.after_cr = end == b'\r';
        self.place = Place::Line;
    }

    fn value_begins(&mut self, field: Field) {
        self.has_spoken = true;
        match field {
            Field::Data => {}
            Field::Event => self.kind.clear(),
            Field::Id => self.id.clear(),
            Field::Retry => self.retry = Number::Empty,
        }
    }

    /// Adds a part of a value, unless that is too much.
    fn push(&mut self, field: Field, part: &[u8]) -> Option<Found> {
        let buffer = match field {
            Field::Retry => {
                self.retry.push(part);
                return None;
            }
            Field::Id => &mut self.id,
            Field::Data | Field::Event if self.skipping => return None,
            Field::Data => &mut self.data,
            Field::Event => &mut self.kind,
        };
        if buffer.len() + part.len() <= self.limit {
            buffer.extend_from_slice(part);
            return None;
        }
        if field == Field::Id {
            // As if it had a NUL in it: ignored.
            self.id.clear();
            self.id.push(0);
        }
        self.skip()
    }

    fn value_ends(&mut self, field: Field) -> Option<Found> {
        match field {
            Field::Event => {}
            Field::Data if self.skipping => {}
            // Reached by empty lines, too, none of which is too long.
            Field::Data if self.data.len() > self.limit => return self.skip(),
            Field::Data => self.data.push(b'\n'),
            Field::Id if memchr(0, &self.id).is_some() => {}
            Field::Id => {
                mem::swap(&mut self.id, &mut self.next_event_id);
                self.own_id = true;
            }
            Field::Retry => return self.retry.take().map(Found::Retry),
        }
        None
    }

    fn skip(&mut self) -> Option<Found> {
        self.data = Vec::new();
        self.kind = Vec::new();
        (!mem::replace(&mut self.skipping, true)).then_some(Found::Oversized)
    }

    /// The blank line (9.2.6, "dispatch the event").
    fn dispatch(&mut self) -> Option<Found> {
        if self.next_event_id != self.last_event_id.as_bytes() {
            set_text(&mut self.last_event_id, &self.next_event_id);
            // What was not valid is replaced for good, so that both are equal.
            self.next_event_id.clear();
            self.next_event_id
                .extend_from_slice(self.last_event_id.as_bytes());
        }
        if mem::take(&mut self.skipping) {
            self.own_id = false;
            return None;
        }
        // The data ends with the LF of its last line.
        if self.data.pop().is_some() {
            return Some(Found::Event);
        }
        self.kind.clear();
        self.own_id = false;
        Some(Found::Heartbeat)
    }

    fn take_event(&mut self) -> Event {
        let data = if self.data.len() > HANDED_OUT {
            let mut data = mem::take(&mut self.data);
            data.shrink_to_fit();
            String::from_utf8(data).unwrap_or_else(|error| text(error.as_bytes()))
        } else {
            let data = text(&self.data);
            self.data.clear();
            data
        };
        let kind = if self.kind.is_empty() {
            "message".to_owned()
        } else {
            text(&self.kind)
        };
        self.kind.clear();
        Event {
            kind,
            data,
            id: self.last_event_id.clone(),
            own_id: mem::take(&mut self.own_id),
        }
    }
}

impl Field {
    fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"data" => Some(Self::Data),
            b"event" => Some(Self::Event),
            b"id" => Some(Self::Id),
            b"retry" => Some(Self::Retry),
            _ => None,
        }
    }
}

impl Number {
    fn push(&mut self, digits: &[u8]) {
        for digit in digits {
            *self = match (*self, digit) {
                (Self::Empty, b'0'..=b'9') => Self::Value(u64::from(digit - b'0')),
                (Self::Value(value), b'0'..=b'9') => {
                    // A number that is too large to be held is very large.
                    Self::Value(
                        value
                            .saturating_mul(10)
                            .saturating_add(u64::from(digit - b'0')),
                    )
                }
                _ => Self::Invalid,
            };
        }
    }

    fn take(&mut self) -> Option<Duration> {
        match mem::take(self) {
            Self::Value(value) => Some(Duration::from_millis(value)),
            Self::Empty | Self::Invalid => None,
        }
    }
}

/// Takes what stands before the end of the line, and the end, where it is there.
fn take_to_line_end<'a>(rest: &mut &'a [u8]) -> (&'a [u8], Option<u8>) {
    let Some(at) = memchr2(b'\n', b'\r', rest) else {
        return (mem::take(rest), None);
    };
    let (part, after) = rest.split_at(at);
    *rest = after.get(1..).unwrap_or_default();
    (part, after.first().copied())
}

/// UTF-8, with U+FFFD for what is not.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn set_text(to: &mut String, bytes: &[u8]) {
    to.clear();
    match std::str::from_utf8(bytes) {
        Ok(text) => to.push_str(text),
        Err(_) => to.push_str(&String::from_utf8_lossy(bytes)),
    }
}

/// Whether an event says nothing but "I am here": ntfy's `keepalive`, Home Assistant's `ping`, …
pub(crate) fn says_nothing(event: &Event) -> bool {
    const WORDS: [&str; 4] = ["ping", "keepalive", "keep-alive", "heartbeat"];
    let named = |text: &str| WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    named(&event.kind) || named(&event.data)
}
