//! `belldot-server` as a process.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use belldot_session::wait_until;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{LIMIT, http_client::HttpClient, program};

/// A running server; killed when dropped.
pub struct BelldotServer {
    data: TempDir,
    options: Vec<String>,
    address: SocketAddr,
    process: Child,
    client: HttpClient,
}

impl BelldotServer {
    /// Starts it with further options, on a free port.
    pub fn start(options: &[&str]) -> Self {
        let data = TempDir::new().unwrap();
        let options: Vec<_> = options.iter().map(|&option| option.to_owned()).collect();
        let (process, address) = spawn("127.0.0.1:0", data.path(), &options);
        Self {
            data,
            options,
            address,
            process,
            client: HttpClient::new(),
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

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The titles of its to-dos, at most a hundred.
    pub fn titles(&self) -> Vec<String> {
        let list = self.client.json(|client| client.get(self.todos()));
        let todos = list["todos"].as_array().unwrap();
        todos
            .iter()
            .map(|todo| todo["title"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Ends it with SIGKILL, as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again with the same address and to-dos.
    pub fn restart(&mut self) {
        let address = self.address.to_string();
        (self.process, self.address) = spawn(&address, self.data.path(), &self.options);
    }

    /// Starts it again with the same address and no to-dos.
    pub fn restart_without_todos(&mut self) {
        self.data = TempDir::new().unwrap();
        self.restart();
    }

    /// The folder of its database and of `users.toml`.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Posts a to-do and returns its ID.
    pub fn post(&self, title: &str) -> String {
        self.post_todo(&json!({ "title": title, "sender": "Chen Jing" }))
    }

    /// Posts a to-do as it is given and returns its ID.
    pub fn post_todo(&self, todo: &Value) -> String {
        let todo = self
            .client
            .json(|client| client.post(self.todos()).json(todo));
        todo["id"].as_str().unwrap().to_owned()
    }

    /// Changes a to-do, as another client of its user would.
    pub fn patch(&self, id: &str, patch: &Value) {
        let url = self.url(&format!("todos/{id}"));
        self.client.json(|client| client.patch(url).json(patch));
    }

    /// The to-do with this ID.
    pub fn todo(&self, id: &str) -> Value {
        self.client
            .json(|client| client.get(self.url(&format!("todos/{id}"))))
    }

    /// Waits until a field of a to-do has this value.
    pub fn wait_for_todo(&self, id: &str, field: &str, value: impl Into<Value>) {
        let value = value.into();
        let waited = wait_until(&format!("{field} is {value}"), LIMIT, || {
            self.todo(id)[field] == value
        });
        waited.unwrap_or_else(|error| panic!("{error}: {}", self.todo(id)));
    }

    /// The number of open streams.
    pub fn connections(&self) -> u64 {
        self.client.json(|client| client.get(self.url("status")))["connections"]
            .as_u64()
            .unwrap()
    }

    /// Waits until so many streams are open.
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

impl Drop for BelldotServer {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn spawn(listen: &str, data: &Path, options: &[String]) -> (Child, SocketAddr) {
    let mut process = Command::new(program("belldot-server"))
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
