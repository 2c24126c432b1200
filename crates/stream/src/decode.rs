//! Bytes to events, as WHATWG HTML 9.2.5 and 9.2.6 have it.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use sse_core::{SseDecoder, SseEvent};

use crate::Event;

/// Buffers that one large event has grown are given back beyond this many bytes.
const KEPT_CAPACITY: usize = 64 * 1024;

/// Turns the bytes of a stream, in chunks of any size, into events.
///
/// Memory is bounded: an event with more data (or a longer type or ID) than the limit is skipped
/// up to its end and reported as [`Decoded::Oversized`].
#[derive(Debug)]
pub struct Decoder {
    inner: SseDecoder,
    limit: NonZeroUsize,
}

/// What a [`Decoder`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// An event to dispatch.
    Event(Event),
    /// The server named its reconnection time, as it stands there.
    Retry(Duration),
    /// An event exceeded the limit and is skipped.
    Oversized,
}

impl Decoder {
    /// A decoder at the beginning of a stream. `limit` is the largest data, type or ID in bytes;
    /// `last_event_id` is the ID that events bear until the server names one.
    pub fn new(limit: usize, last_event_id: &str) -> Self {
        let limit = NonZeroUsize::new(limit).unwrap_or(NonZeroUsize::MIN);
        let mut inner = SseDecoder::with_limit(limit);
        inner.reconnect_with_id(to_id(last_event_id));
        Self { inner, limit }
    }

    /// A new connection: forgets an event cut short, keeps the last event ID.
    pub fn reconnect(&mut self) {
        self.inner.reconnect();
    }

    /// The last event ID string (9.2.6), where it is not empty.
    pub fn last_event_id(&self) -> Option<&Arc<str>> {
        self.inner.last_event_id()
    }

    /// The next finding in the chunk; `None` once the chunk is used up.
    pub fn next(&mut self, chunk: &mut Bytes) -> Option<Decoded> {
        let message = match self.inner.next(chunk)? {
            Ok(SseEvent::Message(message)) => message,
            Ok(SseEvent::Retry(ms)) => {
                return Some(Decoded::Retry(Duration::from_millis(ms.into())));
            }
            Err(_too_large) => return Some(Decoded::Oversized),
        };
        let mut data = message.data;
        if data.capacity() > KEPT_CAPACITY {
            data.shrink_to_fit();
            self.give_back();
        }
        Some(Decoded::Event(Event {
            kind: message.event.into_owned(),
            data,
            id: message
                .last_event_id
                .as_deref()
                .unwrap_or_default()
                .to_owned(),
        }))
    }

    /// The decoder hands its buffer out and takes another as large for each event to come.
    /// Between two events it can be replaced by a fresh one, past its byte order mark.
    fn give_back(&mut self) {
        let mut fresh = SseDecoder::with_limit(self.limit);
        fresh.reconnect_with_id(self.inner.last_event_id().cloned());
        let nothing = fresh.next(&mut b"\n".as_slice());
        debug_assert!(nothing.is_none());
        self.inner = fresh;
    }
}

fn to_id(id: &str) -> Option<Arc<str>> {
    (!id.is_empty()).then(|| id.into())
}

/// Whether a chunk that dispatched nothing is a heartbeat: a comment, or a block without data.
pub(crate) fn is_heartbeat(chunk: &[u8]) -> bool {
    chunk.starts_with(b":")
        || [&b"\n\n"[..], b"\r\n\r\n", b"\r\r"]
            .iter()
            .any(|end| chunk.ends_with(end))
        || (chunk.has_remaining() && chunk.iter().all(|byte| matches!(byte, b'\r' | b'\n')))
}

/// Whether an event says nothing but "I am here": ntfy's `keepalive`, Home Assistant's `ping`, …
pub(crate) fn says_nothing(event: &Event) -> bool {
    const WORDS: [&str; 4] = ["ping", "keepalive", "keep-alive", "heartbeat"];
    let named = |text: &str| WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    named(&event.kind) || named(&event.data)
}
