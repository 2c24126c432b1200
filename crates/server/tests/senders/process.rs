//! Programs as processes, each in a folder of its own.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use belldot_testkit::skip_unless;
use serde_json::Value;
use tempfile::TempDir;

/// For what has to happen; how soon is no test's subject.
const GENEROUS: Duration = Duration::from_secs(120);

pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < GENEROUS, "waited for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of the servers and clients that others wrote.
pub fn third_party() -> PathBuf {
    root().join("tests/servers")
}

/// Python with the packages of `tests/servers/requirements.txt`.
pub fn python() -> PathBuf {
    root().join("target/servers/python/bin/python")
}

/// Whether the test has to be left out, as this program is not installed.
pub fn is_missing(program: impl AsRef<OsStr>, argument: &str) -> bool {
    let program = program.as_ref();
    let started = Command::new(program)
        .arg(argument)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let missing = format!("{} is not installed", program.display());
    skip_unless(started.is_ok(), "senders", &missing)
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A process that is killed when dropped, and what it says line by line.
pub struct Running {
    process: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (output, heard) = (process.stdout.take().unwrap(), lines.clone());
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                heard.lock().unwrap().push(line);
            }
        });
        Self { process, lines }
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    pub fn wait_for_line(&self, what: &str, is_it: impl Fn(&str) -> bool) {
        until(what, || self.lines().iter().any(|line| is_it(line)));
    }

    pub fn stop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// `belldot-server` with the publisher `erp` and the user `ann`, whose tokens are their names.
pub struct BelldotServer {
    data: TempDir,
    port: u16,
    process: Running,
}

impl BelldotServer {
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// Starts it with this `webhooks.toml`.
    pub fn start_with(webhooks: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let users = "[[tokens]]\ntoken = \"erp\"\nuser = \"erp\"\npublisher = true\n\n\
                     [[tokens]]\ntoken = \"ann\"\nuser = \"ann\"\n";
        std::fs::write(data.path().join("users.toml"), users).unwrap();
        std::fs::write(data.path().join("webhooks.toml"), webhooks).unwrap();
        let port = free_port();
        let process = spawn(data.path(), port);
        Self {
            data,
            port,
            process,
        }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn events(&self) -> String {
        self.url() + "/api/v1/events?access_token=ann"
    }

    /// Ends it as a power cut would, and starts it again.
    pub fn restart(&mut self) {
        self.process.stop();
        self.process = spawn(self.data.path(), self.port);
    }

    /// Sends a to-do to ann by `belldot-server publish`.
    pub fn publish(&self, id: &str) {
        let mut publish = Command::new(env!("CARGO_BIN_EXE_belldot-server"));
        publish.args([
            "publish",
            "--url",
            &self.url(),
            "--user",
            "ann",
            "--id",
            id,
            id,
        ]);
        let done = publish.env("BELLDOT_TOKEN", "erp").output().unwrap();
        assert!(done.status.success(), "{done:?}");
        let todo: Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!((&todo["id"], &todo["user"]), (&id.into(), &"ann".into()));
    }

    /// The to-dos of a user.
    pub fn todos(&self, user: &str) -> Vec<Value> {
        let url = self.url() + "/api/v1/todos";
        let page: Value = serde_json::from_str(&curl(&[&url, "-H", &bearer(user)])).unwrap();
        page["todos"].as_array().unwrap().clone()
    }

    pub fn connections(&self) -> u64 {
        let url = self.url() + "/api/v1/status";
        let status: Value = serde_json::from_str(&curl(&[&url, "-H", &bearer("erp")])).unwrap();
        status["connections"].as_u64().unwrap()
    }
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

pub fn curl(arguments: &[&str]) -> String {
    let curl = Command::new("curl")
        .args(["-sS", "--noproxy", "*"])
        .args(arguments)
        .output();
    let curl = curl.expect("curl is installed");
    assert!(curl.status.success(), "{curl:?}");
    String::from_utf8(curl.stdout).unwrap()
}

fn spawn(data: &Path, port: u16) -> Running {
    let mut server = Command::new(env!("CARGO_BIN_EXE_belldot-server"));
    server.arg("--listen").arg(format!("127.0.0.1:{port}"));
    server.arg("--data").arg(data).args(["--retry", "0.2"]);
    let server = Running::start(&mut server);
    server.wait_for_line("the server", |line| line.starts_with("listening on"));
    server
}
