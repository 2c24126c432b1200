//! TLS: whom it trusts, how it fails, and who sees the client's certificate.

use std::path::PathBuf;

use belldot_stream::{Cause, Network, Proxy, RedirectFault, StreamState, Subscription, TlsFault};
use rcgen::date_time_ymd;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::authority::{Authority, TlsServer};
use crate::fault::{HEAD, config, next_event, next_rest};
use crate::proxies::in_environment;

fn hello() -> String {
    format!("{HEAD}data: hello\n\n")
}

fn network(extra_ca: &[&Authority]) -> Network {
    let extra_ca = extra_ca.iter().map(|authority| authority.file()).collect();
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
        StreamState::Waiting { cause, .. } | StreamState::Stopped { cause } => cause,
        state => panic!("{state:?}"),
    }
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
    let cause = cause(&server.url("localhost"), network(&[])).await;
    assert_eq!(cause, Cause::Tls(TlsFault::UnknownAuthority));
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
    let cause = cause(&server.url("localhost"), network(&[&authority])).await;
    assert_eq!(cause, Cause::Tls(TlsFault::Expired));
}

#[tokio::test]
async fn a_certificate_of_the_future_is_not_taken() {
    let authority = Authority::new();
    let early = authority.server("localhost", |params| {
        params.not_before = date_time_ymd(4000, 1, 1);
    });
    let server = TlsServer::start(early, hello()).await;
    let cause = cause(&server.url("localhost"), network(&[&authority])).await;
    assert_eq!(cause, Cause::Tls(TlsFault::NotYetValid));
}

#[tokio::test]
async fn a_certificate_of_another_host_is_not_taken() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.server("other.test", |_| {}), hello()).await;
    let cause = cause(&server.url("localhost"), network(&[&authority])).await;
    assert_eq!(cause, Cause::Tls(TlsFault::WrongName));
}

#[tokio::test]
async fn a_server_without_tls_is_named() {
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", server.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut socket, _) = server.accept().await.unwrap();
        let bad = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        socket.write_all(bad).await.unwrap();
        let _ = socket.read_to_end(&mut Vec::new()).await;
    });
    let cause = cause(&url, network(&[])).await;
    assert_eq!(cause, Cause::Tls(TlsFault::NotTls));
}

/// A server whose certificate is signed by itself, and that as a PEM file.
fn self_signed(name: &str, is_authority: bool) -> (rustls::ServerConfig, tempfile::NamedTempFile) {
    use std::io::Write as _;
    let mut params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    if is_authority {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    }
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(certificate.pem().as_bytes()).unwrap();
    (crate::authority::serving(&certificate, &key), file)
}

#[tokio::test]
async fn a_certificate_signed_by_itself_is_named_and_taken_once_it_is_added() {
    for is_authority in [false, true] {
        let (config, file) = self_signed("localhost", is_authority);
        let server = TlsServer::start(config, hello()).await;
        let url = server.url("localhost");
        let unknown = cause(&url, network(&[])).await;
        assert_eq!(unknown, Cause::Tls(TlsFault::UnknownAuthority));
        let with = Network {
            extra_ca: vec![file.path().display().to_string()],
            ..network(&[])
        };
        assert_eq!(next_event(&mut subscribe(&url, with)).await.data, "hello");
    }
}

#[tokio::test]
async fn an_added_certificate_signed_by_itself_holds_for_its_own_name_only() {
    let (config, file) = self_signed("other.test", true);
    let server = TlsServer::start(config, hello()).await;
    let with = Network {
        extra_ca: vec![file.path().display().to_string()],
        ..network(&[])
    };
    let cause = cause(&server.url("localhost"), with).await;
    assert_eq!(cause, Cause::Tls(TlsFault::WrongName));
}

#[tokio::test]
async fn plain_http_to_a_server_of_https_is_named() {
    for answer in [
        "<center>The plain HTTP request was sent to HTTPS port</center>",
        "Client sent an HTTP request to an HTTPS server.\n",
        "You're speaking plain HTTP to an SSL-enabled server port.",
    ] {
        let length = answer.len();
        let answer = format!("HTTP/1.1 400 x\r\nContent-Length: {length}\r\n\r\n{answer}");
        let server = crate::fault::FaultServer::always(answer).await;
        assert_eq!(cause(&server.url(), network(&[])).await, Cause::WantsHttps);
    }
    let alert = b"\x15\x03\x01\x00\x02\x02\x46";
    let server = crate::fault::FaultServer::always(*alert).await;
    assert_eq!(cause(&server.url(), network(&[])).await, Cause::NotHttp);
}

#[tokio::test]
async fn another_answer_400_stays_what_it_is() {
    let answer = "HTTP/1.1 400 x\r\nContent-Length: 9\r\n\r\nno cursor";
    let server = crate::fault::FaultServer::always(answer).await;
    let cause = cause(&server.url(), network(&[])).await;
    assert_eq!(cause.detail().unwrap(), "400 Bad Request");
}

#[test]
fn without_a_trust_store_plain_http_works_and_https_says_what_is_missing() {
    let empty = tempfile::tempdir().unwrap();
    let nowhere = empty.path().display().to_string();
    let variables = [
        ("SSL_CERT_FILE", format!("{nowhere}/none.pem")),
        ("SSL_CERT_DIR", nowhere),
    ];
    let variables = variables.each_ref().map(|(k, v)| (*k, v.as_str()));
    assert!(in_environment("tls::is_without_a_trust_store", &variables));
}

#[tokio::test]
#[ignore = "run by without_a_trust_store_…, in its environment"]
async fn is_without_a_trust_store() {
    let plain = crate::fault::FaultServer::start(|mut peer| async move {
        peer.send(hello()).await;
        peer.closed().await;
    })
    .await;
    let mut stream = subscribe(&plain.url(), network(&[]));
    assert_eq!(next_event(&mut stream).await.data, "hello");
    let authority = Authority::new();
    let server = TlsServer::start(authority.server("localhost", |_| {}), hello()).await;
    let url = server.url("localhost");
    let unknown = cause(&url, network(&[])).await;
    assert_eq!(unknown, Cause::Tls(TlsFault::NoTrustStore));
    let mut stream = subscribe(&url, network(&[&authority]));
    assert_eq!(next_event(&mut stream).await.data, "hello");
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
    assert_eq!(cause, Cause::Redirect(RedirectFault::ToHttp));
    assert_eq!(below.seen().len(), 0);
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_a_server_that_wants_one() {
    let authority = Authority::new();
    let server = TlsServer::start(authority.demanding_server("localhost"), hello()).await;
    let without = cause(&server.url("localhost"), network(&[&authority])).await;
    assert_eq!(without, Cause::Tls(TlsFault::ClientCertificate));
    let file = authority.client_file();
    let with = Network {
        client_certificate: Some(file.path().display().to_string()),
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
        client_certificate: Some(file.path().display().to_string()),
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
        extra_ca: vec![path.display().to_string()],
        ..network(&[])
    };
    let own = |path: PathBuf| Network {
        client_certificate: Some(path.display().to_string()),
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
