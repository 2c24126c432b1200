//! nginx with nchan: a real server that nobody here wrote. Messages with IDs and types, a worker
//! killed, nginx restarted, a channel deleted, a subscriber limit: nothing lost, nothing twice
//! (told apart by ID, as the inbox does). Says so and is skipped where nginx or its module is
//! missing.
//!
//! ```sh
//! cargo test -p belldot-stream --test nchan
//! ```

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    // A test's client need not find its way through a company's network.
    clippy::disallowed_methods
)]

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use belldot_stream::{
    Cause, Config, Network, Proxy, StreamPolicy, StreamState, Subscription, Update,
};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const LIMIT: Duration = Duration::from_secs(30);

/// Our own nginx, in a directory and on a port of its own.
struct Nginx {
    process: Child,
    directory: TempDir,
    port: u16,
    http: reqwest::Client,
}

impl Nginx {
    async fn start() -> Option<Self> {
        let found = Command::new("nginx")
            .arg("-v")
            .stderr(Stdio::null())
            .status();
        if !found.is_ok_and(|status| status.success()) || !Path::new(MODULE).exists() {
            println!("skipped: nginx with nchan is not installed (libnginx-mod-nchan)");
            return None;
        }
        let directory = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let place = directory.path().display();
        let configuration = format!(
            "load_module {MODULE};\n\
             user root; worker_processes 1; daemon off; pid {place}/pid;\n\
             error_log {place}/error.log;\n\
             events {{}}\n\
             http {{\n\
               access_log off;\n\
               client_body_temp_path {place}/body; proxy_temp_path {place}/proxy;\n\
               fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi;\n\
               scgi_temp_path {place}/scgi;\n\
               nchan_message_buffer_length 1000; nchan_message_timeout 10m;\n\
               server {{\n\
                 listen 127.0.0.1:{port};\n\
                 location = /publish {{ nchan_publisher; nchan_channel_id $arg_id; }}\n\
                 location = /listen {{\n\
                   nchan_subscriber eventsource; nchan_channel_id $arg_id;\n\
                   nchan_eventsource_ping_interval 1; nchan_eventsource_ping_comment ping;\n\
                 }}\n\
                 location = /limited {{\n\
                   nchan_subscriber eventsource; nchan_channel_id $arg_id;\n\
                   nchan_max_channel_subscribers 1;\n\
                 }}\n\
               }}\n\
             }}\n"
        );
        fs::write(directory.path().join("nginx.conf"), configuration).unwrap();
        let http = reqwest_client();
        let process = run(directory.path());
        let nginx = Self {
            process,
            directory,
            port,
            http,
        };
        nginx.is_there().await;
        Some(nginx)
    }

