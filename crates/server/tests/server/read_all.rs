//! "Mark all as read": one request, one commit, and what came after the click stays unread.

use std::collections::BTreeSet;

use belldot_server::ServerConfig;
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Running, answer, start, start_in, with_users};

#[tokio::test]
async fn all_that_is_unread_is_read_by_one_request() {
    let server = start(ServerConfig::default()).await;
    for id in ["a", "b", "c"] {
        server.put(id).await;
    }
    server.patch("b", json!({ "read": true })).await;
    assert_eq!(
        read_all(&server, json!({})).await,
        (StatusCode::OK, json!({ "changed": 2 }))
    );
    assert_eq!(unread(&server).await, [""; 0]);
}

#[tokio::test]
async fn what_came_after_the_last_event_that_was_seen_stays_unread() {
    let server = start(ServerConfig::default()).await;
    let mut events = server.events().await;
    server.put("seen").await;
    let (seen, _) = events.todo().await;
    server.put("later").await;
    assert_eq!(
        read_all(&server, json!({ "up_to": seen })).await.1,
        json!({ "changed": 1 })
    );
    assert_eq!(unread(&server).await, ["later"]);
}

#[tokio::test]
async fn what_changed_after_the_last_event_that_was_seen_stays_unread() {
    let server = start(ServerConfig::default()).await;
    let mut events = server.events().await;
    server.put("a").await;
    let (seen, _) = events.todo().await;
    server
        .post(json!({ "id": "a", "title": "It is about something else now" }))
        .await;
    read_all(&server, json!({ "up_to": seen })).await;
    assert_eq!(unread(&server).await, ["a"]);
}

#[tokio::test]
async fn every_stream_of_the_user_hears_of_each() {
    let server = start(ServerConfig::default()).await;
    for id in ["a", "b"] {
        server.put(id).await;
    }
    let mut elsewhere = server.events().await;
    let (mut last, mut ids) = (0, Vec::new());
    for _ in 0..2 {
        last = elsewhere.todo().await.0;
    }
    read_all(&server, json!({ "up_to": last })).await;
    for _ in 0..2 {
        let (seq, todo) = elsewhere.todo().await;
        assert!(seq > last && todo.read);
        ids.push(todo.id);
    }
    assert_eq!(ids, ["a", "b"]);
}

/// More than a stream has room for at once: the rest is read from the log.
#[tokio::test]
async fn a_thousand_reach_a_stream_as_well() {
    let server = start(ServerConfig::default()).await;
    let ids: Vec<String> = (0..1_000).map(|id| id.to_string()).collect();
    join_all(ids.iter().map(|id| server.put(id))).await;
    let mut elsewhere = server.events().await;
    for _ in &ids {
        elsewhere.todo().await;
    }
    assert_eq!(
        read_all(&server, json!({})).await.1,
        json!({ "changed": 1_000 })
    );
    let mut read = BTreeSet::new();
    for _ in &ids {
        let (_, todo) = elsewhere.todo().await;
        assert!(todo.read);
        read.insert(todo.id);
    }
    assert_eq!(read, ids.into_iter().collect());
}

#[tokio::test]
async fn asking_again_changes_nothing_and_makes_no_event() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    read_all(&server, json!({})).await;
    let mut events = server.events().await;
    events.todo().await;
    assert_eq!(
        read_all(&server, json!({})).await.1,
        json!({ "changed": 0 })
    );
    server.put("next").await;
    assert_eq!(events.todo().await.1.id, "next");
}

#[tokio::test]
async fn what_is_not_open_is_left_alone() {
    let server = start(ServerConfig::default()).await;
    server
        .post(json!({ "id": "a", "title": "t", "status": "cancelled" }))
        .await;
    assert_eq!(
        read_all(&server, json!({})).await.1,
        json!({ "changed": 0 })
    );
    assert_eq!(server.get("/api/v1/todos/a").await.1["read"], false);
}

#[tokio::test]
async fn only_the_callers_own_are_read() {
    let server = start(ServerConfig::default()).await;
    server
        .post(json!({ "id": "a", "user": "ann", "title": "t" }))
        .await;
    server.put("mine").await;
    assert_eq!(
        read_all(&server, json!({})).await.1,
        json!({ "changed": 1 })
    );
    let hers = server.http.get(server.url("/api/v1/todos/a"));
    let (_, hers) = answer(hers.bearer_auth("ann").send().await.unwrap()).await;
    assert_eq!(hers["read"], false);
}

#[tokio::test]
async fn it_is_on_disk_when_it_is_answered() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    read_all(&server, json!({})).await;
    let server = start_in(server.stop().await, ServerConfig::default()).await;
    assert_eq!(unread(&server).await, [""; 0]);
}

#[tokio::test]
async fn a_todo_may_be_called_read() {
    let server = start(ServerConfig::default()).await;
    server.put("read").await;
    assert_eq!(server.get("/api/v1/todos/read").await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_its_field() {
    let server = start(ServerConfig::default()).await;
    server.put("a").await;
    for (body, field) in [
        (json!({ "up_to": -1 }), "up_to"),
        (json!({ "up_to": "7" }), "up_to"),
        (json!({ "upto": 7 }), "upto"),
    ] {
        let (status, problem) = read_all(&server, body).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (StatusCode::BAD_REQUEST, &json!(format!("#/{field}")))
        );
    }
    assert_eq!(unread(&server).await, ["a"]);
}

#[tokio::test]
async fn who_is_not_known_reads_nothing() {
    let folder = with_users("[[tokens]]\ntoken = \"s3cret\"\nuser = \"ann\"\n");
    let server = start_in(folder, ServerConfig::default()).await;
    assert_eq!(
        read_all(&server, json!({})).await.0,
        StatusCode::UNAUTHORIZED
    );
}

async fn read_all(server: &Running, body: Value) -> (StatusCode, Value) {
    let request = server.http.post(server.url("/api/v1/read")).json(&body);
    answer(request.send().await.unwrap()).await
}

async fn unread(server: &Running) -> Vec<String> {
    let (_, page) = server.get("/api/v1/todos?status=open&limit=1000").await;
    let todos = page["todos"].as_array().unwrap().iter();
    todos
        .filter(|todo| todo["read"] == false)
        .map(|todo| todo["id"].as_str().unwrap().to_owned())
        .collect()
}
