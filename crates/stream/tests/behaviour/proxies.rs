//! Proxies: HTTP and SOCKS5, with sign-in, by the system's settings, and where none is asked.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, Mutex};

use belldot_stream::{Cause, Network, Proxy, ProxyServer, StreamState, Subscription};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::authority::{Authority, TlsServer};
use crate::fault::{FaultServer, HEAD, Peer, config, next_event, next_rest};

fn hello() -> String {
    format!("{HEAD}data: hello\n\n")
}

fn through(url: String) -> ProxyServer {
    ProxyServer {
        url,
        user: None,
        except: String::new(),
    }
}

fn subscribe(url: &str, proxy: Proxy, authority: Option<&Authority>) -> Subscription {
    let mut config = config(url);
    config.transport = None;
    let extra_ca = authority.iter().map(|authority| authority.file()).collect();
    config.network = Network {
        proxy,
        extra_ca,
        ..Network::default()
    };
    // Of no effect where the proxy has no user.
    config.proxy_access.password = Some("pw".to_owned());
    Subscription::start(config)
}

async fn cause(url: &str, proxy: Proxy) -> Cause {
    match next_rest(&mut subscribe(url, proxy, None)).await {
        StreamState::Waiting { cause, .. } | StreamState::Stopped { cause } => cause,
        state => panic!("{state:?}"),
    }
}

/// A proxy that answers plain requests itself.
async fn forwarding() -> FaultServer {
    FaultServer::start(|mut peer| async move {
        peer.send(hello()).await;
        peer.closed().await;
    })
    .await
}

/// A proxy that connects every tunnel to this address.
async fn tunnelling(to: SocketAddr, response: &'static str) -> FaultServer {
    FaultServer::start(move |mut peer| async move {
        peer.send(response).await;
        if response.contains("200") {
            let mut server = TcpStream::connect(to).await.unwrap();
            let _ = copy_bidirectional(&mut peer.socket, &mut server).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_plain_request_is_made_by_an_http_proxy() {
    let proxy = forwarding().await;
    let server = through(format!("http://{}", proxy.addr));
    let mut stream = subscribe("http://server.test/events", Proxy::Through(server), None);
    assert_eq!(next_event(&mut stream).await.data, "hello");
    assert_eq!(
        proxy.seen()[0].line,
        "GET http://server.test/events HTTP/1.1"
    );
}

#[tokio::test]
async fn an_http_proxy_may_want_a_sign_in() {
    let proxy = forwarding().await;
    let mut server = through(format!("http://{}", proxy.addr));
    server.user = Some("me".to_owned());
    let mut stream = subscribe("http://server.test/", Proxy::Through(server), None);
    next_event(&mut stream).await;
    assert_eq!(
        proxy.seen()[0].text("proxy-authorization").unwrap(),
        "Basic bWU6cHc="
    );
}

#[tokio::test]
async fn a_sign_in_that_an_http_proxy_refuses_is_named() {
    let proxy = FaultServer::always("HTTP/1.1 407 x\r\nContent-Length: 0\r\n\r\n").await;
    let proxy = || Proxy::Through(through(format!("http://{}", proxy.addr)));
    assert_eq!(cause("http://server.test/", proxy()).await.code(), "proxy");
    assert_eq!(cause("https://server.test/", proxy()).await.code(), "proxy");
}

#[tokio::test]
async fn tls_goes_through_a_tunnel_of_an_http_proxy() {
    let authority = Authority::new();
    let tls = TlsServer::start(authority.server("server.test", |_| {}), hello()).await;
    let proxy = tunnelling(tls.addr, "HTTP/1.1 200 OK\r\n\r\n").await;
    let mut server = through(format!("http://{}", proxy.addr));
    server.user = Some("me".to_owned());
    let proxied = Proxy::Through(server);
    let mut stream = subscribe("https://server.test/events", proxied, Some(&authority));
    assert_eq!(next_event(&mut stream).await.data, "hello");
    let seen = &proxy.seen()[0];
    assert_eq!(seen.line, "CONNECT server.test:443 HTTP/1.1");
    assert_eq!(seen.text("proxy-authorization").unwrap(), "Basic bWU6cHc=");
    assert_eq!(tls.seen()[0].text("proxy-authorization"), None);
}

#[tokio::test]
async fn a_proxy_that_is_not_there_or_makes_no_sense_is_named() {
    let nobody = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    for url in [format!("http://{nobody}"), format!("socks5h://{nobody}")] {
        let cause = cause("http://server.test/", Proxy::Through(through(url))).await;
        assert_eq!(cause.code(), "proxy", "{cause:?}");
    }
    let nonsense = Proxy::Through(through("::::".to_owned()));
    assert_eq!(
        cause("http://server.test/", nonsense).await.code(),
        "unusable"
    );
}

/// A SOCKS5 proxy (RFC 1928, with RFC 1929) that answers for whatever it is asked to connect to;
/// notes where that was.
async fn socks(
    sign_in: Option<(&'static str, &'static str)>,
) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let log = log.clone();
            tokio::spawn(async move { greet(socket, sign_in, &log).await });
        }
    });
    (addr, asked)
}

