//! Clients that others wrote get every to-do over a restart of the server.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::process::{BelldotServer, Running, is_missing, python, third_party, until};

fn gets_every_todo(command: &mut Command) {
    let mut server = BelldotServer::start();
    server.publish("before");
    let client = Running::start(command.env("EVENTS", server.events()).env("NO_PROXY", "*"));
    let heard = || {
        let mut heard = BTreeMap::new();
        for line in client.lines() {
            let todo: Value = serde_json::from_str(&line).unwrap();
            *heard
                .entry(todo["id"].as_str().unwrap().to_owned())
                .or_insert(0) += 1;
        }
        heard
    };
    let until_heard = |id: &str| until(&format!("the to-do {id}"), || heard().contains_key(id));
    until_heard("before");
    for number in 0..5 {
        server.publish(&format!("live-{number}"));
    }
    until_heard("live-4");
    server.restart();
    // Most clients are not back yet.
    for number in 0..5 {
        server.publish(&format!("after-{number}"));
    }
    until_heard("after-4");
    until("the stream", || server.connections() == 1);
    server.publish("last");
    until_heard("last");
    let heard = heard();
    assert_eq!(heard.len(), 12, "{heard:?}");
    assert!(heard.values().all(|times| *times == 1), "{heard:?}");
}

fn client(file: &str) -> std::path::PathBuf {
    third_party().join("clients").join(file)
}

#[test]
fn curl() {
    gets_every_todo(Command::new("bash").arg(client("curl.sh")));
}

#[test]
fn httpx_sse() {
    if !is_missing(python(), "--version") {
        gets_every_todo(Command::new(python()).arg(client("by_httpx_sse.py")));
    }
}

#[test]
fn sseclient_py() {
    if !is_missing(python(), "--version") {
        gets_every_todo(Command::new(python()).arg(client("by_sseclient_py.py")));
    }
}

#[test]
fn npm_eventsource() {
    if !is_missing("node", "--version") {
        gets_every_todo(Command::new("node").arg(client("by_eventsource.js")));
    }
}

#[test]
fn go() {
    if is_missing("go", "version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("events");
    let mut build = Command::new("go");
    build
        .args(["build", "-o"])
        .arg(&program)
        .arg(client("events.go"));
    assert!(build.status().unwrap().success());
    gets_every_todo(&mut Command::new(program));
}
