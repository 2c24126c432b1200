//! Webhooks, as a receiver gets them.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use belldot_server::ServerConfig;
use ring::hmac;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::{Running, refusal, start_in, until, within};

const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What a receiver heard, and what it answers next; 204 where nothing is planned.
#[derive(Clone, Default)]
struct Receiver(Arc<Mutex<Received>>);

#[derive(Default)]
struct Received {
    messages: Vec<(HeaderMap, String)>,
    answers: VecDeque<StatusCode>,
}

impl Receiver {
    async fn listen(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/hook", post(receive))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    fn answer_next(&self, answers: impl IntoIterator<Item = StatusCode>) {
        self.0.lock().unwrap().answers.extend(answers);
    }

    fn messages(&self) -> Vec<(HeaderMap, String)> {
        self.0.lock().unwrap().messages.clone()
    }

    /// Waits for so many messages, and gives their to-dos.
    async fn todos(&self, count: usize) -> Vec<Value> {
        until(&format!("{count} messages"), async || {
            self.messages().len() >= count
        })
        .await;
        let messages = self.messages();
        assert_eq!(messages.len(), count);
        let todo = |(_, body): (_, String)| {
            let message: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(message["type"], "todo.changed");
            message["data"].clone()
        };
        messages.into_iter().map(todo).collect()
    }
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut received = receiver.0.lock().unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    received.messages.push((headers, body));
    received
        .answers
        .pop_front()
        .unwrap_or(StatusCode::NO_CONTENT)
}

fn config() -> ServerConfig {
    ServerConfig {
        webhook_retry: Duration::from_millis(1)..=Duration::from_millis(20),
        ..ServerConfig::default()
    }
}

/// A folder with a webhook of the user `me`.
fn with_webhook(address: SocketAddr) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[[webhooks]]\nsender = \"me\"\nurl = \"http://{address}/hook\"\nsecret = \"whsec_{SECRET}\"\n"
    );
    std::fs::write(folder.path().join("webhooks.toml"), text).unwrap();
    folder
}

async fn send(server: &Running, id: &str, user: &str) {
    let (status, body) = server
        .post(json!({ "id": id, "user": user, "title": id }))
        .await;
    assert!(status.is_success(), "{body}");
}

#[tokio::test]
async fn a_sender_is_told_what_became_of_what_it_sent() {
    let receiver = Receiver::default();
    let server = start_in(with_webhook(receiver.listen().await), config()).await;
    send(&server, "7", "ann").await;
    let done = server
        .http
        .patch(server.url("/api/v1/todos/7"))
        .bearer_auth("ann");
    done.json(&json!({ "status": "done" }))
        .send()
        .await
        .unwrap();
    let todos = receiver.todos(2).await;
    assert_eq!(
        (&todos[0]["id"], &todos[0]["user"]),
        (&json!("7"), &json!("ann"))
    );
    assert_eq!(
        (&todos[0]["status"], &todos[1]["status"]),
        (&json!("open"), &json!("done"))
    );
}

#[tokio::test]
async fn each_message_is_signed_and_has_its_own_id() {
    let receiver = Receiver::default();
    let server = start_in(with_webhook(receiver.listen().await), config()).await;
    receiver.answer_next([StatusCode::INTERNAL_SERVER_ERROR]);
    send(&server, "1", "ann").await;
    receiver.todos(2).await;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(SECRET).unwrap());
    let mut ids = Vec::new();
    for (headers, body) in receiver.messages() {
        let header = |name| headers[name].to_str().unwrap();
        let signed = format!(
            "{}.{}.{body}",
            header("webhook-id"),
            header("webhook-timestamp")
        );
        let signature = header("webhook-signature").strip_prefix("v1,").unwrap();
        let signature = STANDARD.decode(signature).unwrap();
        hmac::verify(&key, signed.as_bytes(), &signature).unwrap();
        ids.push(header("webhook-id").to_owned());
    }
    assert_eq!(ids[0], ids[1], "the same message again");
}

#[tokio::test]
async fn what_is_not_taken_comes_again_before_anything_later() {
    let receiver = Receiver::default();
    receiver.answer_next([
        StatusCode::BAD_GATEWAY,
        StatusCode::FOUND,
        StatusCode::NOT_FOUND,
    ]);
    let server = start_in(with_webhook(receiver.listen().await), config()).await;
    send(&server, "1", "ann").await;
    send(&server, "2", "bob").await;
    let todos = receiver.todos(5).await;
    let ids: Vec<_> = todos
        .iter()
        .map(|todo| todo["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["1", "1", "1", "1", "2"]);
}

#[tokio::test]
async fn a_restart_loses_nothing_and_repeats_nothing_that_was_taken() {
    let receiver = Receiver::default();
    let server = start_in(with_webhook(receiver.listen().await), config()).await;
    send(&server, "taken", "ann").await;
    receiver.todos(1).await;
    receiver.answer_next(vec![StatusCode::SERVICE_UNAVAILABLE; 100_000]);
    send(&server, "waits", "ann").await;
    send(&server, "waits too", "ann").await;
    until("an attempt", async || receiver.messages().len() > 1).await;
    let folder = server.stop().await;
    {
        let mut received = receiver.0.lock().unwrap();
        received.answers.clear();
        received.messages.clear();
    }
    let _server = start_in(folder, config()).await;
    let todos = receiver.todos(2).await;
    assert_eq!(
        (&todos[0]["id"], &todos[1]["id"]),
        (&json!("waits"), &json!("waits too"))
    );
}

#[tokio::test]
async fn a_new_webhook_begins_with_what_happens_from_then_on() {
    let receiver = Receiver::default();
    let folder = with_webhook(receiver.listen().await);
    let webhooks = folder.path().join("webhooks.toml");
    let text = std::fs::read_to_string(&webhooks).unwrap();
    std::fs::remove_file(&webhooks).unwrap();
    let server = start_in(folder, config()).await;
    send(&server, "before", "ann").await;
    let folder = server.stop().await;
    std::fs::write(&webhooks, text).unwrap();
    let server = start_in(folder, config()).await;
    // Where it begins is stored before anything is sent.
    let place = webhooks.with_file_name("webhooks").join("me");
    until("the place", async || place.exists()).await;
    send(&server, "after", "ann").await;
    assert_eq!(receiver.todos(1).await[0]["id"], "after");
}

#[tokio::test]
async fn a_receiver_that_hangs_does_not_hold_up_the_end_or_the_writes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = start_in(with_webhook(address), config()).await;
    for id in 0..200 {
        send(&server, &id.to_string(), "ann").await;
    }
    within("the server's end", server.stop()).await;
    drop(listener);
}

#[tokio::test]
async fn a_file_that_is_wrong_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("webhooks.toml"),
        "[[webhooks]]\nsender = 5\n",
    )
    .unwrap();
    let message = refusal(ServerConfig {
        data: folder.path().to_owned(),
        ..ServerConfig::default()
    })
    .await;
    assert!(message.contains("webhooks.toml: line 2"), "{message}");
}
