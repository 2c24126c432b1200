//! TLS: whom it trusts, how it fails, and who sees the client's certificate.

use std::path::PathBuf;

use belldot_stream::{Cause, Network, Proxy, State, Subscription};
use rcgen::date_time_ymd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::authority::{Authority, TlsServer};
use crate::fault::{HEAD, config, next_event, next_rest};

fn hello() -> String {
    format!("{HEAD}data: hello\n\n")
}

fn network(extra_ca: &[&Authority]) -> Network {
    let extra_ca = extra_ca
        .iter()
        .map(|authority| authority.file().to_owned())
        .collect();
    Network {
        proxy: Proxy::Direct,
        extra_ca,
        ..Network::default()
    }
}

fn subscribe(url: &str, network: Network) -> Subscription {
    let mut config = config(url);
    config.transport = None;
    config.network = network;
    Subscription::start(config)
}

async fn cause(url: &str, network: Network) -> Cause {
    match next_rest(&mut subscribe(url, network)).await {
        State::Waiting { cause, .. } | State::Stopped { cause } => cause,
        state => panic!("{state:?}"),
    }
}

fn words(cause: &Cause) -> String {
    assert_eq!(cause.code(), "tls", "{cause:?}");
    cause.detail().unwrap().to_lowercase()
}

#[tokio::test]
async fn an_authority_of_the_users_is_trusted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = TlsServer::start(authority.server("localhost", |_| {}), hello()).await;
    let mut stream = subscribe(&server.url("localhost"), network(&[&other, &authority]));
    assert_eq!(next_event(&mut stream).await.data, "hello");
}

#[tokio::test]
async fn an_address_may_be_certified_too() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.server("127.0.0.1", |_| {}), hello()).await;
    let mut stream = subscribe(&server.url("127.0.0.1"), network(&[&authority]));
    assert_eq!(next_event(&mut stream).await.data, "hello");
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let server = TlsServer::start(Authority::new().server("localhost", |_| {}), hello()).await;
    let words = words(&cause(&server.url("localhost"), network(&[])).await);
    assert!(
        words.contains("issuer") || words.contains("unknown"),
        "{words}"
    );
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn an_expired_certificate_is_not_taken() {
    let authority = Authority::new();
    let expired = authority.server("localhost", |params| {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    });
    let server = TlsServer::start(expired, hello()).await;
    let words = words(&cause(&server.url("localhost"), network(&[&authority])).await);
    assert!(words.contains("expired"), "{words}");
}

#[tokio::test]
async fn a_certificate_of_the_future_is_not_taken() {
    let authority = Authority::new();
    let early = authority.server("localhost", |params| {
        params.not_before = date_time_ymd(4000, 1, 1);
    });
    let server = TlsServer::start(early, hello()).await;
    let words = words(&cause(&server.url("localhost"), network(&[&authority])).await);
    assert!(words.contains("not valid yet"), "{words}");
}

#[tokio::test]
async fn a_certificate_of_another_host_is_not_taken() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.server("other.test", |_| {}), hello()).await;
    let words = words(&cause(&server.url("localhost"), network(&[&authority])).await);
    assert!(
        words.contains("localhost") || words.contains("name"),
        "{words}"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_named() {
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", server.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut socket, _) = server.accept().await.unwrap();
        socket
            .write_all(
                b"HTTP/1.1 400 Bad Request

",
            )
            .await
            .unwrap();
        let _ = socket.read_to_end(&mut Vec::new()).await;
    });
    let cause = cause(&url, network(&[])).await;
    assert_eq!(cause.code(), "tls", "{cause:?}");
}

#[tokio::test]
async fn a_redirect_falls_neither_to_http_nor_takes_the_token_along() {
    let authority = Authority::new();
    let below = crate::fault::FaultServer::always(hello()).await;
    let down = format!(
        "HTTP/1.1 302 x\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        below.url()
    );
    let server = TlsServer::start(authority.server("localhost", |_| {}), down).await;
    let cause = cause(&server.url("localhost"), network(&[&authority])).await;
    assert_eq!(cause, Cause::Redirect("from https to http".to_owned()));
    assert_eq!(below.seen().len(), 0);
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_a_server_that_wants_one() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.demanding_server("localhost"), hello()).await;
    let without = cause(&server.url("localhost"), network(&[&authority])).await;
    assert_eq!(without.code(), "tls", "{without:?}");
    let file = authority.client_file();
    let with = Network {
        client_certificate: Some(file.path().to_owned()),
        ..network(&[&authority])
    };
    let mut stream = subscribe(&server.url("localhost"), with);
    assert_eq!(next_event(&mut stream).await.data, "hello");
}

#[tokio::test]
async fn a_client_certificate_is_not_shown_to_where_one_is_redirected() {
    let authority = Authority::new();
    let other = TlsServer::start(authority.demanding_server("localhost"), hello()).await;
    let away = other.url("localhost");
    let away = format!("HTTP/1.1 302 x\r\nLocation: {away}\r\nContent-Length: 0\r\n\r\n");
    let server = TlsServer::start(authority.demanding_server("localhost"), away).await;
    let file = authority.client_file();
    let with = Network {
        client_certificate: Some(file.path().to_owned()),
        ..network(&[&authority])
    };
    assert_eq!(cause(&server.url("localhost"), with).await.code(), "tls");
    assert_eq!((server.seen().len(), other.seen().len()), (1, 0));
}

#[tokio::test]
async fn files_that_cannot_be_used_stop_it_and_are_named() {
    let nonsense = tempfile::NamedTempFile::new().unwrap();
    let missing = PathBuf::from("/no/such/file.pem");
    let ca = |path: PathBuf| Network {
        extra_ca: vec![path],
        ..network(&[])
    };
    let own = |path: PathBuf| Network {
        client_certificate: Some(path),
        ..network(&[])
    };
    for (path, network) in [
        (missing.clone(), ca(missing.clone())),
        (missing.clone(), own(missing.clone())),
        (nonsense.path().to_owned(), ca(nonsense.path().to_owned())),
        (nonsense.path().to_owned(), own(nonsense.path().to_owned())),
    ] {
        let cause = cause("https://localhost:1/", network).await;
        assert_eq!(cause.code(), "unusable");
        let words = cause.detail().unwrap();
        assert!(words.contains(&path.display().to_string()), "{words}");
    }
}
