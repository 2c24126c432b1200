//! Where the server listens: TLS with HTTP/2, and a Unix socket.

use std::path::Path;

use belldot_server::{ServerConfig, TlsConfig};
use serde_json::json;
#[cfg(unix)]
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[cfg(unix)]
use crate::support::start_in;
use crate::support::{Ended, Events, refusal, start, until, within};

/// Makes a certificate for localhost by hands that are not ours.
pub fn certificate(folder: &Path) -> TlsConfig {
    let tls = TlsConfig {
        certificate: folder.join("cert.pem"),
        key: folder.join("key.pem"),
    };
    let mut openssl = std::process::Command::new("openssl");
    openssl.args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ]);
    openssl.args(["-nodes", "-days", "2", "-subj", "/CN=localhost"]);
    openssl.args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    openssl
        .arg("-out")
        .arg(&tls.certificate)
        .arg("-keyout")
        .arg(&tls.key);
    let made = openssl.output().unwrap();
    assert!(made.status.success(), "{made:?}");
    tls
}

pub fn trusting(tls: &TlsConfig) -> reqwest::ClientBuilder {
    crate::support::http();
    let pem = std::fs::read(&tls.certificate).unwrap();
    let certificate = reqwest::Certificate::from_pem(&pem).unwrap();
    let client = reqwest::Client::builder().no_proxy();
    client.tls_certs_only([certificate])
}

#[tokio::test]
async fn many_streams_share_one_connection_by_tls_and_http2() {
    let folder = tempfile::tempdir().unwrap();
    let tls = certificate(folder.path());
    let client = trusting(&tls).build().unwrap();
    let server = start(ServerConfig {
        tls: Some(tls),
        ..ServerConfig::default()
    })
    .await;
    let url = format!("https://{}/api/v1", server.address);
    let mut streams = Vec::new();
    for _ in 0..8 {
        let response = client.get(format!("{url}/events")).send().await.unwrap();
        assert_eq!(response.version(), reqwest::Version::HTTP_2);
        streams.push(Events::of(response));
    }
    let todo = client
        .post(format!("{url}/todos"))
        .json(&json!({ "id": "a", "title": "t" }));
    assert!(todo.send().await.unwrap().status().is_success());
    for events in &mut streams {
        assert_eq!(events.todo().await.1.id, "a");
    }
    let (stopped, _folder) = server.begin_stop();
    for events in &mut streams {
        assert!(matches!(events.next_or_end().await, Err(Ended::Cleanly)));
    }
    within("the server's end", stopped).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let tls = certificate(folder.path());
    let server = start(ServerConfig {
        tls: Some(tls.clone()),
        ..ServerConfig::default()
    })
    .await;
    let url = format!("https://{}/livez", server.address);
    assert!(
        trusting(&tls)
            .build()
            .unwrap()
            .get(&url)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    let tls = certificate(folder.path());
    let renewed = trusting(&tls).build().unwrap();
    until("the new certificate", async || {
        renewed
            .get(&url)
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
    })
    .await;
}

#[tokio::test]
async fn a_certificate_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut tls = certificate(folder.path());
    std::fs::write(folder.path().join("empty.pem"), "").unwrap();
    tls.certificate = folder.path().join("empty.pem");
    let said = refusal(ServerConfig {
        data: folder.path().join("data"),
        tls: Some(tls),
        ..ServerConfig::default()
    })
    .await;
    assert!(said.contains("empty.pem"), "{said}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_proxy_may_come_by_a_unix_socket_and_says_for_whom() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("belldot.sock");
    // As a server that was killed leaves it.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let limits = belldot_server::ServerLimits {
        max_connections_per_address: Some(1),
        ..belldot_server::ServerLimits::default()
    };
    let config = ServerConfig {
        unix_socket: Some(path.clone()),
        limits,
        ..ServerConfig::default()
    };
    let server = start_in(tempfile::tempdir().unwrap(), config).await;
    let open = async |address: &str| {
        let mut socket = tokio::net::UnixStream::connect(&path).await.unwrap();
        let head = format!(
            "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {address}\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        within("its retry", async {
            let mut part = [0; 4096];
            while !answer.contains("retry: ") {
                let read = socket.read(&mut part).await.unwrap();
                answer += &String::from_utf8_lossy(&part[..read]);
            }
        })
        .await;
        (socket, answer)
    };
    let (_first, answer) = open("192.0.2.1").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_other, answer) = open("192.0.2.2").await;
    assert!(!answer.contains("connection: close"), "{answer}");
    let (_again, answer) = open("192.0.2.1").await;
    assert!(answer.contains("connection: close"), "{answer}");
    server.stop().await;
    assert!(!path.exists());
}
