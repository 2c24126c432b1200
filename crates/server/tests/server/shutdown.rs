//! How a server ends.

use std::time::Duration;

use belldot_server::ServerConfig;
use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Ended, start, start_in, until, within};

#[tokio::test]
async fn streams_end_cleanly_when_the_server_stops() {
    let server = start(ServerConfig::default()).await;
    let mut streams = futures_util::future::join_all((0..20).map(|_| server.events())).await;
    let (stopped, _folder) = server.begin_stop();
    for stream in &mut streams {
        assert!(matches!(stream.next_or_end().await, Err(Ended::Cleanly)));
    }
    within("the server's end", stopped).await.unwrap().unwrap();
}

#[tokio::test]
async fn streams_live_on_until_their_moment_in_the_window() {
    // Of a window of months, no moment is in the first seconds.
    let drain = Duration::from_secs(1_000 * 3_600);
    let heartbeat = Duration::from_millis(10);
    let server = start(ServerConfig {
        drain,
        heartbeat,
        ..ServerConfig::default()
    })
    .await;
    let address = server.address;
    let streams = futures_util::future::join_all((0..5).map(|_| server.raw_events())).await;
    let (stopping, _folder) = server.begin_stop();
    until("no new connections", async || {
        TcpStream::connect(address).await.is_err()
    })
    .await;
    for mut stream in streams {
        for _ in 0..10 {
            within("a heartbeat", stream.next()).await.unwrap().unwrap();
        }
    }
    stopping.abort();
}

#[tokio::test]
async fn a_client_that_takes_nothing_does_not_hold_the_server_up() {
    let server = start(ServerConfig {
        drain: Duration::ZERO,
        ..ServerConfig::default()
    })
    .await;
    let mut stuck = TcpStream::connect(server.address).await.unwrap();
    stuck
        .write_all(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    silent.write_all(b"GET /api").await.unwrap();
    let body = "x".repeat(1_000_000);
    for number in 0..20 {
        server
            .post(serde_json::json!({ "id": number.to_string(), "title": "t", "body": body }))
            .await;
    }
    server.stop().await;
    within("the socket's end", silent.read_to_end(&mut Vec::new()))
        .await
        .ok();
}

#[tokio::test]
async fn after_it_ended_another_may_have_its_folder_and_its_address() {
    let server = start(ServerConfig::default()).await;
    let _stream = server.events().await;
    server.put("a").await;
    let listen = server.address;
    let folder = server.stop().await;
    let server = start_in(
        folder,
        ServerConfig {
            listen,
            ..ServerConfig::default()
        },
    )
    .await;
    assert_eq!(server.get("/api/v1/todos/a").await.1["title"], "a");
}
