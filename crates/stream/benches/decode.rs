//! Decoding throughput: small JSON events in 1,460-byte chunks, side by side in one run.
//!
//! ```sh
//! cargo bench -p belldot-stream --bench decode
//! ```

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use belldot_stream::{
    Cause, Config, Decoder, Frame, Request, Response, Subscription, Transport, Update,
};
use bytes::Bytes;
use eventsource_client::{Client as _, ClientBuilder, ReconnectOptions, SSE};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use launchdarkly_sdk_transport::{ByteStream, HttpTransport, ResponseFuture};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use tokio::runtime::{Builder, Runtime};

const EVENTS: usize = 200_000;
const ROUNDS: usize = 7;
const TARGET: f64 = 1.8;

type Contestant = (&'static str, fn(&Runtime, &[Bytes]));

fn main() {
    let chunks = chunks();
    let bytes: usize = chunks.iter().map(Bytes::len).sum();
    println!(
        "{EVENTS} JSON events, {:.1} MB in chunks of 1,460 bytes",
        bytes as f64 / 1e6
    );
    // In turns, so that a busy machine is busy for all alike.
    let contestants: [Contestant; 5] = [
        ("eventsource-client 0.18", baseline),
        ("belldot-stream, decoder", decoder),
        ("belldot-stream, subscription", subscription),
        ("sse-core 0.2.3, decoder", sse_core),
        ("sse-parse 0.1.0, decoder", sse_parse),
    ];
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut best = [Duration::MAX; 5];
    for _ in 0..ROUNDS {
        for (best, (_, run)) in best.iter_mut().zip(contestants) {
            let start = Instant::now();
            run(&runtime, &chunks);
            *best = start.elapsed().min(*best);
        }
    }
    for (best_of_one, (name, _)) in best.iter().zip(contestants) {
        let ratio = best[0].as_secs_f64() / best_of_one.as_secs_f64();
        let seconds = best_of_one.as_secs_f64();
        let (rate, events) = (bytes as f64 / 1e6 / seconds, EVENTS as f64 / 1e6 / seconds);
        println!("{name:30} {rate:7.0} MB/s {events:7.2} M events/s {ratio:6.2} ×");
    }
    let ratio = best[0].as_secs_f64() / best[1].as_secs_f64();
    let verdict = if ratio >= TARGET { "met" } else { "MISSED" };
    println!("target: decoder at least {TARGET} × eventsource-client: {ratio:.2} ×, {verdict}");
}

fn chunks() -> Vec<Bytes> {
    let mut wire = Vec::new();
    for number in 0..EVENTS {
        let todo = format!(
            "id: {number}\nevent: todo\ndata: {{\"id\":\"{number:08x}\",\"title\":\"Sign the \
             contract {number}\",\"priority\":{},\"status\":\"open\"}}\n\n",
            number % 5 + 1
        );
        wire.extend(todo.bytes());
    }
    let wire = Bytes::from(wire);
    (0..wire.len())
        .step_by(1460)
        .map(|at| wire.slice(at..wire.len().min(at + 1460)))
        .collect()
}

fn decoder(runtime: &Runtime, chunks: &[Bytes]) {
    runtime.block_on(async {
        let mut body = stream::iter(chunks.iter().cloned().map(Ok::<_, Cause>)).boxed();
        let mut decoder = Decoder::new(1 << 20, "");
        let mut count = 0;
        while let Some(Ok(mut chunk)) = body.next().await {
            while let Some(found) = decoder.next(&mut chunk) {
                if let Frame::Event(event) = found {
                    black_box(event);
                    count += 1;
                }
            }
        }
        assert_eq!(count, EVENTS);
    });
}

/// Everything: states, policy, statistics, and the channel to the app.
fn subscription(runtime: &Runtime, chunks: &[Bytes]) {
    runtime.block_on(async {
        let mut config = Config::new("http://localhost/".parse().unwrap());
        config.transport = Some(Arc::new(Given(chunks.to_vec())));
        let mut stream = Subscription::start(config);
        let mut count = 0;
        while count < EVENTS {
            if let Some(Update::Event(event)) = stream.next().await {
                black_box(event);
                count += 1;
            }
        }
    });
}

fn baseline(runtime: &Runtime, chunks: &[Bytes]) {
    runtime.block_on(async {
        let builder = ClientBuilder::for_url("http://localhost/").unwrap();
        let builder = builder.reconnect(ReconnectOptions::reconnect(false).build());
        let mut stream = builder
            .build_with_transport(Given(chunks.to_vec()))
            .stream();
        let mut count = 0;
        while let Some(Ok(update)) = stream.next().await {
            if let SSE::Event(event) = update {
                black_box(event);
                count += 1;
            }
        }
        assert_eq!(count, EVENTS);
    });
}

fn sse_core(runtime: &Runtime, chunks: &[Bytes]) {
    runtime.block_on(async {
        let mut body = stream::iter(chunks.iter().cloned().map(Ok::<_, Cause>)).boxed();
        let mut decoder = sse_core::SseDecoder::new();
        let mut count = 0;
        while let Some(Ok(mut chunk)) = body.next().await {
            while let Some(found) = decoder.next(&mut chunk) {
                black_box(found.unwrap());
                count += 1;
            }
        }
        assert_eq!(count, EVENTS);
    });
}

fn sse_parse(runtime: &Runtime, chunks: &[Bytes]) {
    runtime.block_on(async {
        let mut body = stream::iter(chunks.iter().cloned().map(Ok::<_, Cause>)).boxed();
        let mut parser = sse_parse::SseParser::new();
        let mut count = 0;
        while let Some(Ok(chunk)) = body.next().await {
            parser.feed(&chunk);
            while let Some(event) = parser.next_event() {
                black_box(event);
                count += 1;
            }
        }
        assert_eq!(count, EVENTS);
    });
}

/// These chunks from memory, to whoever asks.
#[derive(Clone, Debug)]
struct Given(Vec<Bytes>);

impl HttpTransport for Given {
    fn request(&self, _: http::Request<Option<Bytes>>) -> ResponseFuture {
        let body: ByteStream = Box::pin(stream::iter(self.0.clone().into_iter().map(Ok)));
        Box::pin(async move { Ok(http::Response::new(body)) })
    }
}

impl Transport for Given {
    fn get(&self, _: Request) -> BoxFuture<'static, Result<Response, Cause>> {
        let body = stream::iter(self.0.clone().into_iter().map(Ok)).boxed();
        let kind = HeaderValue::from_static("text/event-stream");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, kind)]);
        Box::pin(async move {
            Ok(Response {
                status: StatusCode::OK,
                headers,
                body,
            })
        })
    }
}
