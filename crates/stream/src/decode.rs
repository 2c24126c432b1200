//! Decodes bytes to events (WHATWG HTML 9.2.5 and 9.2.6), from chunks of any size.
//!
//! Written for this crate, because the published decoders leave two questions open: which buffers
//! are bounded (here all of them), and what happens to an event over the limit. Such an event is
//! skipped, but its ID and its `retry:` count: otherwise each new connection would be sent the
//! same event again.

use std::mem;
use std::time::Duration;

use belldot_wire::Event;
use bytes::{Buf, Bytes};
use memchr::{memchr, memchr2};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Data longer than this is moved out with its buffer; shorter data is copied out of it.
const MOVE_THRESHOLD: usize = 4 * 1024;

/// Decodes the bytes of a stream to [`Frame`]s.
///
/// Its memory is bounded: an event whose data, type or ID is longer than the limit is skipped up
/// to its end, and reported as [`Frame::Oversized`].
#[derive(Clone, Debug)]
pub struct Decoder {
    limit: usize,
    state: ParserState,
    /// The last byte was a CR that ended a line: an LF that follows belongs to it.
    after_cr: bool,
    /// The current event is over the limit.
    skipping: bool,
    data: Vec<u8>,
    kind: Vec<u8>,
    /// The value of an `id` line so far; ignored if a NUL follows.
    id: Vec<u8>,
    /// The last event ID *buffer* (9.2.6), which a blank line makes the last event ID *string*.
    next_event_id: Vec<u8>,
    last_event_id: String,
    /// The current block has an `id` field that was accepted.
    own_id: bool,
    retry: RetryField,
    has_spoken: bool,
}

/// One result of a [`Decoder`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// An event to dispatch.
    Event(Event),
    /// The server set its reconnection time, here without bounds.
    Retry(Duration),
    /// A comment, or a block without data.
    Heartbeat,
    /// An event is over the limit and is being skipped.
    Oversized,
}

/// A [`Frame`] whose event has not been taken out of the buffers yet.
#[derive(Clone, Copy, Debug)]
enum PendingFrame {
    /// A blank line after data.
    Event,
    Retry(Duration),
    Heartbeat,
    Oversized,
}

/// What the next byte belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ParserState {
    /// A byte order mark, of which this many bytes were read.
    Bom(usize),
    /// The start of a line.
    LineStart,
    /// A field name, of which this many bytes were read.
    FieldName([u8; LONGEST_NAME], usize),
    /// The position after the colon, where one space may follow.
    AfterColon(FieldName),
    /// A field value.
    FieldValue(FieldName),
    /// A comment.
    Comment,
    /// A line with an unknown field.
    Ignored,
}

const LONGEST_NAME: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldName {
    Data,
    Event,
    Id,
    Retry,
}

/// The value of a `retry` field, read digit by digit.
#[derive(Clone, Copy, Debug, Default)]
enum RetryField {
    #[default]
    Empty,
    Value(u64),
    Invalid,
}

impl Decoder {
    /// Creates a decoder at the start of a stream. `limit` is the longest data, type or ID, in
    /// bytes; `last_event_id` is the ID of events until the server sets one.
    pub fn new(limit: usize, last_event_id: &str) -> Self {
        Self {
            limit,
            state: ParserState::Bom(0),
            after_cr: false,
            skipping: false,
            data: Vec::new(),
            kind: Vec::new(),
            id: Vec::new(),
            next_event_id: last_event_id.into(),
            last_event_id: last_event_id.to_owned(),
            own_id: false,
            retry: RetryField::Empty,
            has_spoken: false,
        }
    }

    /// Prepares for a new connection: drops an incomplete event, keeps the last event ID.
    pub fn reconnect(&mut self) {
        *self = Self::new(self.limit, &self.last_event_id);
    }

    /// Returns the last event ID string (9.2.6); empty until the server sets one.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Returns whether the stream held anything that the standard knows so far: a comment, a
    /// known field, or a blank line.
    pub fn has_spoken(&self) -> bool {
        self.has_spoken
    }

    /// Returns the capacity of its buffers, in bytes.
    pub fn held(&self) -> usize {
        [&self.data, &self.kind, &self.id, &self.next_event_id]
            .iter()
            .map(|buffer| buffer.capacity())
            .sum::<usize>()
            + self.last_event_id.capacity()
    }

