//! The program `belldot-server`.

use belldot_server::ServerConfig;
use serde_json::json;
use tokio::io::AsyncReadExt;

use crate::process::{program, sentence, started};
#[cfg(unix)]
use crate::support::Ended;
use crate::support::{Events, http, refusal, start, within};

#[cfg(unix)]
#[tokio::test]
async fn a_signal_ends_the_streams_and_the_program_with_0() {
    for name in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let program = started(program(folder.path())).await;
        let response = http()
            .get(format!("{}/api/v1/events", program.url))
            .send()
            .await
            .unwrap();
        let mut events = Events::of(response);
        program.signal(name);
        assert!(
            matches!(events.next_or_end().await, Err(Ended::Cleanly)),
            "{name}"
        );
        assert_eq!(program.ended().await.code(), Some(0), "{name}");
    }
}

#[tokio::test]
async fn what_was_acknowledged_outlives_being_killed() {
    let folder = tempfile::tempdir().unwrap();
    let client = http();
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let mut program = started(program(folder.path())).await;
        let url = format!("{}/api/v1/todos", program.url);
        let post = async |poster: usize| {
            let mut taken = Vec::new();
            for number in 0.. {
                let id = format!("{round}-{poster}-{number}");
                let request = client.post(&url).json(&json!({ "id": id, "title": "t" }));
                match request.send().await {
                    Ok(response) if response.status().is_success() => taken.push(id),
                    _ => break,
                }
            }
            taken
        };
        let kill = async {
            tokio::time::sleep(std::time::Duration::from_millis(100 + 30 * round)).await;
            program.process.kill().await.unwrap();
        };
        let posters = futures_util::future::join_all((0..4).map(post));
        let (taken, ()) = futures_util::future::join(posters, kill).await;
        acknowledged.extend(taken.concat());
    }
    assert!(!acknowledged.is_empty());
    let program = started(program(folder.path())).await;
    for id in acknowledged {
        let response = client
            .get(format!("{}/api/v1/todos/{id}", program.url))
            .send()
            .await;
        assert!(response.unwrap().status().is_success(), "{id}");
    }
}

#[tokio::test]
async fn limits_are_taken_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.args([
        "--max-connections",
        "1",
        "--retry",
        "2",
        "--heartbeat",
        "0.01",
    ]);
    let program = started(command).await;
    let client = http();
    let open = async || {
        let response = client
            .get(format!("{}/api/v1/events", program.url))
            .send()
            .await
            .unwrap();
        Events::of(response)
    };
    let _first = open().await;
    assert_eq!(open().await.next().await.data, "Too many connections");
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let _first = started(program(folder.path())).await;
    let said = sentence(program(folder.path())).await;
    assert!(
        said.contains("another server already keeps its to-dos in"),
        "{said}"
    );
}

#[tokio::test]
async fn an_address_in_use_is_named_with_what_to_do() {
    let server = start(ServerConfig::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    let said = refusal(ServerConfig {
        listen: server.address,
        data,
        ..ServerConfig::default()
    })
    .await;
    assert!(said.contains(&server.address.to_string()), "{said}");
    assert!(said.contains("choose another port"), "{said}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let said = sentence(program(file.path())).await;
    assert!(said.contains(file.path().to_str().unwrap()), "{said}");
}

#[tokio::test]
async fn a_nats_server_that_is_not_there_is_named_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.args(["--nats", "nats://ann:s3cret@127.0.0.1:1,nats://127.0.0.1:2"]);
    let said = sentence(command).await;
    assert!(said.contains("127.0.0.1:1, 127.0.0.1:2"), "{said}");
    assert!(
        said.contains("--nats") && !said.contains("s3cret"),
        "{said}"
    );
}

#[tokio::test]
async fn durations_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for value in ["0", "-1", "NaN", "inf", "soon", "1e9"] {
        let mut command = program(folder.path());
        command.arg(format!("--heartbeat={value}"));
        let said = sentence(command).await;
        assert!(said.contains("seconds"), "{value}: {said}");
    }
}

#[tokio::test]
async fn no_token_reaches_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.env("RUST_LOG", "trace");
    let mut program = started(command).await;
    let mut stderr = program.process.stderr.take().unwrap();
    let client = http();
    let query = format!("{}/api/v1/events?access_token=s3cret", program.url);
    let in_address = client.get(query).send().await.unwrap();
    let header = client
        .get(format!("{}/api/v1/todos", program.url))
        .bearer_auth("s3cret");
    header.send().await.unwrap();
    drop(in_address);
    program.end();
    let mut log = String::new();
    within("its log", stderr.read_to_string(&mut log))
        .await
        .unwrap();
    assert!(log.contains("/api/v1/todos"), "{log}");
    assert!(!log.contains("s3cret"), "{log}");
}
