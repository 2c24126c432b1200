//! Servers of the document, heard by a client that nobody here wrote.

use std::path::Path;
use std::process::Command;

use crate::document::program;
use crate::process::{Running, curl, free_port, is_missing, python, third_party, until};

/// Starts the program as a server, and hears from it what was missed, and what comes.
fn tells_everything(name: &str, file: &str, command: impl FnOnce(&Path, u16) -> Command) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    std::fs::write(&path, program(name)).unwrap();
    let port = free_port();
    let mut server = command(&path, port);
    server
        .current_dir(folder.path())
        .env("PORT", port.to_string());
    let _server = Running::start(&mut server);
    let url = format!("http://127.0.0.1:{port}");
    until("the server", || {
        std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    let notify = |id: &str| {
        let todo = format!("{{\"id\": \"{id}\", \"title\": \"Approve\"}}");
        let kind = "Content-Type: application/json";
        curl(&["-f", "-H", kind, "-d", &todo, &format!("{url}/notify")]);
    };
    notify("before");
    let mut client = Command::new("bash");
    client.arg(third_party().join("clients/curl.sh"));
    client.env("EVENTS", format!("{url}/events"));
    let client = Running::start(&mut client);
    client.wait_for_line("what was missed", |line| line.contains("before"));
    notify("live");
    client.wait_for_line("what comes", |line| line.contains("live"));
    assert_eq!(client.lines().len(), 2);
}

#[test]
fn fastapi() {
    if is_missing(python(), "--version") {
        return;
    }
    tells_everything("fastapi", "server.py", |_, port| {
        let mut uvicorn = Command::new(python());
        uvicorn.args(["-m", "uvicorn", "server:app", "--port", &port.to_string()]);
        uvicorn
    });
}

#[test]
fn express() {
    if is_missing("node", "--version") {
        return;
    }
    tells_everything("express", "server.mjs", |file, _| {
        let modules = file.with_file_name("node_modules");
        let installed = third_party().join("node_modules").canonicalize().unwrap();
        std::os::unix::fs::symlink(installed, modules).unwrap();
        let mut node = Command::new("node");
        node.arg(file);
        node
    });
}

#[test]
fn go() {
    if is_missing("go", "version") {
        return;
    }
    tells_everything("go-server", "server.go", |file, _| {
        let built = file.with_file_name("server");
        let mut build = Command::new("go");
        build.args(["build", "-o"]).arg(&built).arg(file);
        assert!(build.status().unwrap().success());
        Command::new(built)
    });
}

#[test]
fn php() {
    if is_missing("php", "--version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("events.php"), program("php-server")).unwrap();
    let port = free_port();
    let mut server = Command::new("php");
    server
        .args(["-S", &format!("127.0.0.1:{port}"), "-t"])
        .arg(folder.path());
    let _server = Running::start(&mut server);
    until("the server", || {
        std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    let answer = curl(&["-i", &format!("http://127.0.0.1:{port}/events.php")]);
    assert!(
        answer
            .to_ascii_lowercase()
            .contains("content-type: text/event-stream"),
        "{answer}"
    );
    assert!(
        answer.contains("retry: 15000\n\nid: 1767515400001\nevent: todo\ndata: {\"id\""),
        "{answer}"
    );
}
