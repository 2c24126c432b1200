//! What stands on the cluster's machines: nodes, nginx, and how the NATS servers are.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::sync::Once;
use std::time::Duration;

use async_nats::{ConnectOptions, jetstream};
use belldot_testkit::{NatsCluster, skip_unless};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::sleep;

/// A `belldot-server` that keeps its to-dos in the NATS cluster.
pub struct Node {
    process: Child,
    port: u16,
    data: TempDir,
}

/// nginx, configured by `deploy/cluster/nginx.conf`.
pub struct Nginx {
    _process: Child,
    _folder: TempDir,
    port: u16,
    http: reqwest::Client,
}

impl Node {
    pub async fn start(nats: &str) -> Self {
        let (data, port) = (tempfile::tempdir().unwrap(), free_port());
        let process = spawn(data.path(), port, nats).await;
        Self {
            process,
            port,
            data,
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Kills it; it says goodbye to nobody.
    pub fn kill(&mut self) {
        self.process.start_kill().unwrap();
    }

    /// Starts it again, with its port and its copy.
    pub async fn resume(&mut self, nats: &str) {
        self.process.wait().await.unwrap();
        self.process = spawn(self.data.path(), self.port, nats).await;
    }
}

async fn spawn(data: &Path, port: u16, nats: &str) -> Child {
    let mut process = Command::new(env!("CARGO_BIN_EXE_belldot-server"))
        .args(["--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(data)
        .args(["--nats", nats, "--retry", "1"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(process.stdout.take().unwrap());
    stdout.read_line(&mut line).await.unwrap();
    assert!(line.starts_with("listening on "), "{line:?}");
    process
}

impl Nginx {
    /// Starts it before nodes at these ports. `None` if it is not installed and may be skipped.
    pub async fn start(nodes: &[u16; 2]) -> Option<Self> {
        let version = Command::new("nginx")
            .arg("-v")
            .stderr(Stdio::null())
            .status();
        let installed = version.await.is_ok_and(|status| status.success());
        if skip_unless(installed, "nginx", "nginx is not installed") {
            return None;
        }
        let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
        std::fs::write(folder.path().join("nginx.conf"), configuration(port, nodes)).unwrap();
        let process = Command::new("nginx")
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let nginx = Self {
            _process: process,
            _folder: folder,
            port,
            http: http(),
        };
        let health = nginx.url("/healthz");
        while nginx.http.get(&health).send().await.is_err() {
            sleep(Duration::from_millis(20)).await;
        }
        Some(nginx)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Posts a to-do until it is taken, as a sender does that was cut off or told to come again.
    pub async fn post(&self, todo: Value) {
        loop {
            let post = self.http.post(self.url("/api/v1/todos")).json(&todo);
            if let Ok(answer) = post.send().await {
                if answer.status().is_success() {
                    return;
                }
                // Nothing but a wait is asked for.
                assert!(answer.status().is_server_error(), "{answer:?}");
            }
            sleep(Duration::from_millis(100)).await;
        }
    }
}

/// The file as it is deployed, with these addresses, and nothing outside of its folder.
fn configuration(port: u16, nodes: &[u16; 2]) -> String {
    let deployed = include_str!("../../../../deploy/cluster/nginx.conf");
    let replaced = [
        ("listen 80;", format!("listen 127.0.0.1:{port};")),
        ("10.0.0.11:8787", format!("127.0.0.1:{}", nodes[0])),
        ("10.0.0.12:8787", format!("127.0.0.1:{}", nodes[1])),
        // A test may not raise its limits.
        ("worker_rlimit_nofile 131072;", String::new()),
        (
            "worker_connections 65536;",
            "worker_connections 1024;".to_owned(),
        ),
        (
            "http {",
            "http { access_log off; client_body_temp_path body; proxy_temp_path proxy; \
             fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;"
                .to_owned(),
        ),
    ];
    let own = "user root; daemon off; master_process off; pid nginx.pid;".to_owned() + deployed;
    replaced.iter().fold(own, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

/// The name of the NATS server that leads the stream, once there is one.
pub async fn stream_leader(nats: &str) -> String {
    loop {
        if let Some(leader) = stream(nats).await.and_then(|cluster| cluster.leader) {
            return leader;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until every NATS server has all of the stream.
pub async fn until_replicated(nats: &str) {
    loop {
        let cluster = stream(nats).await;
        if cluster.is_some_and(|cluster| {
            cluster.replicas.len() == 2
                && (cluster.replicas.iter()).all(|replica| replica.current && !replica.offline)
        }) {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

async fn stream(nats: &str) -> Option<async_nats::jetstream::stream::ClusterInfo> {
    let servers: Vec<&str> = nats.split(',').collect();
    let options =
        ConnectOptions::with_user_and_password("belldot".into(), NatsCluster::PASSWORD.into());
    let client = options.connect(servers).await.ok()?;
    let stream = jetstream::new(client).get_stream("BELLDOT").await.ok()?;
    stream.cached_info().cluster.clone()
}

fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .unwrap();
    });
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}
