//! NATS servers, which `cargo xtask setup` installs below the target folder: alone, and three as the
//! cluster of `deploy/cluster`.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::{LIMIT, skip_unless};

/// A NATS server with JetStream of the test's own, with a port of its own.
pub struct NatsServer {
    process: Option<Child>,
    command: Box<dyn Fn() -> Command + Send + Sync>,
    port: u16,
}

/// Three NATS servers, configured by `deploy/cluster/nats-server.conf`.
pub struct NatsCluster {
    servers: Vec<NatsServer>,
    _folder: TempDir,
}

impl NatsServer {
    /// Starts one that stores its messages in `folder`. `None` if it is not installed and `nats` may
    /// be skipped.
    ///
    /// # Panics
    /// If it does not start, or is missing and must not be skipped.
    pub async fn start(folder: &Path) -> Option<Self> {
        let program = installed()?;
        let (port, folder) = (free_port(), folder.to_owned());
        let mut server = Self {
            process: None,
            command: Box::new(move || {
                let mut command = Command::new(&program);
                command.args(["--addr", "127.0.0.1", "--port", &port.to_string()]);
                command.args(["--jetstream", "--store_dir"]).arg(&folder);
                command
            }),
            port,
        };
        server.resume().await;
        Some(server)
    }

    /// The address for clients.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills it; it says goodbye to nobody.
    ///
    /// # Panics
    /// If it cannot be killed.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts it again, with its port and its messages, and waits until it answers.
    ///
    /// # Panics
    /// If it does not.
    pub async fn resume(&mut self) {
        if self.process.is_none() {
            self.spawn();
        }
        self.wait_until_ready().await;
    }

    fn spawn(&mut self) {
        let mut command = (self.command)();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(command.spawn().unwrap());
    }

    async fn wait_until_ready(&self) {
        let ready = async {
            while !greets(self.port).await {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let ready = timeout(LIMIT, ready).await;
        assert!(ready.is_ok(), "no NATS server at {}", self.port);
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().ok();
            process.wait().ok();
        }
    }
}

impl NatsCluster {
    /// The password of the user `belldot`.
    pub const PASSWORD: &str = "s3cret";

    /// Starts it. `None` if it is not installed and `nats` may be skipped.
    ///
    /// # Panics
    /// If it does not start, or is missing and must not be skipped.
    pub async fn start() -> Option<Self> {
        let program = installed()?;
        let folder = TempDir::new().unwrap();
        let ports: Vec<(u16, u16)> = (0..3).map(|_| (free_port(), free_port())).collect();
        let configuration =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/cluster/nats-server.conf");
        let mut servers: Vec<_> = (0..3)
            .map(|index| {
                let (program, configuration) = (program.clone(), configuration.clone());
                let (ports, store) = (ports.clone(), folder.path().join(index.to_string()));
                let port = ports[index].0;
                let command = move || {
                    let mut command = Command::new(&program);
                    command.arg("--config").arg(&configuration);
                    let (client, cluster) = ports[index];
                    command
                        .env("NATS_NAME", name(index))
                        .env("NATS_LISTEN", format!("127.0.0.1:{client}"))
                        .env("NATS_CLUSTER_LISTEN", format!("127.0.0.1:{cluster}"))
                        .env("NATS_STORE", &store)
                        .env("NATS_PASSWORD", Self::PASSWORD)
                        .env("NATS_CLUSTER_PASSWORD", Self::PASSWORD);
                    for (other, (_, port)) in ports.iter().enumerate() {
                        let password = Self::PASSWORD;
                        let route = format!("nats-route://cluster:{password}@127.0.0.1:{port}");
                        command.env(format!("NATS_ROUTE_{}", other + 1), route);
                    }
                    command
                };
                NatsServer {
                    process: None,
                    command: Box::new(command),
                    port,
                }
            })
            .collect();
        servers.iter_mut().for_each(NatsServer::spawn);
        for server in &servers {
            server.wait_until_ready().await;
        }
        Some(Self {
            servers,
            _folder: folder,
        })
    }

    /// The addresses for clients, with commas between them.
    pub fn urls(&self) -> String {
        let password = Self::PASSWORD;
        let urls: Vec<_> = (self.servers.iter())
            .map(|server| format!("nats://belldot:{password}@127.0.0.1:{}", server.port))
            .collect();
        urls.join(",")
    }

    /// The server of this name, such as a stream's leader.
    ///
    /// # Panics
    /// If there is none.
    pub fn named(&mut self, wanted: &str) -> &mut NatsServer {
        let index = (0..self.servers.len()).find(|index| name(*index) == wanted);
        &mut self.servers[index.unwrap()]
    }

    /// The names of its servers.
    pub fn names(&self) -> Vec<String> {
        (0..self.servers.len()).map(name).collect()
    }
}

fn name(index: usize) -> String {
    format!("nats-{}", index + 1)
}

fn installed() -> Option<PathBuf> {
    let test = env::current_exe().unwrap();
    let target = test.ancestors().nth(3).unwrap();
    let program = target.join("servers/nats/bin/nats-server");
    let missing = "nats-server is not installed (cargo xtask setup)";
    (!skip_unless(program.exists(), "nats", missing)).then(|| fs::canonicalize(program).unwrap())
}

/// Whether a NATS server says who it is.
async fn greets(port: u16) -> bool {
    let Ok(socket) = TcpStream::connect(("127.0.0.1", port)).await else {
        return false;
    };
    let mut line = String::new();
    let greeting = BufReader::new(socket).read_line(&mut line).await;
    greeting.is_ok() && line.starts_with("INFO ")
}

fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().port()
}
