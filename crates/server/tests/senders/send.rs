//! Senders: each sends an invoice to ann and takes it back.

use std::path::Path;
use std::process::Command;

use crate::document::program;
use crate::process::{BelldotServer, Running, free_port, is_missing, python, until};

/// Runs the program of this name from a file, and looks at what has become of its to-do.
fn sends(name: &str, file: &str, command: impl Fn(&Path) -> Command) {
    let server = BelldotServer::start();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    std::fs::write(&path, program(name)).unwrap();
    // Whatever runs twice makes no second one.
    for _ in 0..2 {
        let mut command = command(&path);
        command.current_dir(folder.path());
        command
            .env("BELLDOT_URL", server.url())
            .env("BELLDOT_TOKEN", "erp");
        let done = command.output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }
    let todos = server.todos("ann");
    assert_eq!(todos.len(), 1, "{todos:?}");
    assert_eq!(todos[0]["title"], "Approve invoice 7");
    assert_eq!(
        (&todos[0]["priority"], &todos[0]["status"]),
        (&4.into(), &"cancelled".into())
    );
}

fn with(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str], file: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).arg(file);
    command
}

#[test]
fn curl() {
    sends("curl", "send.sh", |file| with("sh", &["-e"], file));
}

#[test]
fn java() {
    if !is_missing("java", "-version") {
        sends("java", "Sender.java", |file| with("java", &[], file));
    }
}

#[test]
fn python_with_requests() {
    if !is_missing(python(), "--version") {
        sends("python", "send.py", |file| with(python(), &[], file));
    }
}

#[test]
fn node() {
    if !is_missing("node", "--version") {
        sends("node", "send.mjs", |file| with("node", &[], file));
    }
}

#[test]
fn go() {
    if !is_missing("go", "version") {
        sends("go", "send.go", |file| with("go", &["run"], file));
    }
}

#[test]
fn php() {
    if !is_missing("php", "--version") {
        sends("php", "send.php", |file| with("php", &[], file));
    }
}

#[test]
fn a_receiver_of_webhooks_takes_what_is_signed_and_nothing_else() {
    if is_missing(python(), "--version") {
        return;
    }
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let port = free_port();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("receiver.py");
    std::fs::write(&file, program("webhook")).unwrap();
    let mut receiver = Command::new(python());
    receiver
        .arg(file)
        .env("WEBHOOK_SECRET", secret)
        .env("PORT", port.to_string());
    let receiver = Running::start(&mut receiver);
    let server = BelldotServer::start_with(&format!(
        "[[webhooks]]\nsender = \"erp\"\nurl = \"http://127.0.0.1:{port}/\"\nsecret = \"{secret}\"\n"
    ));
    server.publish("invoice-7");
    receiver.wait_for_line("the webhook", |line| line == "ann invoice-7 open");
    let forged = Command::new("curl")
        .args([
            "-s",
            "-o",
            "/dev/null",
            "-w",
            "%{http_code}",
            "--data",
            "{}",
        ])
        .args(["-H", "webhook-id: 1", "-H", "webhook-timestamp: 1"])
        .args([
            "-H",
            "webhook-signature: v1,AAAA",
            &format!("http://127.0.0.1:{port}/"),
        ])
        .output()
        .unwrap();
    assert_eq!(forged.stdout, b"401");
    until("one line", || receiver.lines().len() == 1);
}