    /// Returns the next frame in the chunk, and advances the chunk past it; `None` once the chunk
    /// is used up.
    pub fn next(&mut self, chunk: &mut Bytes) -> Option<Frame> {
        let mut rest: &[u8] = chunk;
        let mut found = None;
        while found.is_none() && !rest.is_empty() {
            found = self.step(&mut rest);
        }
        self.has_spoken |= found.is_some();
        let used = chunk.len() - rest.len();
        chunk.advance(used);
        Some(match found? {
            PendingFrame::Event => Frame::Event(self.take_event()),
            PendingFrame::Retry(retry) => Frame::Retry(retry),
            PendingFrame::Heartbeat => Frame::Heartbeat,
            PendingFrame::Oversized => Frame::Oversized,
        })
    }

    /// Takes at least one byte from `rest`, or changes the state.
    fn step(&mut self, rest: &mut &[u8]) -> Option<PendingFrame> {
        match self.state {
            ParserState::LineStart => self.start_line(rest),
            ParserState::FieldValue(field) => match take_to_line_end(rest) {
                (part, None) => self.push(field, part),
                (part, Some(end)) => {
                    let oversized = self.push(field, part);
                    let found = self.end_value(field);
                    self.end_line(end);
                    oversized.or(found)
                }
            },
            ParserState::Ignored => {
                if let (_, Some(end)) = take_to_line_end(rest) {
                    self.end_line(end);
                }
                None
            }
            ParserState::Comment => {
                let (_, end) = take_to_line_end(rest);
                self.end_line(end?);
                Some(PendingFrame::Heartbeat)
            }
            ParserState::AfterColon(field) => {
                if rest.first() == Some(&b' ') {
                    rest.advance(1);
                }
                self.state = ParserState::FieldValue(field);
                None
            }
            ParserState::FieldName(name, length) => self.continue_name(name, length, rest),
            ParserState::Bom(matched) => {
                self.bom(matched, rest);
                None
            }
        }
    }

    /// Starts a line: takes all of it where `rest` holds its end.
    fn start_line(&mut self, rest: &mut &[u8]) -> Option<PendingFrame> {
        if mem::take(&mut self.after_cr) && rest.first() == Some(&b'\n') {
            rest.advance(1);
            return None;
        }
        let Some(end) = memchr2(b'\n', b'\r', rest) else {
            self.state = match rest.first() {
                Some(b':') => ParserState::Comment,
                _ => ParserState::FieldName([0; LONGEST_NAME], 0),
            };
            return None;
        };
        let (line, after) = rest.split_at(end);
        self.after_cr = after.first() == Some(&b'\r');
        *rest = after.get(1..).unwrap_or_default();
        self.whole_line(line)
    }

    fn whole_line(&mut self, line: &[u8]) -> Option<PendingFrame> {
        let (field, value) = match line {
            [] => return self.dispatch(),
            [b':', ..] => return Some(PendingFrame::Heartbeat),
            [b'd', b'a', b't', b'a', value @ ..] => (FieldName::Data, value),
            [b'e', b'v', b'e', b'n', b't', value @ ..] => (FieldName::Event, value),
            [b'i', b'd', value @ ..] => (FieldName::Id, value),
            [b'r', b'e', b't', b'r', b'y', value @ ..] => (FieldName::Retry, value),
            _ => return None,
        };
        let value = match value {
            [] => value,
            [b':', b' ', value @ ..] | [b':', value @ ..] => value,
            _ => return None,
        };
        self.start_value(field);
        let oversized = self.push(field, value);
        let found = self.end_value(field);
        oversized.or(found)
    }

    fn continue_name(
        &mut self,
        mut name: [u8; LONGEST_NAME],
        mut length: usize,
        rest: &mut &[u8],
    ) -> Option<PendingFrame> {
        while let Some(&byte) = rest.first() {
            if matches!(byte, b'\n' | b'\r') {
                rest.advance(1);
                self.end_line(byte);
                return self.whole_line(name.get(..length).unwrap_or_default());
            }
            if byte == b':' {
                rest.advance(1);
                self.state = match FieldName::named(name.get(..length).unwrap_or_default()) {
                    Some(field) => {
                        self.start_value(field);
                        ParserState::AfterColon(field)
                    }
                    None => ParserState::Ignored,
                };
                return None;
            }
            let Some(free) = name.get_mut(length) else {
                self.state = ParserState::Ignored;
                return None;
            };
            *free = byte;
            length += 1;
            rest.advance(1);
        }
        self.state = ParserState::FieldName(name, length);
        None
    }

