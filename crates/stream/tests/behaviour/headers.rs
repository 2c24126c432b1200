//! Answers whose headers no standard allows, as firewalls and old devices make them: taken as
//! browsers take them. What makes no sense is left out, and the stream opens.

use belldot_stream::{Cause, Network, Proxy, ProxyServer, StreamState, Subscription, Update};

use crate::fault::{FaultServer, Peer, config, next, next_event, next_rest, subscribe};

/// Lines that stand between those that matter.
const LINES: [(&str, &[u8]); 15] = [
    (
        "a control character in a cookie",
        b"Set-Cookie: waf=q\x01Zt; path=/\r\n",
    ),
    ("DEL in a value", b"X-Stat: a\x7fb\r\n"),
    ("an escape in a name", b"X\x1bA: b\r\n"),
    ("a space before the colon", b"X-Device : box 7\r\n"),
    ("a tab before the colon", b"X-Device\t: box 7\r\n"),
    ("a space within a name", b"X Device: box 7\r\n"),
    ("raw UTF-8 in a value", "X-User: 张三\r\n".as_bytes()),
    ("raw UTF-8 in a name", "X-张: three\r\n".as_bytes()),
    ("Latin-1 in a value", b"X-User: M\xfcller\r\n"),
    ("a line without a colon", b"Powered by intranet\r\n"),
    ("a line without a name", b": x\r\n"),
    ("a name without a value", b"X-Empty:\r\n"),
    ("a folded line", b"X-Long: one\r\n  two\r\n\tthree\r\n"),
    ("brackets and quotes in a name", b"X(\"a\"): b\r\n"),
    (
        "two lengths of nothing",
        b"Keep-Alive: \r\nKeep-Alive: \x02\r\n",
    ),
];

async fn answering(between: Vec<u8>) -> FaultServer {
    FaultServer::start(move |mut peer: Peer| {
        let head = [
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n",
            between.as_slice(),
            b"X-After: seen\r\n\r\ndata: hello\n\n",
        ];
        let answer = head.concat();
        async move {
            peer.send(answer).await;
            peer.closed().await;
        }
    })
    .await
}

async fn opens(server: &FaultServer, what: &str) {
    let mut stream = subscribe(&server.url());
    let headers = loop {
        match next(&mut stream).await {
            Update::Opened(headers) => break headers,
            Update::State(state) => {
                let is_on_its_way = matches!(
                    state,
                    StreamState::Connecting { .. } | StreamState::Open { .. }
                );
                assert!(is_on_its_way, "{what}: {state:?}");
            }
            _ => {}
        }
    };
    assert_eq!(headers["x-after"], "seen", "{what}");
    assert_eq!(next_event(&mut stream).await.data, "hello", "{what}");
}

#[tokio::test]
async fn what_makes_no_sense_is_left_out_and_the_stream_opens() {
    for (what, line) in LINES {
        opens(&answering(line.to_vec()).await, what).await;
    }
}

/// Browsers refuse that, too.
#[tokio::test]
async fn a_nul_in_the_head_is_refused() {
    let server = answering(b"X-A: a\0b\r\n".to_vec()).await;
    let mut stream = subscribe(&server.url());
    let rest = next_rest(&mut stream).await;
    assert!(
        matches!(
            rest,
            StreamState::Waiting {
                cause: Cause::NotHttp,
                ..
            }
        ),
        "{rest:?}"
    );
}

#[tokio::test]
async fn a_hundred_and_fifty_headers_are_not_too_many() {
    let many = (0..150).map(|number| format!("X-Imperva-{number}: {number}\r\n"));
    opens(
        &answering(many.collect::<String>().into_bytes()).await,
        "150",
    )
    .await;
}

#[tokio::test]
async fn so_it_is_through_a_proxy() {
    let mut all: Vec<u8> = LINES.iter().flat_map(|(_, line)| line.to_vec()).collect();
    all.extend((0..150).flat_map(|number| format!("X-{number}: 1\r\n").into_bytes()));
    let proxy = answering(all).await;
    let network = Network {
        proxy: Proxy::Through(ProxyServer {
            url: format!("http://{}", proxy.addr),
            user: None,
            except: String::new(),
        }),
        ..Network::default()
    };
    let mut config = config("http://server.test/");
    config.transport = None;
    config.network = network;
    let mut stream = Subscription::start(config);
    assert_eq!(next_event(&mut stream).await.data, "hello");
}
