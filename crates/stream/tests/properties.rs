//! Properties of the decoder over random bytes and chunkings, and its agreement with three other
//! decoders where those are right.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use belldot_stream::{Decoder, Event, Frame};
use bytes::Bytes;
use eventsource_client::{Client as _, ClientBuilder, ReconnectOptions, SSE};
use futures_util::{StreamExt, stream};
use launchdarkly_sdk_transport::{ByteStream, HttpTransport, ResponseFuture};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const LIMIT: usize = 64;

/// Random bytes mean little to a decoder: most of these are pieces of streams.
fn wire() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => select(vec![
            "data", "data:", "data: ", "event: ", "event", "id: ", "id", "retry: ", "retry: 12",
            ":", ": ping", "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", " ", "x", "a: b", "世",
            "\u{feff}", "\0", "data: x\n\n", "id: 7\n", "event: t\n", "9999999999", "foo: bar\n",
            "0123456789012345678901234567890123456789",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
        1 => select(vec![b"\xff".to_vec(), b"\xe4\xb8".to_vec(), b"\xef\xbb".to_vec()]),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The same bytes, cut at these places.
fn cut(wire: &[u8], cuts: &[prop::sample::Index]) -> Vec<Bytes> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(wire.len() + 1)).collect();
    places.extend([0, wire.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| Bytes::copy_from_slice(&wire[pair[0]..pair[1]]))
        .collect()
}

fn decode(decoder: &mut Decoder, chunks: impl IntoIterator<Item = Bytes>) -> Vec<Frame> {
    let mut found = Vec::new();
    for mut chunk in chunks {
        while let Some(decoded) = decoder.next(&mut chunk) {
            found.push(decoded);
        }
        assert!(chunk.is_empty());
    }
    found
}

fn events(found: Vec<Frame>) -> Vec<Event> {
    found
        .into_iter()
        .filter_map(|decoded| match decoded {
            Frame::Event(event) => Some(event),
            _ => None,
        })
        .collect()
}

/// What other decoders tell of an event: type, data, last event ID.
type Told = (String, String, String);

fn told(found: Vec<Frame>) -> Vec<Told> {
    let events = events(found).into_iter();
    events
        .map(|event| (event.kind, event.data, event.id))
        .collect()
}

/// What it decodes to, and the last event ID then.
fn whole(limit: usize, wire: &[u8]) -> (Vec<Frame>, String) {
    let mut decoder = Decoder::new(limit, "");
    let found = decode(&mut decoder, [Bytes::copy_from_slice(wire)]);
    (found, decoder.last_event_id().to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_chunking_means_the_same(wire in wire(), cuts in vec(any::<prop::sample::Index>(), 0..40)) {
        for limit in [LIMIT, 1 << 20] {
            let mut decoder = Decoder::new(limit, "");
            let found = decode(&mut decoder, cut(&wire, &cuts));
            prop_assert_eq!((found, decoder.last_event_id().to_owned()), whole(limit, &wire));
        }
    }

    #[test]
    fn byte_by_byte_means_the_same(wire in wire()) {
        let mut decoder = Decoder::new(LIMIT, "");
        let found = decode(&mut decoder, wire.iter().map(|&byte| Bytes::from(vec![byte])));
        prop_assert_eq!((found, decoder.last_event_id().to_owned()), whole(LIMIT, &wire));
    }

    #[test]
    fn any_bytes_are_survived(wire in vec(any::<u8>(), 0..2_000)) {
        whole(LIMIT, &wire);
    }

    #[test]
    fn memory_is_bounded_whatever_comes(wire in wire(), times in 1_usize..60) {
        let mut decoder = Decoder::new(LIMIT, "");
        for _ in 0..times {
            decode(&mut decoder, [Bytes::copy_from_slice(&wire)]);
            // Five buffers, each grown by doubling; an ID may triple where it is repaired.
            prop_assert!(decoder.held() <= 5 * 2 * 3 * LIMIT, "{}", decoder.held());
        }
    }

    #[test]
    fn nothing_is_longer_than_the_limit(wire in wire()) {
        for event in events(whole(LIMIT, &wire).0) {
            // Each byte that is not UTF-8 becomes a character of three.
            prop_assert!(event.data.len() <= 3 * LIMIT);
            prop_assert!(event.kind.len() <= 3 * LIMIT);
            prop_assert!(event.id.len() <= 3 * LIMIT);
        }
    }

    #[test]
    fn a_limit_only_leaves_events_out(wire in wire()) {
        let (limited, limited_id) = whole(LIMIT, &wire);
        let (all, id) = whole(1 << 20, &wire);
        let skipped = limited.iter().filter(|found| **found == Frame::Oversized).count();
        let (limited, mut all) = (events(limited), events(all).into_iter());
        let missing = all.len() - limited.len();
        for event in &limited {
            prop_assert!(all.any(|other| other.data == event.data && other.kind == event.kind));
        }
        prop_assert!(missing <= skipped, "{missing} missing, {skipped} skipped");
        // The IDs of the skipped count, unless they are too long themselves.
        if id.len() <= LIMIT && !wire.windows(LIMIT).any(|part| !part.contains(&b'\n')) {
            prop_assert_eq!(limited_id, id);
        }
    }

    #[test]
    fn a_new_connection_forgets_all_but_the_id(first in wire(), second in wire()) {
        let mut decoder = Decoder::new(LIMIT, "");
        decode(&mut decoder, [Bytes::from(first)]);
        let mut fresh = Decoder::new(LIMIT, decoder.last_event_id());
        decoder.reconnect();
        let second = Bytes::from(second);
        prop_assert_eq!(decode(&mut decoder, [second.clone()]), decode(&mut fresh, [second]));
    }

    #[test]
    fn it_agrees_with_sse_core(wire in wire(), cuts in vec(any::<prop::sample::Index>(), 0..20)) {
        let mut theirs = sse_core::SseDecoder::new();
        let mut other = Vec::new();
        for mut chunk in cut(&wire, &cuts) {
            while let Some(found) = theirs.next(&mut chunk) {
                match found.unwrap() {
                    sse_core::SseEvent::Message(message) => other.push((
                        message.event.into_owned(),
                        message.data,
                        message.last_event_id.as_deref().unwrap_or_default().to_owned(),
                    )),
                    sse_core::SseEvent::Retry(_) => {}
                }
            }
        }
        let (found, id) = whole(1 << 20, &wire);
        prop_assert_eq!(told(found), other);
        prop_assert_eq!(id, theirs.last_event_id().map(|id| id.to_string()).unwrap_or_default());
    }

    #[test]
    fn it_agrees_with_sse_parse(wire in wire(), cuts in vec(any::<prop::sample::Index>(), 0..20)) {
        let mut theirs = sse_parse::SseParser::new();
        let mut other = Vec::new();
        for chunk in cut(&wire, &cuts) {
            theirs.feed(&chunk);
            while let Some(event) = theirs.next_event() {
                other.push((event.event, event.data, event.id));
            }
        }
        let (found, id) = whole(1 << 20, &wire);
        prop_assert_eq!(told(found), other);
        prop_assert_eq!(id, theirs.last_event_id());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn it_agrees_with_eventsource_client_where_that_one_is_right(
        blocks in vec(block(), 0..20),
        cuts in vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let wire = blocks.concat();
        let other = baseline(cut(wire.as_bytes(), &cuts));
        prop_assert_eq!(told(whole(1 << 20, wire.as_bytes()).0), other);
    }
}

proptest! {
    #[test]
    fn an_event_says_whether_it_brought_its_id(
        blocks in vec(block(), 0..20),
        cuts in vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let brings_one = |block: &String| {
            block
                .split(['\r', '\n'])
                .any(|line| line == "id" || (line.starts_with("id:") && !line.contains('\0')))
        };
        let expected: Vec<bool> = blocks.iter().map(brings_one).collect();
        let mut decoder = Decoder::new(LIMIT, "before");
        let found = events(decode(&mut decoder, cut(blocks.concat().as_bytes(), &cuts)));
        let own: Vec<bool> = found.iter().map(|event| event.own_id).collect();
        prop_assert_eq!(own, expected);
    }
}

/// A block that the baseline understands as the standard does: UTF-8, no byte order mark, and
/// never without data.
fn block() -> impl Strategy<Value = String> {
    let end = select(vec!["\n", "\r", "\r\n"]);
    let line = select(vec![
        "data: x",
        "data:y",
        "data",
        "event: t",
        "event",
        "id: 1",
        "id: 2",
        "id",
        ": comment",
        "foo: bar",
        "data: 世界",
        "retry: 5",
        " data: z",
        "id: a\0b",
    ]);
    (vec(line, 0..6), end).prop_map(|(lines, end)| {
        let mut block: String = lines.iter().flat_map(|line| [line, end]).collect();
        block.push_str("data: last");
        block.push_str(end);
        block.push_str(end);
        block
    })
}

#[derive(Clone)]
struct Given(Vec<Bytes>);

impl HttpTransport for Given {
    fn request(&self, _: http::Request<Option<Bytes>>) -> ResponseFuture {
        let body: ByteStream = Box::pin(stream::iter(self.0.clone().into_iter().map(Ok)));
        Box::pin(async move { Ok(http::Response::new(body)) })
    }
}

fn baseline(chunks: Vec<Bytes>) -> Vec<Told> {
    let chunks = chunks
        .into_iter()
        .filter(|chunk| !chunk.is_empty())
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let builder = ClientBuilder::for_url("http://localhost/").unwrap();
        let builder = builder.reconnect(ReconnectOptions::reconnect(false).build());
        let mut stream = builder.build_with_transport(Given(chunks)).stream();
        let mut seen = Vec::new();
        while let Some(Ok(update)) = stream.next().await {
            if let SSE::Event(event) = update {
                let id = event.id.unwrap_or_default();
                seen.push((event.event_type, event.data, id));
            }
        }
        seen
    })
}
