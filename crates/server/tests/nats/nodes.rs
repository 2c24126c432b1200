//! Several servers that share a log.

use std::time::Duration;

use belldot_server::{ServerConfig, bind};
use belldot_testkit::NatsServer;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::log_under_test::{LogUnderTest, config, nats_server};
use crate::support::{Running, run, until};

/// A NATS server, and the folder with its messages.
struct Shared {
    nats: NatsServer,
    _folder: TempDir,
}

impl Shared {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            nats: nats_server(folder.path()).await,
            _folder: folder,
        }
    }

    /// Another node, with a copy that is empty.
    async fn node(&self) -> Running {
        self.node_in(tempfile::tempdir().unwrap()).await
    }

    async fn node_in(&self, folder: TempDir) -> Running {
        self.node_with(folder, ServerConfig::default()).await
    }

    async fn node_with(&self, folder: TempDir, options: ServerConfig) -> Running {
        let server = bind(ServerConfig {
            data: folder.path().to_owned(),
            ids_above: Some(0),
            nats: Some(config(&self.nats)),
            ..options
        });
        run(folder, LogUnderTest(None), server.await.unwrap())
    }
}

impl Running {
    async fn is_healthy(&self) -> bool {
        self.get("/healthz").await.0.is_success()
    }

    async fn title(&self, id: &str) -> Value {
        self.get(&format!("/api/v1/todos/{id}")).await.1["title"].clone()
    }
}

#[tokio::test]
async fn a_todo_of_one_node_reaches_the_streams_of_the_other() {
    let shared = Shared::start().await;
    let (first, second) = (shared.node().await, shared.node().await);
    let mut events = second.events().await;
    for id in ["a", "b", "c"] {
        first.put(id).await;
    }
    assert_eq!(events.todos_up_to("c").await, ["a", "b", "c"]);
}

#[tokio::test]
async fn of_two_changes_at_once_through_two_nodes_both_stay() {
    let shared = Shared::start().await;
    let (first, second) = (shared.node().await, shared.node().await);
    for round in 0..50 {
        let id = format!("todo-{round}");
        first.put(&id).await;
        let title = first.post(json!({ "id": id, "title": "new" }));
        let status = second.patch(&id, json!({ "status": "cancelled" }));
        let (title, status) = futures_util::future::join(title, status).await;
        assert!(
            title.0.is_success() && status.0.is_success(),
            "{title:?} {status:?}"
        );
        until("both changes on both nodes", async || {
            let path = format!("/api/v1/todos/{id}");
            let mut both = true;
            for node in [&first, &second] {
                let (_, todo) = node.get(&path).await;
                both &= todo["title"] == "new" && todo["status"] == "cancelled";
            }
            both
        })
        .await;
    }
}

#[tokio::test]
async fn many_who_change_one_todo_at_once_all_succeed() {
    let shared = Shared::start().await;
    let nodes = [shared.node().await, shared.node().await];
    nodes[0].put("one").await;
    let change = async |number: usize| {
        let title = format!("title {number}");
        nodes[number % 2]
            .post(json!({ "id": "one", "title": title }))
            .await
    };
    let answers = futures_util::future::join_all((0..32).map(change)).await;
    assert!(
        answers.iter().all(|(status, _)| status.is_success()),
        "{answers:?}"
    );
    let mut events = nodes[0].events().await;
    // One event for the first, one for each change.
    assert_eq!(events.todo().await.0, 33);
}

#[tokio::test]
async fn what_a_node_answered_it_also_shows() {
    let shared = Shared::start().await;
    let nodes = [shared.node().await, shared.node().await];
    // The same two titles in turn: neither node may take what it had last for what there is.
    for round in 0..60 {
        let (node, title) = (&nodes[round % 2], ["one", "two", "three"][round % 3]);
        let (status, body) = node.post(json!({ "id": "a", "title": title })).await;
        assert!(status.is_success(), "{body}");
        assert_eq!(body["title"], title);
        assert_eq!(node.title("a").await, title);
    }
}

#[tokio::test]
async fn a_repetition_through_another_node_is_not_lost() {
    let shared = Shared::start().await;
    let (first, second) = (shared.node().await, shared.node().await);
    for round in 0..40 {
        let id = format!("todo-{round}");
        for (node, title) in [(&first, "old"), (&second, "new"), (&first, "old")] {
            let (status, body) = node.post(json!({ "id": id, "title": title })).await;
            assert!(status.is_success(), "{body}");
        }
        assert_eq!(first.title(&id).await, "old", "round {round}");
    }
}

