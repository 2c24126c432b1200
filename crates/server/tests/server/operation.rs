//! What an administrator has: options in a file, figures, a log that machines read, tokens.

use serde_json::Value;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::process::{program, sentence, started};
use crate::support::{http, until, within};

#[tokio::test]
async fn options_may_be_in_a_file_and_flags_come_first() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("server.toml");
    let text = "listen = \"127.0.0.1:1\"\nmax-connections = 0\ndrain = 0.5\n";
    std::fs::write(&config, text).unwrap();
    let mut command = program(&folder.path().join("data"));
    command.arg("--config").arg(&config);
    // `program` says --listen 127.0.0.1:0.
    let program = started(command).await;
    let stream = http()
        .get(program.url("/api/v1/events"))
        .send()
        .await
        .unwrap();
    let text = within("the stream's end", stream.text()).await.unwrap();
    assert!(text.contains("Too many connections"), "{text}");
}

#[tokio::test]
async fn an_option_that_is_not_there_is_named_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("server.toml");
    std::fs::write(&config, "max-conections = 3\n").unwrap();
    let mut command = program(folder.path());
    command.arg("--config").arg(&config);
    let said = sentence(command).await;
    assert!(
        said.contains("server.toml") && said.contains("max-conections"),
        "{said}"
    );
}

#[tokio::test]
async fn the_log_may_be_one_json_object_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command
        .args(["--log-format", "json"])
        .env("RUST_LOG", "debug");
    let mut program = started(command).await;
    let stderr = program.process.stderr.take().unwrap();
    http().get(program.url("/livez")).send().await.unwrap();
    let mut lines = BufReader::new(stderr).lines();
    within("the request's line", async {
        loop {
            let line = lines.next_line().await.unwrap().unwrap();
            let line: Value = serde_json::from_str(&line).unwrap();
            assert!(
                line["timestamp"].is_string() && line["level"].is_string(),
                "{line}"
            );
            if line["message"]
                .as_str()
                .is_some_and(|message| message.contains("/livez"))
            {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn figures_are_there_for_prometheus() {
    let folder = tempfile::tempdir().unwrap();
    let program = started(program(folder.path())).await;
    let todo = serde_json::json!({ "id": "a", "title": "t" });
    http()
        .post(program.url("/api/v1/todos"))
        .json(&todo)
        .send()
        .await
        .unwrap();
    let _stream = http()
        .get(program.url("/api/v1/events"))
        .send()
        .await
        .unwrap();
    until("the figures", async || {
        let figures = http().get(program.url("/metrics")).send().await.unwrap();
        assert!(
            figures.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("application/openmetrics-text")
        );
        let figures = figures.text().await.unwrap();
        assert!(figures.ends_with("# EOF\n"));
        [
            "belldot_streams 1\n",
            "belldot_streams_opened_total 1\n",
            "belldot_events_sent_total 2\n",
            "belldot_ready 1\n",
            "belldot_requests_total{method=\"POST\",route=\"/api/v1/todos\",status=\"201\"} 1\n",
            "process_open_fds ",
        ]
        .iter()
        .all(|line| figures.contains(line))
    })
    .await;
}

#[tokio::test]
async fn a_token_is_made_with_what_the_users_file_is_to_say_of_it() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_belldot-server"));
    command.args(["token", "ann \"a\"", "--scopes", "read,publish"]);
    let made = command.stdout(Stdio::piped()).output().await.unwrap();
    assert!(made.status.success());
    let made = String::from_utf8(made.stdout).unwrap();
    let token = made
        .lines()
        .nth(1)
        .unwrap()
        .trim_start_matches("# ")
        .to_owned();

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("users.toml"), made).unwrap();
    let program = started(program(folder.path())).await;
    let ask = async |token: &str| {
        let request = http().get(program.url("/api/v1/todos")).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!((ask(&token).await, ask("other").await), (200, 401));
}

#[tokio::test]
async fn a_backup_of_a_running_server_has_all_that_was_answered_and_is_one_to_go_back_to() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let first = started(program(&data)).await;
    let url = first.url("/api/v1/todos");
    let post = async |id: String| {
        let todo = serde_json::json!({ "id": id, "title": "t" });
        let posted = http().post(&url).json(&todo).send().await.unwrap();
        assert!(posted.status().is_success());
    };
    for number in 0..20 {
        post(number.to_string()).await;
    }
    let copy = folder.path().join("copy");
    let backup = async || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_belldot-server"));
        command.arg("backup").arg("--data").arg(&data).arg(&copy);
        command.output().await.unwrap()
    };
    let meanwhile = async {
        for number in 0..50 {
            post(format!("later-{number}")).await;
        }
    };
    let (made, ()) = tokio::join!(backup(), meanwhile);
    assert!(made.status.success(), "{made:?}");
    assert!(
        !backup().await.status.success(),
        "a file is not written over"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let restored = folder.path().join("restored");
    std::fs::create_dir(&restored).unwrap();
    std::fs::rename(&copy, restored.join("todos.sqlite")).unwrap();
    let second = started(program(&restored)).await;
    for number in 0..20 {
        let url = second.url(&format!("/api/v1/todos/{number}"));
        assert!(
            http().get(url).send().await.unwrap().status().is_success(),
            "{number}"
        );
    }
}

#[tokio::test]
async fn a_backup_of_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    let mut command = Command::new(env!("CARGO_BIN_EXE_belldot-server"));
    command
        .arg("backup")
        .arg("--data")
        .arg(folder.path())
        .arg(&copy);
    let refused = command.output().await.unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        !refused.status.success() && said.contains("todos.sqlite"),
        "{said}"
    );
    assert!(!copy.exists());
}
