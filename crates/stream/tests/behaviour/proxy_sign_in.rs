//! 407: one retry, then it stops; a password that was refused is tried twice in all, whoever
//! asks, since a directory locks the account after a few.

use std::sync::Arc;

use belldot_stream::{
    Cause, Client, Config, Network, Proxy, ProxyAccess, ProxyServer, StreamState, Subscription,
};
use reqwest::Method;

use crate::fault::{self, FaultServer, LIMIT, Peer, config, next_rest};
use crate::script::*;

const NTLM: &str = "HTTP/1.1 407 x\r\nProxy-Authenticate: Negotiate\r\n\
    Proxy-Authenticate: NTLM\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const BASIC: &str = "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=\"a, b\"\r\n\
    Content-Length: 0\r\nConnection: close\r\n\r\n";

fn asks(schemes: &[&str]) -> Cause {
    Cause::ProxySignIn(schemes.iter().map(|&scheme| scheme.to_owned()).collect())
}

#[tokio::test(start_paused = true)]
async fn a_407_is_answered_by_one_more_attempt_and_then_it_stops() {
    let world = World::new([reply(407, [("proxy-authenticate", "NTLM")], [])]);
    let mut stream = world.subscribe();
    let (_, attempt, cause) = waiting(&world, &mut stream).await;
    assert_eq!((attempt, cause.code()), (1, "proxy"));
    assert_eq!(cause.detail().unwrap(), "407 NTLM");
    let stopped = StreamState::Stopped {
        cause: asks(&["NTLM"]),
    };
    assert_eq!(next_state(&mut stream).await, stopped);
    assert_eq!(within(24 * 60 * MINUTE, &mut stream).await, None);
    assert_eq!(world.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn it_resumes_when_asked_to() {
    let world = World::new([status(407), status(407), quiet()]);
    let mut stream = world.subscribe();
    while !matches!(next_state(&mut stream).await, StreamState::Stopped { .. }) {}
    stream.handle().retry_now();
    while !matches!(next_state(&mut stream).await, StreamState::Open { .. }) {}
}

#[tokio::test(start_paused = true)]
async fn a_407_after_the_stream_was_open_is_tried_again_once_more() {
    let ended = || stream([bytes("data: a\n\n")]);
    let world = World::new([status(407), ended(), status(407), quiet()]);
    let mut stream = world.subscribe();
    for _ in 0..2 {
        while !matches!(next_state(&mut stream).await, StreamState::Open { .. }) {}
    }
    assert_eq!(world.attempts(), 4);
}

/// A shared client by this proxy, which is always asked with a name and a password.
fn client(proxy: &FaultServer) -> Arc<Client> {
    let access = ProxyAccess {
        password: Some("old".to_owned()),
        ..ProxyAccess::default()
    };
    let network = Network {
        proxy: Proxy::Through(ProxyServer {
            url: format!("http://{}", proxy.addr),
            user: Some("ann".to_owned()),
            except: String::new(),
        }),
        ..Network::default()
    };
    Arc::new(Client::new(&network, &access, LIMIT).unwrap())
}

fn by(client: &Arc<Client>, url: &str) -> Config {
    let mut config = config(url);
    config.transport = Some(client.clone());
    config
}

/// How often the proxy saw the password.
fn tried(proxy: &FaultServer) -> usize {
    let seen = proxy.seen();
    let with_password = |seen: &&fault::Seen| seen.text("proxy-authorization").is_some();
    seen.iter().filter(with_password).count()
}

async fn stops(stream: &mut Subscription) -> Cause {
    loop {
        match next_rest(stream).await {
            StreamState::Stopped { cause } => return cause,
            StreamState::Waiting { .. } => {}
            state => panic!("{state:?}"),
        }
    }
}

#[tokio::test]
async fn the_scheme_is_named_for_plain_requests_and_for_tunnels() {
    for url in ["http://server.test/", "https://server.test/"] {
        for (answer, cause) in [
            (NTLM, asks(&["Negotiate", "NTLM"])),
            (BASIC, asks(&["Basic"])),
        ] {
            let proxy = FaultServer::always(answer).await;
            let mut stream = Subscription::start(by(&client(&proxy), url));
            assert_eq!(stops(&mut stream).await, cause, "{url}");
            assert_eq!(tried(&proxy), 2, "{url}");
        }
    }
}

#[tokio::test]
async fn what_the_cause_says_is_fit_for_people() {
    assert_eq!(
        asks(&["Negotiate", "NTLM"]).detail().unwrap(),
        "Negotiate, NTLM"
    );
    // Where a password will do, nothing else matters.
    assert_eq!(asks(&["NTLM", "Basic"]).detail().unwrap(), "Basic");
    assert_eq!(asks(&[]).detail().unwrap(), "unnamed");
    assert_eq!(asks(&[]).code(), "proxy-sign-in");
}

#[tokio::test]
async fn a_refused_password_is_tried_twice_however_many_streams_there_are() {
    for scheme in ["http", "https"] {
        let proxy = FaultServer::always(BASIC).await;
        let client = client(&proxy);
        let mut streams: Vec<Subscription> = (0..6)
            .map(|number| format!("{scheme}://server{number}.test/"))
            .map(|url| Subscription::start(by(&client, &url)))
            .collect();
        for stream in &mut streams {
            assert_eq!(stops(stream).await, asks(&["Basic"]));
        }
        let request = client.request(Method::PATCH, "http://server.test/".parse().unwrap());
        assert_eq!(
            client.send(request.unwrap()).await.unwrap_err(),
            asks(&["Basic"])
        );
        assert_eq!(tried(&proxy), 2, "{scheme}");
    }
}

#[tokio::test]
async fn a_refused_password_is_tried_again_when_a_person_asks() {
    let proxy = FaultServer::always(BASIC).await;
    let client = client(&proxy);
    let mut stream = Subscription::start(by(&client, "http://server.test/"));
    stops(&mut stream).await;
    client.forget_refused_sign_ins();
    stream.handle().retry_now();
    stops(&mut stream).await;
    assert_eq!(tried(&proxy), 3);
}

#[tokio::test]
async fn a_password_that_is_taken_does_not_make_streams_wait_for_each_other() {
    let proxy = FaultServer::start(|mut peer: Peer| async move {
        peer.stream("data: hello\n\n").await;
        peer.closed().await;
    })
    .await;
    let client = client(&proxy);
    let mut streams: Vec<Subscription> = (0..6)
        .map(|number| Subscription::start(by(&client, &format!("http://s{number}.test/"))))
        .collect();
    for stream in &mut streams {
        assert_eq!(fault::next_event(stream).await.data, "hello");
    }
    assert_eq!(tried(&proxy), 6);
}