#[tokio::test]
async fn a_todo_of_one_node_can_be_changed_through_the_other_at_once() {
    let shared = Shared::start().await;
    let (first, second) = (shared.node().await, shared.node().await);
    for round in 0..40 {
        let id = format!("todo-{round}");
        first.put(&id).await;
        let (status, body) = second.patch(&id, json!({ "status": "done" })).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
}

#[tokio::test]
async fn a_client_that_is_ahead_of_a_node_gets_nothing_twice() {
    let shared = Shared::start().await;
    let (first, second) = (shared.node().await, shared.node().await);
    first.put("before").await;
    let mut newest = 1;
    for round in 0..30 {
        first.put(&format!("seen-{round}")).await;
        newest += 1;
        let mut events = second.events_after(&newest.to_string()).await;
        first.put(&format!("next-{round}")).await;
        newest += 1;
        assert_eq!(
            events.todo().await.1.id,
            format!("next-{round}"),
            "after {newest}"
        );
    }
}

#[tokio::test]
async fn a_new_node_fills_itself() {
    let shared = Shared::start().await;
    let first = shared.node().await;
    for number in 0..700 {
        first.put(&number.to_string()).await;
    }
    first.patch("3", json!({ "status": "done" })).await;
    let second = shared.node().await;
    let ids = second.events_after("0").await.todos_up_to("3").await;
    assert_eq!(ids.len(), 700);
    assert_eq!(second.get("/api/v1/todos/3").await.1["status"], "done");
}

#[tokio::test]
async fn a_node_reads_only_what_it_missed_while_it_was_away() {
    let shared = Shared::start().await;
    let (first, second) = (shared.node().await, shared.node().await);
    first.put("a").await;
    until("the copy", async || second.title("a").await == "a").await;
    let folder = second.stop().await;
    first.put("b").await;
    first.post(json!({ "id": "a", "title": "changed" })).await;
    let second = shared.node_in(folder).await;
    assert_eq!(
        second.events_after("1").await.todos_up_to("a").await,
        ["b", "a"]
    );
    assert_eq!(second.title("a").await, "changed");
}

#[tokio::test]
async fn a_copy_of_another_stream_is_thrown_away() {
    let (old, new) = (Shared::start().await, Shared::start().await);
    let node = old.node().await;
    node.put("of-the-old-one").await;
    let folder = node.stop().await;
    let node = new.node_in(folder).await;
    node.put("of-the-new-one").await;
    let ids = node
        .events_after("0")
        .await
        .todos_up_to("of-the-new-one")
        .await;
    assert_eq!(ids, ["of-the-new-one"]);
}

#[tokio::test]
async fn streams_live_through_a_restart_of_nats_and_miss_nothing() {
    let mut shared = Shared::start().await;
    let (first, second) = (shared.node().await, shared.node().await);
    let mut events = second.events().await;
    first.put("before").await;
    assert_eq!(events.todo().await.1.id, "before");
    for round in 0..3 {
        shared.nats.kill();
        shared.nats.resume().await;
        let ids: Vec<_> = (0..20).map(|number| format!("{round}-{number}")).collect();
        for id in &ids {
            until("a to-do is taken", async || {
                let (status, _) = first.post(json!({ "id": id, "title": id })).await;
                status.is_success()
            })
            .await;
        }
        assert_eq!(events.todos_up_to(ids.last().unwrap()).await, ids);
    }
}

#[tokio::test]
async fn without_nats_a_change_is_refused_with_a_time_and_reads_go_on() {
    let mut shared = Shared::start().await;
    let node = shared.node().await;
    node.put("a").await;
    shared.nats.kill();
    let body = json!({ "id": "b", "title": "b" });
    let post = node.http.post(node.url("/api/v1/todos")).json(&body);
    let response = post.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(node.title("a").await, "a");
    until("it says that it is out of step", async || {
        !node.is_healthy().await
    })
    .await;
    shared.nats.resume().await;
    until("it is well again", async || node.is_healthy().await).await;
    until("a to-do is taken", async || {
        node.post(body.clone()).await.0.is_success()
    })
    .await;
}

#[tokio::test]
async fn a_message_that_is_no_todo_hinders_nobody() {
    let shared = Shared::start().await;
    let node = shared.node().await;
    let nats = async_nats::connect(shared.nats.url()).await.unwrap();
    for (subject, payload) in [
        ("belldot.todos.YW5u.YQ", "{"),
        ("belldot.todos.!.!", "{}"),
        ("belldot.todos.bWU.YQ", "{\"id\":\"b\"}"),
    ] {
        let jetstream = async_nats::jetstream::new(nats.clone());
        let sent = jetstream.publish(subject, payload.into()).await.unwrap();
        sent.await.unwrap();
    }
    node.put("b").await;
    let mut events = node.events().await;
    assert_eq!(events.todo().await, (4, events_todo(&node, "b").await));
    let second = shared.node().await;
    assert_eq!(second.events().await.todo().await.0, 4);
}

async fn events_todo(node: &Running, id: &str) -> belldot_wire::Todo {
    let (_, todo) = node.get(&format!("/api/v1/todos/{id}")).await;
    serde_json::from_value(todo).unwrap()
}

#[tokio::test]
async fn what_one_node_removed_can_be_sent_anew_through_another() {
    let shared = Shared::start().await;
    let first = shared.node().await;
    first.put("old").await;
    first.put("open").await;
    first.patch("old", json!({ "status": "done" })).await;
    let config = ServerConfig {
        retention: Some(Duration::ZERO),
        ..ServerConfig::default()
    };
    let second = shared.node_with(tempfile::tempdir().unwrap(), config).await;
    until("it is removed", async || {
        second.title("old").await == "Not Found"
    })
    .await;
    // It was never removed from the first node's copy.
    assert_eq!(first.title("old").await, "old");
    let (status, body) = first.post(json!({ "id": "old", "title": "anew" })).await;
    assert!(status.is_success(), "{body}");
    until("the other has it", async || {
        second.title("old").await == "anew"
    })
    .await;
    let third = shared.node().await;
    let ids = third.events_after("0").await.todos_up_to("old").await;
    assert_eq!(ids, ["open", "old"]);
}

#[tokio::test]
async fn more_than_a_batch_is_read_at_once() {
    let shared = Shared::start().await;
    let (first, second) = (shared.node().await, shared.node().await);
    let post = async |number: usize| first.put(&number.to_string()).await;
    futures_util::future::join_all((0..1_100).map(post)).await;
    let read = second
        .http
        .post(second.url("/api/v1/read"))
        .json(&json!({}))
        .send();
    let answer: Value = read.await.unwrap().json().await.unwrap();
    assert_eq!(answer, json!({ "changed": 1_100 }));
}
