//! NATS servers with which a node does not start.

use async_nats::jetstream::{self, stream};
use belldot_server::ServerConfig;
use belldot_server::log::NatsConfig;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::log_under_test::{config, nats_server};
use crate::support::refusal;

async fn refused(nats: NatsConfig) -> String {
    let folder = tempfile::tempdir().unwrap();
    refusal(ServerConfig {
        data: folder.path().to_owned(),
        nats: Some(nats),
        ..ServerConfig::default()
    })
    .await
}

/// A NATS server that says this of itself, and answers pings.
async fn greeting(info: &'static str) -> NatsConfig {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let greeting = format!("INFO {info}\r\nPONG\r\n");
            socket.write_all(greeting.as_bytes()).await.unwrap();
            // Kept open until the test ends.
            std::mem::forget(socket);
        }
    });
    NatsConfig {
        servers: address.to_string(),
        ..NatsConfig::default()
    }
}

#[tokio::test]
async fn one_that_is_too_old() {
    let old = r#"{"server_id":"x","version":"2.9.10","headers":true,"jetstream":true,"max_payload":1048576}"#;
    let sentence = refused(greeting(old).await).await;
    assert!(
        sentence.contains("2.9.10") && sentence.contains("2.12"),
        "{sentence}"
    );
}

#[tokio::test]
async fn one_that_takes_small_messages_only() {
    let small = r#"{"server_id":"x","version":"2.15.1","headers":true,"jetstream":true,"max_payload":65536}"#;
    let sentence = refused(greeting(small).await).await;
    assert!(
        sentence.contains("65536") && sentence.contains("max_payload"),
        "{sentence}"
    );
}

#[tokio::test]
async fn one_whose_stream_forgets() {
    let folder = tempfile::tempdir().unwrap();
    let server = nats_server(folder.path()).await;
    let client = async_nats::connect(server.url()).await.unwrap();
    let jetstream = jetstream::new(client);
    let made = jetstream.create_stream(stream::Config {
        name: "BELLDOT".to_owned(),
        subjects: vec!["belldot.todos.*.*".to_owned()],
        max_messages: 1_000,
        ..stream::Config::default()
    });
    made.await.unwrap();
    let sentence = refused(config(&server)).await;
    for setting in [
        "BELLDOT",
        "max_msgs is 1000 and not -1",
        "republish",
        "allow_atomic",
    ] {
        assert!(sentence.contains(setting), "{setting}: {sentence}");
    }
}

#[tokio::test]
async fn one_that_cannot_keep_as_many_copies() {
    let folder = tempfile::tempdir().unwrap();
    let server = nats_server(folder.path()).await;
    let sentence = refused(NatsConfig {
        replicas: Some(3),
        ..config(&server)
    })
    .await;
    assert!(sentence.contains("replicas"), "{sentence}");
}
