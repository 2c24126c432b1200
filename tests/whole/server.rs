//! A real `belldot-server`, as a process of its own that can be killed.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use belldot_session::wait_until;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::LIMIT;

pub struct Server {
    data: TempDir,
    options: Vec<String>,
    address: SocketAddr,
    process: Child,
    client: Client,
}

impl Server {
    pub fn start(options: &[&str]) -> Self {
        let data = TempDir::new().unwrap();
        let options: Vec<_> = options.iter().map(|&option| option.to_owned()).collect();
        let (process, address) = spawn("127.0.0.1:0", data.path(), &options);
        Self {
            data,
            options,
            address,
            process,
            client: Client::new(),
        }
    }

    /// The address of its stream.
    pub fn events(&self) -> String {
        format!("http://{}/api/v1/events", self.address)
    }

    /// The address to post to-dos to.
    pub fn todos(&self) -> String {
        self.url("todos")
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The titles of its to-dos, at most a hundred.
    pub fn titles(&self) -> Vec<String> {
        let list = self.client.get(&self.todos());
        let todos = list["todos"].as_array().unwrap();
        todos
            .iter()
            .map(|todo| todo["title"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again at the same address, over the same to-dos.
    pub fn restart(&mut self) {
        let address = self.address.to_string();
        (self.process, self.address) = spawn(&address, self.data.path(), &self.options);
    }

    /// Starts it again at the same address, over nothing.
    pub fn restart_without_todos(&mut self) {
        self.data = TempDir::new().unwrap();
        self.restart();
    }

    /// Where it keeps its to-dos and who its users are.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Posts a to-do and answers its id.
    pub fn post(&self, title: &str) -> String {
        self.post_todo(&json!({ "title": title, "sender": "Chen Jing" }))
    }

    /// Posts a to-do as it is given and answers its id.
    pub fn post_todo(&self, todo: &Value) -> String {
        let todo = self.client.post(&self.url("todos"), todo);
        todo["id"].as_str().unwrap().to_owned()
    }

    /// Changes a to-do, as another client of its user would.
    pub fn patch(&self, id: &str, patch: &Value) {
        let url = self.url(&format!("todos/{id}"));
        self.client.json(|client| client.patch(url).json(patch));
    }

    /// A to-do as the server has it.
    pub fn todo(&self, id: &str) -> Value {
        self.client.get(&self.url(&format!("todos/{id}")))
    }

    /// Waits until a to-do is known to the server like this.
    pub fn wait_for_todo(&self, id: &str, field: &str, value: impl Into<Value>) {
        let value = value.into();
        let waited = wait_until(&format!("{field} is {value}"), LIMIT, || {
            self.todo(id)[field] == value
        });
        waited.unwrap_or_else(|error| panic!("{error}: {}", self.todo(id)));
    }

    /// How many streams it counts.
    pub fn connections(&self) -> u64 {
        self.client.get(&self.url("status"))["connections"]
            .as_u64()
            .unwrap()
    }

    pub fn wait_for_connections(&self, count: u64) {
        wait_until(
            &format!("the server counts {count} connections"),
            LIMIT,
            || self.connections() == count,
        )
        .unwrap();
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1/{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A program that Cargo builds beside the one under test.
fn beside(program: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_belldot")).with_file_name(program);
    assert!(
        path.exists(),
        "{} is missing: cargo build -p {program}",
        path.display()
    );
    path
}

fn spawn(listen: &str, data: &Path, options: &[String]) -> (Child, SocketAddr) {
    let mut process = Command::new(beside("belldot-server"))
        .args(["--listen", listen, "--data"])
        .arg(data)
        .args(options)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line
        .trim()
        .rsplit_once("//")
        .expect("the server says where it listens")
        .1;
    (process, address.parse().unwrap())
}

/// A small blocking HTTP client.
pub struct Client {
    runtime: Runtime,
    client: reqwest::Client,
}

impl Client {
    #[allow(clippy::disallowed_methods, reason = "it asks our own server")]
    pub fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            runtime: Runtime::new().unwrap(),
            client: reqwest::Client::new(),
        }
    }

    pub fn send(
        &self,
        request: impl FnOnce(&reqwest::Client) -> RequestBuilder,
    ) -> reqwest::Result<Response> {
        self.runtime.block_on(request(&self.client).send())
    }

    fn get(&self, url: &str) -> Value {
        self.json(|client| client.get(url))
    }

    fn post(&self, url: &str, body: &Value) -> Value {
        self.json(|client| client.post(url).json(body))
    }

    fn json(&self, request: impl FnOnce(&reqwest::Client) -> RequestBuilder) -> Value {
        let response = self.send(request).unwrap().error_for_status().unwrap();
        self.runtime.block_on(response.json()).unwrap()
    }
}
