//! Fuzzes the decoder: any bytes in any chunking are survived, mean the same in every chunking,
//! stay within the limit, and mean what they mean to `sse-core`, where that has no limit to heed.
//!
//! ```sh
//! cd crates/stream/fuzz && cargo run -- -max_total_time=60 -dict=sse.dict -max_len=4096
//! ```

#![no_main]

// The decoder alone, from its own sources: what stands beside it needs half a registry. What it
// takes from the crate of the protocol is here.
extern crate self as belldot_wire;
#[allow(dead_code)]
#[path = "../src/decode.rs"]
mod decode;
#[path = "../../wire/src/event.rs"]
mod event;

use bytes::Bytes;
use decode::{Decoder, Frame};
pub use event::Event;
use libfuzzer_sys::fuzz_target;
use sse_core::{SseDecoder, SseEvent};

const LIMIT: usize = 48;

// The first bytes choose the chunk sizes, the rest is the stream.
fuzz_target!(|input: &[u8]| {
    let (sizes, wire) = input.split_at(input.len().min(4));
    for limit in [LIMIT, 1 << 20] {
        let mut decoder = Decoder::new(limit, "");
        let found = decode(&mut decoder, wire, sizes);
        let mut whole = Decoder::new(limit, "");
        assert_eq!(found, decode(&mut whole, wire, &[]));
        assert_eq!(decoder.last_event_id(), whole.last_event_id());
        for event in events(&found) {
            let longest = [event.data.len(), event.kind.len(), event.id.len()];
            assert!(longest.iter().all(|length| *length <= 3 * limit));
        }
        // The connection ends here, wherever that is, and another begins.
        decoder.reconnect();
        let again = decode(&mut decoder, b"data: again\n\n", sizes);
        assert_eq!(again.len(), 1, "{again:?}");
    }
    let mut unlimited = Decoder::new(1 << 20, "");
    let ours: Vec<Told> = events(&decode(&mut unlimited, wire, sizes))
        .cloned()
        .map(|event| (event.kind, event.data, event.id))
        .collect();
    assert_eq!(ours, theirs(wire));
});

fn decode(decoder: &mut Decoder, wire: &[u8], sizes: &[u8]) -> Vec<Frame> {
    let mut found = Vec::new();
    let mut rest = wire;
    let mut sizes = sizes.iter().cycle();
    while !rest.is_empty() {
        let size = sizes.next().map_or(usize::MAX, |size| usize::from(*size) % 32 + 1);
        let (chunk, after) = rest.split_at(size.min(rest.len()));
        rest = after;
        let mut chunk = Bytes::copy_from_slice(chunk);
        while let Some(decoded) = decoder.next(&mut chunk) {
            found.push(decoded);
        }
        assert!(chunk.is_empty());
    }
    found
}

fn events(found: &[Frame]) -> impl Iterator<Item = &Event> {
    found.iter().filter_map(|decoded| match decoded {
        Frame::Event(event) => Some(event),
        _ => None,
    })
}

/// Type, data, last event ID.
type Told = (String, String, String);

fn theirs(wire: &[u8]) -> Vec<Told> {
    let mut decoder = SseDecoder::new();
    let mut bytes = Bytes::copy_from_slice(wire);
    let mut seen = Vec::new();
    while let Some(found) = decoder.next(&mut bytes) {
        if let Ok(SseEvent::Message(message)) = found {
            let id = message.last_event_id.as_deref().unwrap_or_default().to_owned();
            seen.push((message.event.into_owned(), message.data, id));
        }
    }
    seen
}
