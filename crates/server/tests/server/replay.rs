//! What a client gets that comes back, or comes for the first time.

use std::collections::HashMap;
use std::time::Duration;

use belldot_server::{ServerConfig, ServerLimits};
use belldot_wire::Status;
use serde_json::json;

use crate::support::{start, start_in};

#[tokio::test]
async fn without_an_id_all_open_todos_come() {
    let server = start(ServerConfig::default()).await;
    for id in ["a", "b", "c"] {
        server.put(id).await;
    }
    server.patch("b", json!({ "status": "done" })).await;
    let mut events = server.events().await;
    assert_eq!(events.todos_up_to("c").await, ["a", "c"]);
}

#[tokio::test]
async fn after_the_open_ones_the_client_knows_how_far_it_is() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    server.put("b").await;
    server.patch("b", json!({ "status": "done" })).await;
    let mut events = server.events().await;
    assert_eq!(events.todos_up_to("a").await, ["a"]);
    server.put("c").await;
    assert_eq!(events.todo().await.0, 4);

    // The mark alone: nothing that happened before comes again.
    let mut first = server.events_at("?access_token=bob", &[]).await;
    server
        .post(json!({ "id": "x", "title": "x", "user": "bob" }))
        .await;
    first.todo().await;
    assert_eq!(first.last_event_id().as_deref(), Some("5"));
}

#[tokio::test]
async fn a_replay_after_an_id_is_the_present_state_and_no_history() {
    let server = start(ServerConfig::default()).await;
    for id in ["a", "b", "c"] {
        server.put(id).await;
    }
    for title in ["two", "three"] {
        server.post(json!({ "id": "a", "title": title })).await;
    }
    server.patch("b", json!({ "status": "done" })).await;
    let mut events = server.events_after("2").await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let (seq, todo) = events.todo().await;
        seen.push((seq, todo.id, todo.title, todo.status));
    }
    let row = |seq, id: &str, title: &str, status| (seq, id.to_owned(), title.to_owned(), status);
    assert_eq!(
        seen,
        [
            row(3, "c", "c", Status::Open),
            row(5, "a", "three", Status::Open),
            row(6, "b", "b", Status::Done),
        ]
    );
}

#[tokio::test]
async fn the_newest_id_brings_only_what_is_new() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    let mut events = server.events_after("1").await;
    server.put("b").await;
    assert_eq!(events.todo().await.1.id, "b");
}

#[tokio::test]
async fn an_id_that_is_no_number_counts_as_none() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    for id in [
        "",
        "abc",
        "-1",
        "1.5",
        "99999999999999999999999",
        "{\"a\":1}",
    ] {
        let mut events = server.events_after(id).await;
        assert_eq!(events.todo().await.1.id, "a", "{id}");
    }
}

#[tokio::test]
async fn an_id_of_a_log_that_is_gone_counts_as_none() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    let mut events = server.events_after("2").await;
    assert_eq!(events.todo().await.1.id, "a");
    server.put("b").await;
    assert_eq!(events.todo().await.1.id, "b");
}

#[tokio::test]
async fn the_id_may_stand_in_the_address_and_the_header_wins() {
    let server = start(ServerConfig::default()).await;
    for id in ["a", "b", "c"] {
        server.put(id).await;
    }
    let mut in_address = server.events_at("?last_event_id=1", &[]).await;
    assert_eq!(in_address.todo().await.1.id, "b");
    let mut in_both = server
        .events_at("?last_event_id=1", &[("last-event-id", "2")])
        .await;
    assert_eq!(in_both.todo().await.1.id, "c");
}

#[tokio::test]
async fn ids_go_on_after_a_restart() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    server.put("a-second").await;
    let folder = server.stop().await;
    let server = start_in(folder, ServerConfig::default()).await;
    server.put("b").await;
    let mut events = server.events_after("2").await;
    assert_eq!(events.todo().await.0, 3);
}

#[tokio::test]
async fn between_replay_and_live_nothing_is_missed_and_nothing_comes_twice() {
    const POSTERS: usize = 4;
    const EACH: usize = 100;
    let server = start(ServerConfig::default()).await;
    for id in 0..300 {
        server.put(&format!("old-{id}")).await;
    }
    let post = async |poster: usize| {
        for number in 0..EACH {
            server.put(&format!("new-{poster}-{number}")).await;
        }
    };
    // Each client connects while the posting goes on, after a different event.
    let listen = async |after: u64| {
        let mut events = server.events_after(&after.to_string()).await;
        let (mut seen, mut last) = (HashMap::new(), after);
        while seen.len() < 300 - after as usize + POSTERS * EACH {
            let (seq, todo) = events.todo().await;
            assert!(seq > last, "{seq} after {last}");
            assert_eq!(seen.insert(todo.id, seq), None, "twice");
            last = seq;
        }
    };
    let clients = futures_util::future::join_all((0..8).map(|client| listen(client * 40)));
    let posters = futures_util::future::join_all((0..POSTERS).map(post));
    futures_util::future::join(clients, posters).await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_for_a_while_misses_nothing() {
    // However long the posts take here: the while is not so long that the client is cut.
    let limits = ServerLimits {
        stall: Duration::from_secs(3_600),
        ..ServerLimits::default()
    };
    let server = start(ServerConfig {
        limits,
        ..ServerConfig::default()
    })
    .await;
    let mut events = server.events().await;
    // More than any buffer on the way takes, so that the server has to let go of some.
    let body = "x".repeat(200_000);
    for number in 0..200 {
        server
            .post(json!({ "id": number.to_string(), "title": "t", "body": body }))
            .await;
    }
    let ids = events.todos_up_to("199").await;
    assert_eq!(
        ids,
        (0..200)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    );
}