    fn bom(&mut self, matched: usize, rest: &mut &[u8]) {
        self.state = match rest.first() {
            byte if byte == BOM.get(matched) => {
                rest.advance(1);
                match matched + 1 {
                    matched if matched == BOM.len() => ParserState::LineStart,
                    matched => ParserState::Bom(matched),
                }
            }
            _ if matched == 0 => ParserState::LineStart,
            // An incomplete byte order mark is the start of an unknown field name.
            _ => ParserState::Ignored,
        };
    }

    fn end_line(&mut self, end: u8) {
        self.after_cr = end == b'\r';
        self.state = ParserState::LineStart;
    }

    fn start_value(&mut self, field: FieldName) {
        self.has_spoken = true;
        match field {
            FieldName::Data => {}
            FieldName::Event => self.kind.clear(),
            FieldName::Id => self.id.clear(),
            FieldName::Retry => self.retry = RetryField::Empty,
        }
    }

    /// Appends a part of a value, or starts to skip the event where that exceeds the limit.
    fn push(&mut self, field: FieldName, part: &[u8]) -> Option<PendingFrame> {
        let buffer = match field {
            FieldName::Retry => {
                self.retry.push(part);
                return None;
            }
            FieldName::Id => &mut self.id,
            FieldName::Data | FieldName::Event if self.skipping => return None,
            FieldName::Data => &mut self.data,
            FieldName::Event => &mut self.kind,
        };
        if buffer.len() + part.len() <= self.limit {
            buffer.extend_from_slice(part);
            return None;
        }
        if field == FieldName::Id {
            // Ignored, like an ID with a NUL in it.
            self.id.clear();
            self.id.push(0);
        }
        self.skip()
    }

    fn end_value(&mut self, field: FieldName) -> Option<PendingFrame> {
        match field {
            FieldName::Event => {}
            FieldName::Data if self.skipping => {}
            // Empty lines reach the limit, too.
            FieldName::Data if self.data.len() > self.limit => return self.skip(),
            FieldName::Data => self.data.push(b'\n'),
            FieldName::Id if memchr(0, &self.id).is_some() => {}
            FieldName::Id => {
                mem::swap(&mut self.id, &mut self.next_event_id);
                self.own_id = true;
            }
            FieldName::Retry => return self.retry.take().map(PendingFrame::Retry),
        }
        None
    }

    fn skip(&mut self) -> Option<PendingFrame> {
        self.data = Vec::new();
        self.kind = Vec::new();
        (!mem::replace(&mut self.skipping, true)).then_some(PendingFrame::Oversized)
    }

    /// The blank line (9.2.6, "dispatch the event").
    fn dispatch(&mut self) -> Option<PendingFrame> {
        if self.next_event_id != self.last_event_id.as_bytes() {
            set_text(&mut self.last_event_id, &self.next_event_id);
            // Invalid bytes are replaced in both, so that they compare equal.
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
            return Some(PendingFrame::Event);
        }
        self.kind.clear();
        self.own_id = false;
        Some(PendingFrame::Heartbeat)
    }

    fn take_event(&mut self) -> Event {
        let data = if self.data.len() > MOVE_THRESHOLD {
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

impl FieldName {
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

impl RetryField {
    fn push(&mut self, digits: &[u8]) {
        for digit in digits {
            *self = match (*self, digit) {
                (Self::Empty, b'0'..=b'9') => Self::Value(u64::from(digit - b'0')),
                (Self::Value(value), b'0'..=b'9') => {
                    // A number beyond the range counts as the largest one.
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

/// Takes the rest of the line, and the byte that ends it where it has been received.
fn take_to_line_end<'a>(rest: &mut &'a [u8]) -> (&'a [u8], Option<u8>) {
    let Some(at) = memchr2(b'\n', b'\r', rest) else {
        return (mem::take(rest), None);
    };
    let (part, after) = rest.split_at(at);
    *rest = after.get(1..).unwrap_or_default();
    (part, after.first().copied())
}

/// Decodes UTF-8, with U+FFFD for invalid bytes.
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
