//! The stream itself: its head, its blocks, its heartbeats.

use std::collections::HashSet;
use std::time::Duration;

use belldot_server::{ServerConfig, ServerLimits};
use futures_util::StreamExt;
use serde_json::json;

use crate::support::{Chunks, Ended, start, start_in, within};

#[tokio::test]
async fn no_proxy_on_the_way_is_to_hold_it_back() {
    let server = start(ServerConfig::default()).await;
    let request = server
        .http
        .get(server.url("/api/v1/events"))
        .header("accept-encoding", "gzip");
    let response = request.send().await.unwrap();
    let headers = response.headers();
    assert_eq!(headers["content-type"], "text/event-stream");
    assert_eq!(headers["cache-control"], "no-cache");
    assert_eq!(headers["x-accel-buffering"], "no");
    assert!(!headers.contains_key("content-encoding"));
}

/// The bytes of a stream until they have `count` times `wanted`.
async fn text_with(chunks: &mut Chunks, wanted: &str, count: usize) -> String {
    let mut text = String::new();
    within(wanted, async {
        while text.matches(wanted).count() < count {
            text.push_str(std::str::from_utf8(&chunks.next().await.unwrap().unwrap()).unwrap());
        }
    })
    .await;
    text
}

#[tokio::test]
async fn each_stream_begins_with_a_retry_of_its_own_within_the_span() {
    let retry = Duration::from_millis(1_000)..=Duration::from_millis(9_000);
    let server = start(ServerConfig {
        retry,
        ..ServerConfig::default()
    })
    .await;
    let mut different = HashSet::new();
    for _ in 0..10 {
        let text = text_with(&mut server.raw_events().await, "\n\n", 1).await;
        let retry = text
            .lines()
            .next()
            .unwrap()
            .strip_prefix("retry: ")
            .unwrap();
        let retry: u64 = retry.parse().unwrap();
        assert!((1_000..=9_000).contains(&retry));
        different.insert(retry);
    }
    assert!(different.len() > 1);
}

#[tokio::test]
async fn a_silent_stream_has_heartbeats() {
    let heartbeat = Duration::from_millis(20);
    let server = start(ServerConfig {
        heartbeat,
        ..ServerConfig::default()
    })
    .await;
    let text = text_with(&mut server.raw_events().await, ": heartbeat\n\n", 3).await;
    assert!(!text.contains("data:"));
}

#[tokio::test]
async fn a_stream_whose_company_grew_is_told_a_wider_retry() {
    let second = Duration::from_secs(1);
    let server = start(ServerConfig {
        heartbeat: Duration::from_millis(20),
        retry: second..=second,
        limits: ServerLimits {
            reconnects_per_second: 1,
            ..ServerLimits::default()
        },
        ..ServerConfig::default()
    })
    .await;
    let mut first = server.raw_events().await;
    text_with(&mut first, "retry: ", 1).await;
    let _company = futures_util::future::join_all((0..10).map(|_| server.events())).await;
    text_with(&mut first, "retry: ", 1).await;
}

#[tokio::test]
async fn a_todo_is_one_block_with_its_sequence_as_id_and_itself_as_one_line() {
    let server = start(ServerConfig::default()).await;
    let (_, todo) = server
        .post(json!({
            "id": "1", "title": "one line", "body": "\r\nand\u{2028}more\n\ndata: x",
            "url": "https://host/", "priority": 5, "due": "2027-01-31T17:00:00+08:00",
            "tags": ["a"], "sender": "Payroll",
        }))
        .await;
    let text = text_with(&mut server.raw_events().await, "}\n\n", 1).await;
    let blocks: Vec<_> = text.split("\n\n").collect();
    let lines: Vec<_> = blocks[1].split('\n').collect();
    assert_eq!(lines[..2], ["id: 1", "event: todo"]);
    let data = lines[2].strip_prefix("data: ").unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(data).unwrap(),
        todo
    );
    assert_eq!(lines.len(), 3);
    assert_eq!(todo["due"], "2027-01-31T09:00:00Z");
}

#[tokio::test]
async fn what_is_put_reaches_every_stream_of_its_user_and_no_other() {
    let server = start(ServerConfig::default()).await;
    let (mut first, mut second) = (server.events().await, server.events().await);
    let mut bob = server
        .events_at("", &[("authorization", "Bearer bob")])
        .await;
    server.put("a").await;
    server
        .post(json!({ "id": "b", "title": "b", "user": "bob" }))
        .await;
    assert_eq!(first.todo().await.1.id, "a");
    assert_eq!(second.todo().await.1.id, "a");
    assert_eq!(bob.todo().await.1.id, "b");
}

#[tokio::test]
async fn what_changes_nothing_is_no_event() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    let mut events = server.events_after("1").await;
    server.patch("a", json!({ "status": "open" })).await;
    server.put("a").await;
    server.patch("a", json!({ "read": true })).await;
    let (seq, todo) = events.todo().await;
    assert_eq!((seq, todo.read), (2, true));
}

#[tokio::test]
async fn a_burst_closes_no_stream() {
    let server = start(ServerConfig::default()).await;
    let mut events = server.events().await;
    let posts = (0..1_000).map(|number| {
        let server = &server;
        async move { server.put(&number.to_string()).await }
    });
    futures_util::stream::iter(posts)
        .buffer_unordered(64)
        .collect::<Vec<_>>()
        .await;
    let mut seqs = Vec::new();
    for _ in 0..1_000 {
        seqs.push(events.todo().await.0);
    }
    assert_eq!(seqs, (1..=1_000).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_cut_off_and_resumes_by_id() {
    let server = start(ServerConfig {
        limits: ServerLimits {
            stall: Duration::from_millis(300),
            ..ServerLimits::default()
        },
        ..ServerConfig::default()
    })
    .await;
    let mut slow = server.events().await;
    server.put("first").await;
    slow.todo().await;
    let body = "x".repeat(1_000_000);
    let mut put = 0;
    while server.connections().await > 0 {
        server
            .post(json!({ "id": put.to_string(), "title": "t", "body": body }))
            .await;
        put += 1;
        // All of them together outlast the server's patience, however quick this machine is.
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert!(put < 200, "the socket took everything");
    }
    let mut seen = Vec::new();
    loop {
        match slow.next_or_end().await {
            Ok(event) => seen.push(event.last_event_id.unwrap().parse::<u64>().unwrap()),
            Err(Ended::BrokenOff) => break,
            Err(Ended::Cleanly) => panic!("it was in the middle of an event"),
        }
    }
    // With the usual patience, however slow this machine is today.
    let server = start_in(server.stop().await, ServerConfig::default()).await;
    let mut events = server.events_after(&slow.last_event_id().unwrap()).await;
    while seen.len() < put {
        seen.push(events.todo().await.0);
    }
    assert_eq!(seen, (2..=put as u64 + 1).collect::<Vec<_>>());
}
