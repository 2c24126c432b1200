//! What goes wrong around the program: no log, no disk, no descriptors, no manners.

use std::fs::OpenOptions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use reqwest::StatusCode;
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::process::{Program, program, started};
use crate::support::{Ended, Events, http, until, within};

/// The program, started by a shell that sets limits first.
fn limited(data: &Path, limits: &str) -> Command {
    let mut command = Command::new("sh");
    let script = format!("{limits}; exec \"$0\" --listen 127.0.0.1:0 --data \"$1\"");
    command
        .args(["-c", &script, env!("CARGO_BIN_EXE_belldot-server")])
        .arg(data);
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

async fn post(program: &Program, id: &str, size: usize) -> Option<StatusCode> {
    let todo = json!({ "id": id, "title": "t", "body": "x".repeat(size) });
    let request = http().post(program.url("/api/v1/todos")).json(&todo);
    request.send().await.ok().map(|response| response.status())
}

async fn get(program: &Program, path: &str) -> StatusCode {
    let response = http().get(program.url(path)).send().await;
    response.unwrap().status()
}

#[tokio::test]
async fn a_log_that_nobody_can_write_hinders_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.env("RUST_LOG", "debug");
    let mut program = started(command).await;
    drop(program.process.stderr.take());
    for id in ["a", "b", "c"] {
        assert_eq!(post(&program, id, 1).await, Some(StatusCode::CREATED));
    }
}

/// A limit of the size of files is as good as a full disk, for the database and for the log.
#[tokio::test]
async fn a_full_disk_that_takes_no_log_line_either_is_got_over() {
    const FULL: usize = 2 * 1024 * 1024;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    std::fs::write(&log, vec![b'-'; FULL]).unwrap();
    let log = OpenOptions::new().append(true).open(log).unwrap();
    let mut command = limited(folder.path(), "trap '' XFSZ; ulimit -S -f 4096");
    command.stderr(log);
    let program = started(command).await;
    assert_eq!(get(&program, "/readyz").await, StatusCode::OK);

    within("a full disk", async {
        for number in 0.. {
            let answer = post(&program, &number.to_string(), 400_000).await;
            if answer == Some(StatusCode::SERVICE_UNAVAILABLE) {
                break;
            }
        }
    })
    .await;
    assert_eq!(get(&program, "/livez").await, StatusCode::OK);
    let id = program.process.id().unwrap();
    let room = Rlimit {
        current: None,
        maximum: None,
    };
    prlimit(Pid::from_raw(id.try_into().unwrap()), Resource::Fsize, room).unwrap();
    assert_eq!(
        post(&program, "after", 400_000).await,
        Some(StatusCode::CREATED)
    );
    for path in ["/readyz", "/healthz"] {
        assert_eq!(get(&program, path).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_limit_of_files_is_raised_to_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let program = started(limited(folder.path(), "ulimit -S -n 64; ulimit -H -n 600")).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", program.process.id().unwrap()));
    let limits = limits.unwrap();
    let files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    assert_eq!(files.split_whitespace().nth(3), Some("600"), "{files}");
}

#[tokio::test]
async fn where_files_are_few_streams_are_refused_and_the_api_answers() {
    let folder = tempfile::tempdir().unwrap();
    let program = started(limited(folder.path(), "ulimit -n 128")).await;
    let address = program.url.strip_prefix("http://").unwrap();
    let mut streams = Vec::new();
    let mut refused = 0;
    for _ in 0..160 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .await
            .unwrap();
        let mut head = vec![0; 4096];
        let read = within("an answer", stream.read(&mut head)).await.unwrap();
        let head = String::from_utf8_lossy(&head[..read]).into_owned();
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        refused += usize::from(
            head.contains("Too many connections") || head.contains("connection: close"),
        );
        streams.push(stream);
    }
    assert!(refused > 0 && refused < 130, "{refused} of 160 refused");
    assert_eq!(get(&program, "/livez").await, StatusCode::OK);
    assert_eq!(post(&program, "a", 1).await, Some(StatusCode::CREATED));
}

#[tokio::test]
async fn nobody_else_on_the_machine_can_read_the_files() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data");
    let program = started(program(&folder)).await;
    assert_eq!(post(&program, "a", 1).await, Some(StatusCode::CREATED));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        files += 1;
    }
    assert!(files >= 3);
}

#[tokio::test]
async fn files_of_an_older_version_are_closed_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = started(program(folder.path())).await;
    first.end();
    first.ended().await;
    let database = folder.path().join("todos.sqlite");
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o644)).unwrap();
    let _second = started(program(folder.path())).await;
    let mode = std::fs::metadata(&database).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_users_file_that_others_may_read_is_warned_about() {
    let folder = tempfile::tempdir().unwrap();
    let users = folder.path().join("users.toml");
    std::fs::write(&users, "[[tokens]]\ntoken = \"t\"\nuser = \"ann\"\n").unwrap();
    std::fs::set_permissions(&users, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut program = started(program(folder.path())).await;
    let mut stderr = program.process.stderr.take().unwrap();
    program.end();
    let mut said = String::new();
    within("its log", stderr.read_to_string(&mut said))
        .await
        .unwrap();
    assert!(
        said.contains("users.toml") && said.contains("chmod 600"),
        "{said}"
    );
}

#[tokio::test]
async fn a_hangup_reads_the_users_again_and_ends_the_streams_of_those_who_left() {
    let token =
        |token: &str, user: &str| format!("[[tokens]]\ntoken = \"{token}\"\nuser = \"{user}\"\n");
    let folder = tempfile::tempdir().unwrap();
    let users = folder.path().join("users.toml");
    std::fs::write(&users, token("old", "ann") + &token("stays", "bob")).unwrap();
    let program = started(program(folder.path())).await;
    let open = async |token: &str| {
        let request = http().get(program.url("/api/v1/events")).bearer_auth(token);
        request.send().await.unwrap()
    };
    let mut gone = Events::of(open("old").await);
    let mut stays = Events::of(open("stays").await);

    std::fs::write(&users, token("new", "ann") + &token("stays", "bob")).unwrap();
    program.signal("HUP");
    until("the new token is known", async || {
        open("new").await.status().is_success()
    })
    .await;
    assert!(matches!(gone.next_or_end().await, Err(Ended::Cleanly)));
    assert_eq!(open("old").await.status(), StatusCode::UNAUTHORIZED);
    let todo = http()
        .post(program.url("/api/v1/todos"))
        .bearer_auth("stays");
    todo.json(&json!({ "id": "x", "title": "x" }))
        .send()
        .await
        .unwrap();
    assert_eq!(stays.todo().await.1.id, "x");
}

#[tokio::test]
async fn a_users_file_that_became_wrong_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let users = folder.path().join("users.toml");
    std::fs::write(&users, "[[tokens]]\ntoken = \"t\"\nuser = \"ann\"\n").unwrap();
    let mut program = started(program(folder.path())).await;
    let mut stderr = program.process.stderr.take().unwrap();
    std::fs::write(&users, "[[tokens]]\ntoken = \n").unwrap();
    program.signal("HUP");
    let mut said = String::new();
    within("a line about it", async {
        let mut part = [0; 1024];
        while !said.contains("users.toml: line 2") {
            let read = stderr.read(&mut part).await.unwrap();
            said += &String::from_utf8_lossy(&part[..read]);
        }
    })
    .await;
    let request = http().get(program.url("/api/v1/todos")).bearer_auth("t");
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
}