async fn greet(
    mut socket: TcpStream,
    sign_in: Option<(&str, &str)>,
    log: &Mutex<Vec<String>>,
) -> Option<()> {
    let version = socket.read_u8().await.ok()?;
    assert_eq!(version, 5);
    let methods = read(&mut socket).await?;
    let method = if sign_in.is_some() { 2 } else { 0 };
    let taken = methods.contains(&method);
    socket
        .write_all(&[5, if taken { method } else { 0xff }])
        .await
        .ok()?;
    if let Some((name, password)) = sign_in {
        assert_eq!(socket.read_u8().await.ok()?, 1);
        let given = (read(&mut socket).await?, read(&mut socket).await?);
        let right = given == (name.as_bytes().to_vec(), password.as_bytes().to_vec());
        socket.write_all(&[1, u8::from(!right)]).await.ok()?;
    }
    let mut request = [0; 4];
    socket.read_exact(&mut request).await.ok()?;
    let host = match request[3] {
        1 => {
            let mut address = [0; 4];
            socket.read_exact(&mut address).await.ok()?;
            std::net::Ipv4Addr::from(address).to_string()
        }
        3 => String::from_utf8(read(&mut socket).await?).unwrap(),
        kind => panic!("address type {kind}"),
    };
    let port = socket.read_u16().await.ok()?;
    log.lock().unwrap().push(format!("{host}:{port}"));
    socket
        .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        .await
        .ok()?;
    let mut peer = Peer::accept(socket, &Mutex::default()).await?;
    peer.send(hello()).await;
    peer.closed().await;
    Some(())
}

async fn read(socket: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = vec![0; socket.read_u8().await.ok()?.into()];
    socket.read_exact(&mut bytes).await.ok()?;
    Some(bytes)
}

#[tokio::test]
async fn a_socks5_proxy_is_given_addresses_or_names() {
    let (addr, asked) = socks(None).await;
    for (scheme, url, target) in [
        ("socks5", "http://192.0.2.7:8080/", "192.0.2.7:8080"),
        ("socks5h", "http://server.test/", "server.test:80"),
    ] {
        let proxy = Proxy::Through(through(format!("{scheme}://{addr}")));
        assert_eq!(
            next_event(&mut subscribe(url, proxy, None)).await.data,
            "hello"
        );
        assert_eq!(asked.lock().unwrap().pop().unwrap(), target);
    }
}

#[tokio::test]
async fn a_socks5_proxy_may_want_a_sign_in() {
    let (addr, _) = socks(Some(("me", "pw"))).await;
    let mut server = through(format!("socks5h://{addr}"));
    let without = cause("http://server.test/", Proxy::Through(server.clone())).await;
    assert_eq!(without.code(), "proxy", "{without:?}");
    server.user = Some("me".to_owned());
    let mut stream = subscribe("http://server.test/", Proxy::Through(server), None);
    assert_eq!(next_event(&mut stream).await.data, "hello");
}

#[tokio::test]
async fn hosts_on_the_list_are_reached_without_a_proxy() {
    let proxy = forwarding().await;
    let mut server = through(format!("http://{}", proxy.addr));
    server.except = "other.invalid, .server.invalid, 192.0.2.0/24".to_owned();
    let proxied = || Proxy::Through(server.clone());
    for url in ["http://other.invalid/", "http://a.server.invalid/"] {
        assert_eq!(cause(url, proxied()).await.code(), "dns");
    }
    assert_eq!(proxy.seen().len(), 0);
    let mut stream = subscribe("http://third.invalid/", proxied(), None);
    next_event(&mut stream).await;
}

#[tokio::test]
async fn this_machine_is_reached_without_a_proxy() {
    let proxy = FaultServer::always("HTTP/1.1 500 x\r\n\r\n").await;
    let server = forwarding().await;
    let port = server.addr.port();
    let through = through(format!("http://{}", proxy.addr));
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("http://{host}:{port}/");
        let mut stream = subscribe(&url, Proxy::Through(through.clone()), None);
        assert_eq!(next_event(&mut stream).await.data, "hello");
    }
    assert_eq!(proxy.seen().len(), 0);
}

/// Runs one test of this program with these settings in the environment.
pub fn in_environment(test: &str, settings: &[(&str, &str)]) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command
        .args(["--exact", test, "--ignored"])
        .envs(settings.iter().copied());
    let output = command.output().unwrap();
    // A test that is not found is no success.
    let ran = String::from_utf8_lossy(&output.stdout).contains(" 1 passed");
    output.status.success() && ran
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_systems_settings_are_followed() {
    let proxy = forwarding().await;
    let url = format!("http://{}", proxy.addr);
    let run = |settings: Vec<(&'static str, String)>| async move {
        tokio::task::spawn_blocking(move || {
            let settings: Vec<_> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
            in_environment("proxies::opens_a_stream_by_the_systems_settings", &settings)
        })
        .await
        .unwrap()
    };
    assert!(run(vec![("http_proxy", url.clone())]).await);
    assert_eq!(proxy.seen().len(), 1);
    assert!(run(vec![("all_proxy", url.clone())]).await);
    assert_eq!(proxy.seen().len(), 2);
    assert!(
        !run(vec![
            ("http_proxy", url),
            ("no_proxy", "server.invalid".into())
        ])
        .await
    );
    assert_eq!(proxy.seen().len(), 2);
}

#[tokio::test]
#[ignore = "run by the_systems_settings_are_followed, in its environment"]
async fn opens_a_stream_by_the_systems_settings() {
    let mut stream = subscribe("http://server.invalid/", Proxy::System, None);
    assert!(matches!(
        next_rest(&mut stream).await,
        StreamState::Open { .. }
    ));
}
