//! Which proxy leads to a server: the environment first, then the desktop; and what is said where
//! one gives no way through.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use belldot_stream::{
    BrokenBy, Cause, Network, Proxy, ProxyAccess, ProxyFault, ProxyLookup, ProxyServer,
    StreamState, Subscription,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::net::TcpListener;
use url::Url;

use crate::fault::{FaultServer, Peer, config, next_event, next_rest};
use crate::proxies::in_environment;

/// A desktop that names these proxies; notes what it was asked for.
#[derive(Debug, Default)]
struct Desktop {
    proxies: Vec<String>,
    asked: Mutex<Vec<String>>,
    hangs: bool,
}

impl ProxyLookup for Desktop {
    fn lookup(&self, url: Url) -> BoxFuture<'static, Vec<String>> {
        self.asked.lock().unwrap().push(url.to_string());
        if self.hangs {
            return std::future::pending().boxed();
        }
        let proxies = self.proxies.clone();
        async move { proxies }.boxed()
    }
}

fn desktop(proxies: &[String]) -> Arc<Desktop> {
    Arc::new(Desktop {
        proxies: proxies.to_vec(),
        ..Desktop::default()
    })
}

fn subscribe(url: &str, desktop: &Arc<Desktop>) -> Subscription {
    let access = ProxyAccess {
        desktop: Some(desktop.clone()),
        ..ProxyAccess::default()
    };
    start(url, Network::default(), access)
}

fn start(url: &str, network: Network, access: ProxyAccess) -> Subscription {
    let mut config = config(url);
    config.transport = None;
    config.network = network;
    config.proxy_access = access;
    Subscription::start(config)
}

async fn cause_of(mut stream: Subscription) -> Cause {
    match next_rest(&mut stream).await {
        StreamState::Waiting { cause, .. } | StreamState::Stopped { cause } => cause,
        state => panic!("{state:?}"),
    }
}

async fn proxy() -> FaultServer {
    FaultServer::start(|mut peer: Peer| async move {
        peer.stream("data: hello\n\n").await;
        peer.closed().await;
    })
    .await
}

async fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

/// These tests are about the desktop: run again in an environment that names no proxy.
macro_rules! alone {
    ($name:ident, $inner:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let test = concat!("proxy_choice::", stringify!($inner));
            let run = tokio::task::spawn_blocking(move || in_environment(test, &[]));
            assert!(run.await.unwrap());
        }
    };
}

alone!(the_desktops_proxy_is_taken, takes_the_desktops_proxy);

#[tokio::test]
#[ignore = "run by the_desktops_proxy_is_taken, in its environment"]
async fn takes_the_desktops_proxy() {
    let proxy = proxy().await;
    let desktop = desktop(&[format!("http://{}", proxy.addr)]);
    let mut stream = subscribe("http://ann:pw@server.invalid/a?token=b#c", &desktop);
    // The password goes over plain http, so it stops; what was asked for is seen below.
    assert!(matches!(
        next_rest(&mut stream).await,
        StreamState::Stopped { .. }
    ));
    let mut stream = subscribe("http://server.invalid/a?token=b", &desktop);
    assert_eq!(next_event(&mut stream).await.data, "hello");
    assert_eq!(*desktop.asked.lock().unwrap(), ["http://server.invalid/"]);
}

alone!(
    the_desktops_proxies_are_tried_in_their_order,
    tries_them_in_their_order
);

#[tokio::test]
#[ignore = "run by the_desktops_proxies_are_tried_in_their_order, in its environment"]
async fn tries_them_in_their_order() {
    let (proxy, nobody) = (proxy().await, nobody().await);
    let third = FaultServer::always("").await;
    let speaks_no_socks = FaultServer::always("HTTP/1.1 400 x\r\n\r\n").await;
    let desktop = desktop(&[
        format!("http://{nobody}"),
        format!("socks5://{nobody}"),
        format!("socks5://{}", speaks_no_socks.addr),
        format!("http://{}", proxy.addr),
        format!("http://{}", third.addr),
    ]);
    let mut stream = subscribe("http://server.invalid/", &desktop);
    assert_eq!(next_event(&mut stream).await.data, "hello");
    assert_eq!(third.seen().len(), 0);
}

alone!(the_desktop_may_name_none, goes_directly);

#[tokio::test]
#[ignore = "run by the_desktop_may_name_none, in its environment"]
async fn goes_directly() {
    for proxies in [
        vec!["direct://".to_owned()],
        vec!["nonsense://x".to_owned()],
        vec![],
    ] {
        let stream = subscribe("http://server.invalid/", &desktop(&proxies));
        assert_eq!(
            cause_of(stream).await,
            Cause::Dns("server.invalid".to_owned())
        );
    }
}

alone!(
    a_desktop_that_does_not_answer_is_not_waited_for,
    does_not_wait
);

