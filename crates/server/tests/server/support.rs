//! A server that runs for one test, and a client of it.

use std::future::Future;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Once;
use std::time::Duration;

use belldot_server::{Server, ServerConfig, ServerError, bind};
use belldot_wire::Todo;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use sse_core::{MessageEvent, SseDecoder, SseEvent, SseStream};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::log_under_test::LogUnderTest;

/// For what has to happen; how soon is no test's subject.
const GENEROUS: Duration = Duration::from_secs(60);

pub async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(GENEROUS, work)
        .await
        .unwrap_or_else(|_| panic!("waited for {what}"))
}

/// Asks again and again until the answer is yes.
pub async fn until<F: Future<Output = bool>>(what: &str, mut asked: impl FnMut() -> F) {
    within(what, async {
        while !asked().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

pub fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .unwrap()
    });
    reqwest::Client::builder().no_proxy().build().unwrap()
}

pub struct Running {
    pub address: SocketAddr,
    pub http: reqwest::Client,
    folder: TempDir,
    log: LogUnderTest,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServerError>>,
}

/// A server with an empty folder.
pub async fn start(config: ServerConfig) -> Running {
    start_in(tempfile::tempdir().unwrap(), config).await
}

/// A server with this folder.
pub async fn start_in(folder: TempDir, config: ServerConfig) -> Running {
    let log = LogUnderTest::start(folder.path()).await;
    let server = bind(ServerConfig {
        data: folder.path().to_owned(),
        ids_above: Some(0),
        nats: log.nats(),
        ..config
    })
    .await
    .unwrap();
    run(folder, log, server)
}

/// Runs a server that was bound, with what it needs until its end.
pub fn run(folder: TempDir, log: LogUnderTest, server: Server) -> Running {
    let address = server.address();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(server.run(async {
        stopped.await.ok();
    }));
    Running {
        address,
        http: http(),
        folder,
        log,
        stop,
        task,
    }
}

/// The message of an error, where there has to be one.
pub async fn refusal(config: ServerConfig) -> String {
    match bind(config).await {
        Ok(server) => panic!("listens on {}", server.address()),
        Err(error) => error.to_string(),
    }
}

pub fn with_users(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("users.toml"), text).unwrap();
    folder
}

impl Running {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Stops it in order and gives its folder back.
    pub async fn stop(self) -> TempDir {
        self.stop.send(()).unwrap();
        within("the server's end", self.task)
            .await
            .unwrap()
            .unwrap();
        self.folder
    }

    /// Tells it to stop, and gives what ends when it has, and the folder to keep until then.
    pub fn begin_stop(self) -> (JoinHandle<Result<(), ServerError>>, impl Sized) {
        self.stop.send(()).unwrap();
        (self.task, (self.folder, self.log))
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.http.get(self.url(path)).send().await.unwrap()).await
    }

    pub async fn post(&self, body: Value) -> (StatusCode, Value) {
        answer(
            self.http
                .post(self.url("/api/v1/todos"))
                .json(&body)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    pub async fn patch(&self, id: &str, body: Value) -> (StatusCode, Value) {
        let url = self.url(&format!("/api/v1/todos/{id}"));
        answer(self.http.patch(url).json(&body).send().await.unwrap()).await
    }

    /// Posts a to-do of user `me` that has its id as its title.
    pub async fn put(&self, id: &str) {
        let (status, body) = self.post(json!({ "id": id, "title": id })).await;
        assert!(status.is_success(), "{body}");
    }

    pub async fn connections(&self) -> u64 {
        self.get("/api/v1/status").await.1["connections"]
            .as_u64()
            .unwrap()
    }

    pub async fn until_connections(&self, wanted: u64) {
        until(&format!("{wanted} connections"), async || {
            self.connections().await == wanted
        })
        .await;
    }

    /// Opens a stream as user `me` from the start.
    pub async fn events(&self) -> Events {
        self.events_at("", &[]).await
    }

    /// Opens a stream as user `me` after an event.
    pub async fn events_after(&self, id: &str) -> Events {
        self.events_at("", &[("last-event-id", id)]).await
    }

    /// Opens a stream as user `me` and leaves its bytes as they are.
    pub async fn raw_events(&self) -> Chunks {
        let request = self.http.get(self.url("/api/v1/events"));
        request.send().await.unwrap().bytes_stream().boxed()
    }

    pub async fn events_at(&self, query: &str, headers: &[(&str, &str)]) -> Events {
        let mut request = self.http.get(self.url(&format!("/api/v1/events{query}")));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Events::of(response)
    }
}

pub async fn answer(response: Response) -> (StatusCode, Value) {
    (response.status(), response.json().await.unwrap())
}

pub type Chunks = BoxStream<'static, reqwest::Result<Bytes>>;

const LARGEST: NonZeroUsize = NonZeroUsize::new(8 * 1024 * 1024).unwrap();

/// An open stream, read by a decoder that nobody here wrote.
pub struct Events(SseStream<Chunks>);

#[derive(Debug)]
pub enum Ended {
    Cleanly,
    BrokenOff,
}

impl Events {
    pub fn of(response: Response) -> Self {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let decoder = SseDecoder::with_limit(LARGEST);
        let mut stream = SseStream::with_decoder(decoder);
        stream.attach(response.bytes_stream().boxed());
        Self(stream)
    }

    /// The next event with data.
    pub async fn next(&mut self) -> MessageEvent {
        self.next_or_end().await.expect("the stream goes on")
    }

    pub async fn next_or_end(&mut self) -> Result<MessageEvent, Ended> {
        within("an event", async {
            loop {
                match self.0.next().await {
                    Some(Ok(SseEvent::Message(event))) => return Ok(event),
                    Some(Ok(_)) => {}
                    Some(Err(_)) => return Err(Ended::BrokenOff),
                    None => return Err(Ended::Cleanly),
                }
            }
        })
        .await
    }

    /// The next event, which is a to-do, with its id.
    pub async fn todo(&mut self) -> (u64, Todo) {
        let event = self.next().await;
        assert_eq!(event.event, "todo");
        (
            event.last_event_id.unwrap().parse().unwrap(),
            serde_json::from_str(&event.data).unwrap(),
        )
    }

    /// The ids of the to-dos that come up to the to-do `last`.
    pub async fn todos_up_to(&mut self, last: &str) -> Vec<String> {
        let mut ids = Vec::new();
        loop {
            let (_, todo) = self.todo().await;
            ids.push(todo.id);
            if ids.last().is_some_and(|id| id == last) {
                return ids;
            }
        }
    }

    /// The last event ID as a client would send it.
    pub fn last_event_id(&self) -> Option<String> {
        self.0.last_event_id().map(ToString::to_string)
    }
}
