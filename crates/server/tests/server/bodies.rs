//! Bodies and heads of requests: bounded in size, time and number.

use std::time::Duration;

use belldot_server::{ServerConfig, ServerLimits};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Running, start, until, within};

fn limited(limits: ServerLimits) -> ServerConfig {
    ServerConfig {
        limits,
        ..ServerConfig::default()
    }
}

/// Begins a POST, and leaves its body unfinished.
async fn begin(server: &Running, announced: u64, body: &[u8]) -> TcpStream {
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /api/v1/todos HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {announced}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(body).await.unwrap();
    socket
}

async fn answer(socket: &mut TcpStream) -> String {
    let mut answer = vec![0; 4096];
    let read = within("an answer", socket.read(&mut answer)).await.unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test]
async fn a_body_that_is_announced_too_long_is_refused_before_it_comes() {
    let server = start(ServerConfig::default()).await;
    let mut socket = begin(&server, 99_999_999_999, b"").await;
    let said = answer(&mut socket).await;
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
    assert!(said.contains("application/problem+json"), "{said}");
}

#[tokio::test]
async fn who_asks_whether_to_send_a_body_too_long_is_told_not_to() {
    let server = start(ServerConfig::default()).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = b"POST /api/v1/todos HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\
                 Content-Type: application/json\r\nContent-Length: 2000000\r\n\r\n";
    socket.write_all(head).await.unwrap();
    let said = answer(&mut socket).await;
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let server = start(limited(ServerLimits {
        body_time: Duration::from_millis(20),
        ..ServerLimits::default()
    }))
    .await;
    for (announced, body) in [(100, ""), (100, "{\"title\":")] {
        let mut socket = begin(&server, announced, body.as_bytes()).await;
        let said = answer(&mut socket).await;
        assert!(said.starts_with("HTTP/1.1 408"), "{said}");
    }
}

#[tokio::test]
async fn a_body_that_comes_slowly_is_given_the_time_it_earns() {
    let server = start(limited(ServerLimits {
        body_time: Duration::from_millis(100),
        // Each byte earns a second.
        body_rate: 1,
        ..ServerLimits::default()
    }))
    .await;
    let mut socket = begin(&server, 14, b"{\"title\": \"t").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    socket.write_all(b"\"}").await.unwrap();
    let said = answer(&mut socket).await;
    assert!(said.starts_with("HTTP/1.1 201"), "{said}");
}

#[tokio::test]
async fn bodies_in_flight_have_a_budget_that_is_given_back() {
    let server = start(limited(ServerLimits {
        bodies: 100_000,
        ..ServerLimits::default()
    }))
    .await;
    let part = vec![b' '; 60_000];
    let held = begin(&server, 70_000, &part).await;
    // Whichever of the two comes later is refused.
    let mut refused = begin(&server, 70_000, &part).await;
    let said = tokio::select! {
        said = answer(&mut refused) => said,
        // The first one's body may be read second.
        said = async { let mut held = held; answer(&mut held).await } => said,
    };
    assert!(said.starts_with("HTTP/1.1 503"), "{said}");
    assert!(said.contains("retry-after: 1"), "{said}");
    drop(refused);
    until("room for a body", async || {
        let body = "x".repeat(90_000);
        let todo = serde_json::json!({ "id": "a", "title": "t", "body": body });
        server.post(todo).await.0.is_success()
    })
    .await;
}

#[tokio::test]
async fn a_head_has_16_kib_at_most() {
    let server = start(ServerConfig::default()).await;
    for (length, status) in [(12 * 1024, "200"), (20 * 1024, "431")] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        let head = format!(
            "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n",
            "x".repeat(length)
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let said = answer(&mut socket).await;
        assert!(said.starts_with(&format!("HTTP/1.1 {status}")), "{said}");
    }
}
