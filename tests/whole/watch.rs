//! `belldot watch`, which needs no display.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
};

use belldot_testkit::{BelldotServer, program};

use serde_json::Value;

/// The plain case: text lines, no ids, no event names, no heartbeat.
const PLAIN_SERVER: &str = r#"
const http = require("http");
const server = http.createServer((request, response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write("data: Hello\n\n");
  let n = 0;
  const timer = setInterval(() => {
    n += 1;
    response.write(`data: line ${n}\n\n`);
  }, 20);
  request.on("close", () => clearInterval(timer));
});
server.listen(0, "127.0.0.1", () => {
  console.log(server.address().port);
});
"#;

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Ends each stream after one event, which tells the Last-Event-ID that it was asked with.
const ENDING_SERVER: &str = r#"
const http = require("http");
let n = 0;
const server = http.createServer((request, response) => {
  n += 1;
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const asked = request.headers["last-event-id"] ?? "nothing";
  response.end(`retry: 1000\nid: e${n}\nevent: greeting\ndata: asked with ${asked}\n\n`);
});
server.listen(0, "127.0.0.1", () => {
  console.log(server.address().port);
});
"#;

/// Node sends the head of a response with what is written first: here that takes four seconds.
const LATE_SERVER: &str = r#"
const http = require("http");
let asked = 0;
const server = http.createServer((request, response) => {
  asked += 1;
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  setTimeout(() => response.write(`data: asked ${asked} times\n\n`), 4000);
});
server.listen(0, "127.0.0.1", () => {
  console.log(server.address().port);
});
"#;

fn plain_server() -> (Killed, String) {
    serve(PLAIN_SERVER)
}

fn serve(script: &str) -> (Killed, String) {
    let mut node = Command::new("node")
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    let mut port = String::new();
    BufReader::new(node.stdout.take().unwrap())
        .read_line(&mut port)
        .unwrap();
    (Killed(node), format!("http://127.0.0.1:{}/", port.trim()))
}

fn watch(arguments: &[&str]) -> Vec<Value> {
    let output = Command::new(program("belldot"))
        .arg("watch")
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn of_type<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["type"] == kind).collect()
}

#[test]
fn a_plain_server_gives_a_todo_a_line() {
    let (_node, url) = plain_server();
    let lines = watch(&[&url, "--json", "--count", "3"]);
    assert_eq!(lines[0]["state"], "connecting");
    assert_eq!(lines[1]["state"], "open");
    let titles: Vec<_> = of_type(&lines, "todo")
        .iter()
        .map(|todo| todo["title"].clone())
        .collect();
    assert_eq!(titles, ["Hello", "line 1", "line 2"]);
}

#[test]
fn raw_gives_the_events_as_the_standard_dispatches_them() {
    let (_node, url) = plain_server();
    let lines = watch(&[&url, "--json", "--raw", "--count", "2"]);
    let events = of_type(&lines, "event");
    assert_eq!(events[0]["event"], "message");
    assert_eq!(events[0]["data"], "Hello");
    assert_eq!(events[0]["id"], "");
    assert_eq!(events[1]["data"], "line 1");
}

#[test]
fn raw_tells_every_change_of_state_and_the_last_event_id_goes_back() {
    let (_node, url) = serve(ENDING_SERVER);
    let lines = watch(&[&url, "--json", "--raw", "--count", "2"]);
    let told: Vec<_> = lines
        .iter()
        .map(|line| line.get("state").unwrap_or(&line["data"]))
        .collect();
    assert_eq!(
        told,
        [
            "connecting",
            "open",
            "asked with nothing",
            "waiting",
            "connecting",
            "open",
            "asked with e1"
        ]
    );
    assert_eq!(lines[2]["event"], "greeting");
    assert_eq!(lines[2]["id"], "e1");
    assert_eq!(lines[3]["cause"], "ended");
    assert_eq!(lines[3]["attempt"], 0, "nothing failed");
}

#[test]
fn a_server_that_sends_its_head_late_is_waited_for() {
    let (_node, url) = serve(LATE_SERVER);
    let lines = watch(&[&url, "--json", "--raw", "--count", "1"]);
    assert!(
        lines.iter().all(|line| line["state"] != "waiting"),
        "{lines:?}"
    );
    assert_eq!(of_type(&lines, "event")[0]["data"], "asked 1 times");
}

#[test]
fn a_belldot_server_replays_its_open_todos() {
    let server = BelldotServer::start(&[]);
    server.post("one");
    server.post("two");
    let lines = watch(&[&server.events(), "--json", "--count", "2"]);
    let todos = of_type(&lines, "todo");
    assert_eq!(todos[0]["title"], "one");
    assert_eq!(todos[1]["title"], "two");
    assert_eq!(todos[1]["status"], "open");
}

#[test]
fn a_server_that_is_not_there_is_named_and_tried_again() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut watch = Killed(
        Command::new(program("belldot"))
            .args(["watch", &format!("http://127.0.0.1:{port}/"), "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let lines = BufReader::new(watch.0.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let waiting: Value = lines
        .map(|line| serde_json::from_str::<Value>(&line).unwrap())
        .find(|line| line["state"] == "waiting")
        .unwrap();
    assert_eq!(waiting["cause"], "refused");
    assert!(
        waiting["retry_in_ms"].as_u64().is_some_and(|wait| wait > 0),
        "{waiting}"
    );
}
