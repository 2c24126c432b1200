//! How many streams there may be, and how they are counted.

use belldot_server::{Rate, ServerConfig, ServerLimits};
use belldot_wire::TOO_MANY_CONNECTIONS;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Ended, Events, start, start_in, with_users, within};

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

#[tokio::test]
async fn a_client_that_asks_for_a_status_gets_429_and_when_to_come_again() {
    let server = start(at_most(Some(0), None)).await;
    let request = server.http.get(server.url("/api/v1/events"));
    let response = request.header("prefer", "respond-async, status=429");
    let response = response.send().await.unwrap();
    assert_eq!(response.status(), reqwest::StatusCode::TOO_MANY_REQUESTS);
    let wait = response.headers()["retry-after"].to_str().unwrap();
    assert!((2..=6).contains(&wait.parse().unwrap()), "{wait}");
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains(TOO_MANY_CONNECTIONS)
    );
}

#[tokio::test]
async fn an_address_has_a_limit_which_a_named_proxy_tells_apart() {
    let limits = ServerLimits {
        max_connections_per_address: Some(1),
        ..ServerLimits::default()
    };
    let behind_proxy = ServerConfig {
        limits: limits.clone(),
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        ..ServerConfig::default()
    };
    let from = |address: &'static str| [("x-forwarded-for", address)];
    let server = start(behind_proxy).await;
    let _first = server.events_at("", &from("192.0.2.1")).await;
    is_told_too_many(server.events_at("", &from("192.0.2.1")).await).await;
    let _other = server.events_at("", &from("192.0.2.2")).await;
    server.until_connections(2).await;

    let server = start(ServerConfig {
        limits,
        ..ServerConfig::default()
    })
    .await;
    let _first = server.events_at("", &from("192.0.2.1")).await;
    is_told_too_many(server.events_at("", &from("192.0.2.2")).await).await;
}

#[tokio::test]
async fn who_makes_too_many_todos_is_told_when_to_go_on() {
    let limits = ServerLimits {
        publishing: Some(Rate {
            per_second: 0.01,
            burst: 2,
        }),
        ..ServerLimits::default()
    };
    let server = start(ServerConfig {
        limits,
        ..ServerConfig::default()
    })
    .await;
    server.put("a").await;
    server.put("b").await;
    let request = server.http.post(server.url("/api/v1/todos"));
    let todo = serde_json::json!({ "title": "t" });
    let response = request.json(&todo).send().await.unwrap();
    assert_eq!(response.status(), reqwest::StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = response.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=100).contains(&wait), "{wait}");
    let other = server
        .http
        .post(server.url("/api/v1/todos"))
        .bearer_auth("ann");
    assert!(
        other
            .json(&todo)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
}

#[tokio::test]
async fn unknown_tokens_of_one_address_are_not_looked_up_for_ever() {
    let folder = with_users("[[tokens]]\ntoken = \"right\"\nuser = \"ann\"\n");
    let limits = ServerLimits {
        failed_tokens: Rate {
            per_second: 0.01,
            burst: 3,
        },
        ..ServerLimits::default()
    };
    let config = ServerConfig {
        limits,
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        ..ServerConfig::default()
    };
    let server = start_in(folder, config).await;
    let ask = async |token: &str, address: &str| {
        let request = server.http.get(server.url("/api/v1/todos"));
        let request = request
            .header("x-forwarded-for", address)
            .bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    };
    for _ in 0..3 {
        assert_eq!(ask("wrong", "192.0.2.1").await, 401);
    }
    assert_eq!(ask("wrong", "192.0.2.1").await, 429);
    assert_eq!(ask("right", "192.0.2.1").await, 429);
    assert_eq!(ask("right", "192.0.2.2").await, 200);
}

#[tokio::test]
async fn a_stream_ends_cleanly_when_it_is_old_and_resumes() {
    let server = start(ServerConfig {
        max_age: Some(std::time::Duration::from_millis(50)),
        ..ServerConfig::default()
    })
    .await;
    let mut events = server.events().await;
    assert!(matches!(events.next_or_end().await, Err(Ended::Cleanly)));
}
