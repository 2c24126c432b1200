//! How many streams there may be, and how they are counted.

use belldot_server::{ServerConfig, ServerLimits};
use belldot_wire::TOO_MANY_CONNECTIONS;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Ended, Events, start, within};

fn at_most(in_all: Option<usize>, per_user: Option<usize>) -> ServerConfig {
    let limits = ServerLimits {
        max_connections: in_all,
        max_connections_per_user: per_user,
        ..ServerLimits::default()
    };
    ServerConfig {
        limits,
        ..ServerConfig::default()
    }
}

async fn is_told_too_many(mut events: Events) {
    let event = events.next().await;
    assert_eq!(
        (&*event.event, event.data.as_str()),
        ("message", TOO_MANY_CONNECTIONS)
    );
    assert!(matches!(events.next_or_end().await, Err(Ended::Cleanly)));
}

#[tokio::test]
async fn over_the_limit_the_stream_says_so_and_ends_cleanly() {
    let server = start(at_most(Some(1), None)).await;
    let _first = server.events().await;
    is_told_too_many(server.events().await).await;
    assert_eq!(server.connections().await, 1);
}

#[tokio::test]
async fn over_the_limit_the_socket_is_closed_after_a_retry_and_the_text() {
    let server = start(at_most(Some(0), None)).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket
        .write_all(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut text = String::new();
    within("the socket's end", socket.read_to_string(&mut text))
        .await
        .unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(head.contains("content-type: text/event-stream"));
    assert!(body.starts_with("retry: "));
    assert!(body.ends_with("\n\ndata: Too many connections\n\n"));
}

#[tokio::test]
async fn one_user_over_their_limit_hinders_no_other() {
    let server = start(at_most(Some(3), Some(1))).await;
    let _ann = server
        .events_at("", &[("authorization", "Bearer ann")])
        .await;
    is_told_too_many(
        server
            .events_at("", &[("authorization", "Bearer ann")])
            .await,
    )
    .await;
    let mut bob = server
        .events_at("", &[("authorization", "Bearer bob")])
        .await;
    server
        .post(serde_json::json!({ "title": "t", "user": "bob" }))
        .await;
    assert_eq!(bob.todo().await.1.title, "t");
}

#[tokio::test]
async fn who_leaves_makes_room() {
    let server = start(at_most(Some(1), Some(1))).await;
    let first = server.events().await;
    drop(first);
    server.until_connections(0).await;
    server.put("a").await;
    assert_eq!(server.events().await.todo().await.1.id, "a");
}

#[tokio::test]
async fn a_client_that_closes_its_socket_is_not_counted_though_no_event_comes() {
    let server = start(ServerConfig::default()).await;
    let streams = futures_util::future::join_all((0..5).map(|_| server.events())).await;
    server.until_connections(5).await;
    drop(streams);
    server.until_connections(0).await;
}

#[tokio::test]
async fn a_reset_socket_is_not_counted() {
    let server = start(ServerConfig::default()).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket
        .write_all(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    server.until_connections(1).await;
    socket.set_zero_linger().unwrap();
    drop(socket);
    server.until_connections(0).await;
}

#[tokio::test]
async fn only_streams_are_counted() {
    let server = start(at_most(Some(1), None)).await;
    let _stream = server.events().await;
    for _ in 0..5 {
        server.put("a").await;
    }
    let head = server
        .http
        .head(server.url("/api/v1/todos"))
        .send()
        .await
        .unwrap();
    assert!(head.status().is_success());
    assert_eq!(server.connections().await, 1);
}

#[tokio::test]
async fn the_status_counts_each_users_streams() {
    let server = start(ServerConfig::default()).await;
    let _mine = server.events().await;
    let _anns = server.events_at("?access_token=ann", &[]).await;
    let (_, status) = server.get("/api/v1/status").await;
    assert_eq!(
        status["connections_by_user"],
        serde_json::json!({ "ann": 1, "me": 1 })
    );
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
}