    async fn is_there(&self) {
        let up = async {
            while self
                .http
                .get(self.url("publish", "none"))
                .send()
                .await
                .is_err()
            {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let log = self.directory.path().join("error.log");
        let said = || fs::read_to_string(log).unwrap_or_default();
        timeout(LIMIT, up)
            .await
            .unwrap_or_else(|_| panic!("nginx does not start: {}", said()));
    }

    fn url(&self, location: &str, channel: &str) -> String {
        format!("http://127.0.0.1:{}/{location}?id={channel}", self.port)
    }

    async fn publish(&self, channel: &str, kind: &str, messages: impl IntoIterator<Item = u32>) {
        for message in messages {
            let request = self.http.post(self.url("publish", channel));
            let request = request
                .header("X-EventSource-Event", kind)
                .body(message.to_string());
            let response = request.send().await.unwrap();
            assert!(response.status().is_success(), "{}", response.status());
        }
    }

    async fn delete(&self, channel: &str) {
        let response = self
            .http
            .delete(self.url("publish", channel))
            .send()
            .await
            .unwrap();
        assert!(response.status().is_success(), "{}", response.status());
    }

    fn kill_worker(&self) {
        let parent = self.process.id().to_string();
        let found = Command::new("pgrep")
            .args(["-P", &parent])
            .output()
            .unwrap();
        let workers = String::from_utf8(found.stdout).unwrap();
        assert!(!workers.trim().is_empty());
        for worker in workers.split_whitespace() {
            assert!(
                Command::new("kill")
                    .args(["-KILL", worker])
                    .status()
                    .unwrap()
                    .success()
            );
        }
    }

    async fn restart(&mut self) {
        self.stop();
        sleep(Duration::from_millis(300)).await;
        self.process = run(self.directory.path());
        self.is_there().await;
    }

    /// nchan numbers messages within a second (`time:number`), and begins again where it has lost
    /// a channel: what it is told in the same second bears IDs that it has given before.
    async fn next_second(&self) {
        sleep(Duration::from_millis(1100)).await;
    }

    fn stop(&mut self) {
        let process = self.process.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &process]).status();
        let _ = self.process.wait();
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(directory: &Path) -> Child {
    Command::new("nginx")
        .arg("-p")
        .arg(directory)
        .args(["-c", "nginx.conf", "-e", "error.log"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn reqwest_client() -> reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(
        rustls::crypto::ring::default_provider().into(),
    );
    let tls = tls.with_safe_default_protocol_versions().unwrap();
    let tls = tls
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy();
    builder.pool_max_idle_per_host(0).build().unwrap()
}

/// A subscription, and what an inbox would hold of it.
struct Inbox {
    stream: Subscription,
    ids: Vec<String>,
    messages: Vec<(String, u32)>,
}

impl Inbox {
    fn new(url: &str) -> Self {
        let mut config = Config::new(url.parse().unwrap());
        config.network = Network {
            proxy: Proxy::Direct,
            ..Network::default()
        };
        config.policy = StreamPolicy {
            base: Duration::from_millis(200),
            ceiling: Duration::from_millis(500),
            gap: Duration::from_millis(50),
            ..StreamPolicy::default()
        };
        Self {
            stream: Subscription::start(config),
            ids: Vec::new(),
            messages: Vec::new(),
        }
    }

    async fn next_state(&mut self) -> StreamState {
        loop {
            let update = timeout(LIMIT, self.stream.next())
                .await
                .expect("an update in time");
            match update.unwrap() {
                Update::Event(event) if self.ids.contains(&event.id) => {}
                Update::Event(event) => {
                    self.messages
                        .push((event.kind, event.data.parse().unwrap()));
                    self.ids.push(event.id);
                }
                Update::State(state) => return state,
                _ => {}
            }
        }
    }

    async fn open(&mut self) {
        while !matches!(self.next_state().await, StreamState::Open { .. }) {}
    }

    /// Reads until this many messages are there, and a little longer.
    async fn read(&mut self, count: usize) {
        let all = async {
            while self.messages.len() < count {
                let _ = timeout(Duration::from_millis(50), self.next_state()).await;
            }
        };
        timeout(LIMIT, all)
            .await
            .unwrap_or_else(|_| panic!("only {:?}", self.messages));
        let _ = timeout(Duration::from_millis(300), async {
            loop {
                self.next_state().await;
            }
        })
        .await;
    }

    fn numbers(&self) -> Vec<u32> {
        self.messages.iter().map(|(_, number)| *number).collect()
    }
}

fn up_to(last: u32) -> Vec<u32> {
    (1..=last).collect()
}

#[tokio::test]
async fn messages_arrive_with_their_ids_and_types() {
    let Some(nginx) = Nginx::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    nginx.publish("a", "todo", 1..=20).await;
    inbox.read(20).await;
    assert_eq!(inbox.numbers(), up_to(20));
    assert!(inbox.messages.iter().all(|(kind, _)| kind == "todo"));
    assert!(
        inbox.ids.iter().all(|id| id.contains(':')),
        "{:?}",
        inbox.ids
    );
    // Comments sent while nothing happens are its heartbeats.
    let heard = async {
        while inbox.stream.handle().statistics().heartbeats < 2 {
            let _ = timeout(Duration::from_millis(100), inbox.stream.next()).await;
        }
    };
    timeout(LIMIT, heard).await.expect("heartbeats");
}

#[tokio::test]
async fn what_was_missed_is_replayed_once() {
    let Some(nginx) = Nginx::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    nginx.publish("a", "todo", 1..=10).await;
    inbox.read(10).await;
    inbox.stream.handle().pause();
    while inbox.next_state().await != StreamState::Paused {}
    nginx.publish("a", "todo", 11..=20).await;
    inbox.stream.handle().resume();
    inbox.open().await;
    nginx.publish("a", "todo", 21..=30).await;
    inbox.read(30).await;
    assert_eq!(inbox.numbers(), up_to(30));
}

#[tokio::test]
async fn a_killed_worker_loses_nothing() {
    let Some(nginx) = Nginx::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    nginx.publish("a", "todo", 1..=10).await;
    inbox.read(10).await;
    nginx.kill_worker();
    assert!(matches!(
        inbox.next_state().await,
        StreamState::Waiting { .. }
    ));
    nginx.is_there().await;
    inbox.open().await;
    nginx.next_second().await;
    nginx.publish("a", "todo", 11..=20).await;
    inbox.read(20).await;
    assert_eq!(inbox.numbers(), up_to(20));
}

#[tokio::test]
async fn a_restart_loses_nothing_that_is_said_after_it() {
    let Some(mut nginx) = Nginx::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    nginx.publish("a", "todo", 1..=10).await;
    inbox.read(10).await;
    nginx.restart().await;
    nginx.next_second().await;
    // Said before the subscription is back, or after: the ID decides, not luck.
    nginx.publish("a", "todo", 11..=20).await;
    inbox.read(20).await;
    assert_eq!(inbox.numbers(), up_to(20));
}

#[tokio::test]
async fn a_deleted_channel_ends_the_stream_and_comes_back() {
    let Some(nginx) = Nginx::start().await else {
        return;
    };
    let mut inbox = Inbox::new(&nginx.url("listen", "a"));
    inbox.open().await;
    nginx.publish("a", "todo", 1..=5).await;
    inbox.read(5).await;
    nginx.delete("a").await;
    let state = inbox.next_state().await;
    assert!(matches!(state, StreamState::Waiting { .. }), "{state:?}");
    inbox.open().await;
    nginx.next_second().await;
    nginx.publish("a", "todo", 6..=10).await;
    inbox.read(10).await;
    assert_eq!(inbox.numbers(), up_to(10));
}

#[tokio::test]
async fn a_subscriber_limit_is_named_and_tried_again_slowly() {
    let Some(nginx) = Nginx::start().await else {
        return;
    };
    let url = nginx.url("limited", "a");
    let mut first = Inbox::new(&url);
    first.open().await;
    let mut second = Inbox::new(&url);
    assert!(matches!(
        second.next_state().await,
        StreamState::Connecting { .. }
    ));
    let StreamState::Waiting { until, cause, .. } = second.next_state().await else {
        panic!()
    };
    assert_eq!(cause, Cause::Status(reqwest::StatusCode::FORBIDDEN));
    let delay = std::time::SystemTime::from(until)
        .duration_since(std::time::SystemTime::now())
        .unwrap();
    assert!(delay > Duration::from_secs(200), "{delay:?}");
    first.stream.handle().close().await;
    // nchan may take a moment to notice that the first has gone.
    let opened = async {
        loop {
            second.stream.handle().retry_now();
            while !matches!(second.next_state().await, StreamState::Connecting { .. }) {}
            if matches!(second.next_state().await, StreamState::Open { .. }) {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(LIMIT, opened).await.expect("room for the second");
    nginx.publish("a", "todo", 1..=5).await;
    second.read(5).await;
    assert_eq!(second.numbers(), up_to(5));
}
