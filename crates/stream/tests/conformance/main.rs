//! The conformance table: what a stream means, and what a connection does, by the standard as
//! browsers practise it, for Belldot and for `eventsource-client` as the baseline, through a real
//! socket and under several chunkings. Belldot passes all of it. To see the table:
//!
//! ```sh
//! cargo test -p belldot-stream --test conformance -- --nocapture
//! ```

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod cases;
mod clients;
mod connections;
#[path = "../behaviour/fault.rs"]
mod fault;

use std::collections::BTreeMap;

use clients::Which;
use fault::{FaultServer, LIMIT};
use futures_util::{StreamExt, stream};
use tokio::time::timeout;

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Transfer-Encoding: chunked\r\n\r\n";

type Cut = fn(&[u8]) -> Vec<&[u8]>;

/// How the bytes are cut. Each piece is an HTTP chunk, so that both clients see the same pieces
/// whatever TCP makes of them.
const CHUNKINGS: [(&str, Cut); 6] = [
    ("whole", |wire| vec![wire]),
    ("bytes", |wire| wire.chunks(1).collect()),
    ("pairs", |wire| wire.chunks(2).collect()),
    ("sevens", |wire| wire.chunks(7).collect()),
    ("packets", |wire| wire.chunks(1460).collect()),
    ("lines", |wire| {
        wire.split_inclusive(|&byte| byte == b'\n').collect()
    }),
];

/// Case, client, and how many of its variants passed.
type Table = BTreeMap<(usize, &'static str), [(usize, usize); 2]>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn belldot_passes_the_whole_table() {
    let mut table = Table::new();
    streams(&mut table).await;
    connections::run(&mut table).await;
    print(&table);
    let failed: Vec<_> = table
        .iter()
        .filter(|(_, [(passed, of), _])| passed < of)
        .map(|(case, _)| case.1)
        .collect();
    assert!(failed.is_empty(), "Belldot fails: {failed:#?}");
}

async fn streams(table: &mut Table) {
    let cases = cases::all();
    let variants = cases.iter().enumerate().flat_map(|(number, case)| {
        CHUNKINGS.iter().flat_map(move |(_, cut)| {
            Which::BOTH.map(|which| (number, case, cut(&case.wire), which))
        })
    });
    let results = stream::iter(variants).map(|(number, case, pieces, which)| async move {
        let server = FaultServer::always(chunked(&pieces)).await;
        let url = server.url();
        let seen = timeout(LIMIT, which.read_once(&url))
            .await
            .unwrap_or_default();
        (number, case.name, which, seen == case.events)
    });
    let results: Vec<_> = results.buffer_unordered(16).collect().await;
    for (number, name, which, passed) in results {
        let counts = table.entry((number, name)).or_default();
        let (passes, of) = &mut counts[which as usize];
        *passes += usize::from(passed);
        *of += 1;
    }
}

fn chunked(pieces: &[&[u8]]) -> Vec<u8> {
    let mut response = HEAD.as_bytes().to_vec();
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        response.extend(format!("{:x}\r\n", piece.len()).bytes());
        response.extend(*piece);
        response.extend(b"\r\n");
    }
    response.extend(b"0\r\n\r\n");
    response
}

fn print(table: &Table) {
    println!("{:66}  {:>8}  {:>8}", "", "belldot", "baseline");
    let mut totals = [(0, 0); 2];
    for ((_, name), counts) in table {
        let cells = counts.map(|(passed, of)| match passed {
            _ if passed == of => format!("{passed}/{of}"),
            _ => format!("✗ {passed}/{of}"),
        });
        println!("{name:66}  {:>8}  {:>8}", cells[0], cells[1]);
        for (total, count) in totals.iter_mut().zip(counts) {
            *total = (total.0 + count.0, total.1 + count.1);
        }
    }
    let [ours, theirs] = totals.map(|(passed, of)| format!("{passed}/{of}"));
    println!("{:66}  {ours:>8}  {theirs:>8}", "in all");
}