#[tokio::test]
#[ignore = "run by a_desktop_that_does_not_answer_is_not_waited_for, in its environment"]
async fn does_not_wait() {
    let desktop = Arc::new(Desktop {
        hangs: true,
        ..Desktop::default()
    });
    let start = std::time::Instant::now();
    let stream = subscribe("http://server.invalid/", &desktop);
    assert_eq!(cause_of(stream).await.code(), "dns");
    assert!(start.elapsed().as_secs() >= 2);
}

alone!(this_machine_is_reached_without_asking, does_not_ask);

#[tokio::test]
#[ignore = "run by this_machine_is_reached_without_asking, in its environment"]
async fn does_not_ask() {
    let (server, third) = (proxy().await, FaultServer::always("").await);
    let desktop = desktop(&[format!("http://{}", third.addr)]);
    let mut stream = subscribe(&server.url(), &desktop);
    assert_eq!(next_event(&mut stream).await.data, "hello");
    assert_eq!(desktop.asked.lock().unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_environment_comes_before_the_desktop() {
    let proxy = proxy().await;
    let url = format!("http://{}", proxy.addr);
    let run = |variables: Vec<(&'static str, String)>| async move {
        let run = move || {
            let variables: Vec<_> = variables.iter().map(|(k, v)| (*k, v.as_str())).collect();
            in_environment("proxy_choice::does_not_ask_the_desktop", &variables)
        };
        tokio::task::spawn_blocking(run).await.unwrap()
    };
    assert!(run(vec![("http_proxy", url.clone())]).await);
    assert!(
        run(vec![
            ("HTTP_PROXY", url.clone()),
            ("http_proxy", String::new())
        ])
        .await
    );
    let exception = ("NO_PROXY", "*.invalid".to_owned());
    assert!(!run(vec![("http_proxy", url.clone()), exception.clone()]).await);
    let hidden = ("no_proxy", String::new());
    assert!(!run(vec![("http_proxy", url), exception, hidden]).await);
    assert_eq!(proxy.seen().len(), 2);
}

#[tokio::test]
#[ignore = "run by the_environment_comes_before_the_desktop, in its environment"]
async fn does_not_ask_the_desktop() {
    let desktop = desktop(&["http://127.0.0.1:1".to_owned()]);
    let mut stream = subscribe("http://server.invalid/", &desktop);
    assert!(matches!(
        next_rest(&mut stream).await,
        StreamState::Open { .. }
    ));
    assert_eq!(desktop.asked.lock().unwrap().len(), 0);
}

fn through(url: String) -> Network {
    Network {
        proxy: Proxy::Through(ProxyServer {
            url,
            user: None,
            except: String::new(),
        }),
        ..Network::default()
    }
}

async fn cause(url: &str, proxy: &str) -> Cause {
    cause_of(start(
        url,
        through(proxy.to_owned()),
        ProxyAccess::default(),
    ))
    .await
}

#[tokio::test]
async fn a_proxy_that_cannot_be_reached_is_told_from_one_that_refuses() {
    let nobody = nobody().await;
    for url in ["http://server.test/", "https://server.test/"] {
        for scheme in ["http", "https", "socks5h", "socks4a"] {
            let found = cause(url, &format!("{scheme}://{nobody}")).await;
            assert_eq!(
                found,
                Cause::Proxy(ProxyFault::Unreachable),
                "{scheme} {url}"
            );
            let found = cause(url, &format!("{scheme}://proxy.invalid:81")).await;
            let unknown = [ProxyFault::UnknownName, ProxyFault::Unreachable].map(Cause::Proxy);
            assert!(unknown.contains(&found), "{scheme} {url}: {found:?}");
        }
    }
    let found = cause("http://server.test/", "http://proxy.invalid:81").await;
    assert_eq!(found, Cause::Proxy(ProxyFault::UnknownName));
}

#[tokio::test]
async fn a_proxy_says_why_it_gives_no_tunnel() {
    for (answer, detail) in [
        (
            "HTTP/1.1 403 x\r\nContent-Length: 0\r\n\r\n",
            "403 Forbidden",
        ),
        ("HTTP/1.1 502 <b>\r\n\r\n", "502 Bad Gateway"),
        ("HTTP/1.0 599 x\r\nX : y\r\n\r\n", "599"),
        ("SSH-2.0-x\r\n\r\n", "other"),
        ("", "other"),
    ] {
        let proxy = FaultServer::always(answer).await;
        let found = cause("https://server.test/", &format!("http://{}", proxy.addr)).await;
        assert_eq!(found.code(), "proxy", "{answer}");
        assert_eq!(found.detail().unwrap(), detail, "{answer}");
    }
}

#[tokio::test]
async fn a_server_that_breaks_off_behind_a_proxy_is_not_laid_at_its_door() {
    let proxy = FaultServer::always("HTTP/1.1 200 OK\r\n\r\n").await;
    let found = cause("https://server.test/", &format!("http://{}", proxy.addr)).await;
    assert_eq!(found, Cause::Broken(BrokenBy::CutOff));
}
