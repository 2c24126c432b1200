//! The list of faults, each made by a real server over a real socket.

use std::time::Duration;

use belldot_stream::{Cause, Silence, StreamPolicy, StreamState, Subscription, Update};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::fault::*;

const MILLI: Duration = Duration::from_millis(1);

/// The cause of the first wait.
async fn cause(url: &str) -> Cause {
    match next_rest(&mut subscribe(url)).await {
        StreamState::Waiting { cause, .. } => cause,
        StreamState::Open { .. } => panic!("it opened"),
        state => panic!("{state:?}"),
    }
}

/// The cause why an open stream ended.
async fn end(server: &FaultServer) -> Cause {
    let mut stream = subscribe(&server.url());
    assert!(matches!(
        next_rest(&mut stream).await,
        StreamState::Open { .. }
    ));
    match next_rest(&mut stream).await {
        StreamState::Waiting { cause, .. } => cause,
        state => panic!("{state:?}"),
    }
}

#[tokio::test]
async fn refused_until_the_server_is_there() {
    let address = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let mut stream = subscribe(&format!("http://{address}/"));
    for failures in 1..=3 {
        let state = next_rest(&mut stream).await;
        let StreamState::Waiting { attempt, cause, .. } = state else {
            panic!("{state:?}")
        };
        assert_eq!((attempt, cause), (failures, Cause::Refused));
    }
    let _server = FaultServer::start_on(&address.to_string(), |mut peer| async move {
        peer.stream("data: a\n\n").await;
        peer.closed().await;
    })
    .await;
    assert_eq!(next_event(&mut stream).await.data, "a");
}

#[tokio::test]
async fn a_name_without_an_address() {
    assert_eq!(cause("http://no-such-host.invalid/").await.code(), "dns");
}

#[tokio::test]
async fn a_server_that_hangs_before_its_headers() {
    for part in [
        "",
        "HTTP/1.1",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n",
    ] {
        let server = FaultServer::start(move |mut peer| async move {
            peer.send(part).await;
            peer.closed().await;
        })
        .await;
        let mut config = config(&server.url());
        config.policy.silence.without_heartbeat = 100 * MILLI;
        let mut stream = Subscription::start(config);
        // Given up, and tried again, for as long as it lasts; nothing has failed.
        while server.seen().len() < 3 {
            let state = next_state(&mut stream).await;
            assert!(matches!(state, StreamState::Connecting { .. }), "{state:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_hangs_in_mid_event() {
    let server = FaultServer::start(|mut peer| async move {
        peer.stream(if peer.number == 0 {
            "data: a\nda"
        } else {
            "data: b\n\n"
        })
        .await;
        peer.closed().await;
    })
    .await;
    let mut config = config(&server.url());
    config.policy.silence = Silence {
        without_heartbeat: 100 * MILLI,
        ..Silence::default()
    };
    let mut stream = Subscription::start(config);
    assert_eq!(next_event(&mut stream).await.data, "b");
}

#[tokio::test]
async fn bytes_that_trickle() {
    let server = FaultServer::start(|mut peer| async move {
        for byte in HEAD
            .bytes()
            .chain("id: 1\r\nevent: t\r\ndata: 世界\r\n\r\n".bytes())
        {
            peer.send([byte]).await;
            sleep(MILLI).await;
        }
        peer.closed().await;
    })
    .await;
    assert_eq!(
        next_event(&mut subscribe(&server.url())).await,
        event("t", "世界", "1")
    );
}

#[tokio::test]
async fn an_end_at_every_byte_of_an_event() {
    const BEFORE: &str = "id: 1\ndata: a\n\n";
    const CUT: &str = "id: 2\r\nevent: t\r\ndata: 世\r\ndata: b\r\n\r\n";
    let server = FaultServer::start(|mut peer| async move {
        peer.stream(BEFORE).await;
        peer.send(&CUT.as_bytes()[..peer.number.min(CUT.len())])
            .await;
        peer.end().await;
    })
    .await;
    let mut config = config(&server.url());
    config.policy = StreamPolicy {
        base: 5 * MILLI,
        ceiling: 5 * MILLI,
        gap: MILLI,
        ..config.policy
    };
    let mut stream = Subscription::start(config);
    let mut seen = Vec::new();
    while server.seen().len() < CUT.len() + 2 {
        if let Update::Event(event) = next(&mut stream).await {
            seen.push((event.id, event.data));
        }
    }
    // The CR of the blank line ends the event; its LF is not needed.
    let requests = server.seen();
    for (sent, request) in requests.iter().enumerate().skip(1) {
        let expected = if sent >= CUT.len() { "2" } else { "1" };
        assert_eq!(
            request.text("last-event-id").unwrap(),
            expected,
            "after {} bytes",
            sent - 1
        );
    }
    let whole = seen
        .iter()
        .filter(|(id, data)| id == "2" && data == "世\nb")
        .count();
    let parts = seen
        .iter()
        .filter(|(id, data)| id == "1" && data == "a")
        .count();
    assert!(whole >= 2 && whole + parts == seen.len(), "{seen:?}");
}

#[tokio::test]
async fn a_reset() {
    let server = FaultServer::start(|mut peer| async move {
        peer.stream("data: a\n").await;
        sleep(20 * MILLI).await;
        peer.reset();
    })
    .await;
    assert_eq!(end(&server).await.code(), "broken");
}

#[tokio::test]
async fn a_reset_before_the_headers() {
    let server = FaultServer::start(|peer| async move { peer.reset() }).await;
    assert_eq!(cause(&server.url()).await.code(), "broken");
}

#[tokio::test]
async fn an_orderly_end_however_it_is_framed() {
    for framed in [
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n",
        "HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: a\n\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\ndata: a\n\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n\
         4;x=y\r\ndata\r\n5\r\n: a\n\n\r\n0\r\n\r\n",
    ] {
        let server = FaultServer::always(framed).await;
        let mut stream = subscribe(&server.url());
        assert_eq!(next_event(&mut stream).await.data, "a");
        let state = next_rest(&mut stream).await;
        assert!(
            matches!(
                state,
                StreamState::Waiting {
                    cause: Cause::Ended,
                    ..
                }
            ),
            "{state:?}"
        );
    }
}

#[tokio::test]
async fn an_end_before_the_end() {
    for framed in [
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99\r\n\r\ndata: a\n\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n\
         9\r\ndata: a\n\n\r\n9\r\ndat",
    ] {
        let server = FaultServer::always(framed).await;
        assert_eq!(end(&server).await.code(), "broken");
    }
}

#[tokio::test]
async fn what_is_no_http() {
    for nonsense in [
        "SSH-2.0-OpenSSH_9.2p1\r\n",
        "\0\x01\x02\x03",
        "<html></html>",
        "\r\n\r\n",
    ] {
        let server = FaultServer::always(nonsense).await;
        assert_eq!(cause(&server.url()).await.code(), "broken", "{nonsense:?}");
    }
}

#[tokio::test]
async fn a_wrong_type_whose_content_is_never_shown() {
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\ndata: a\n\n";
    let server = FaultServer::always(page).await;
    let mut stream = subscribe(&server.url());
    while server.seen().len() < 5 {
        assert!(!matches!(
            next(&mut stream).await,
            Update::Event(_) | Update::Opened(_)
        ));
    }
}

#[tokio::test]
async fn every_status() {
    let server = FaultServer::start(|mut peer| async move {
        let status = peer.seen.path()[1..].to_owned();
        let rest = "Content-Length: 0\r\nContent-Type: text/event-stream\r\n\r\n";
        peer.send(format!("HTTP/1.1 {status} x\r\n{rest}")).await;
        peer.end().await;
    })
    .await;
    for status in (200..=599).chain([600, 999]) {
        let state = next_rest(&mut subscribe(&format!("http://{}/{status}", server.addr))).await;
        let found = match &state {
            StreamState::Open { .. } => "open",
            StreamState::Waiting { cause, .. } | StreamState::Stopped { cause } => cause.code(),
            state => panic!("{status}: {state:?}"),
        };
        let expected = match status {
            200 => "open",
            204 => "closed",
            301 | 302 | 303 | 307 | 308 => "redirect",
            401 => "sign-in",
            407 => "proxy",
            410 => "gone",
            511 => "not-an-event-stream",
            _ => "status",
        };
        assert_eq!(found, expected, "{status}");
        if status != 401 {
            let stops = matches!(state, StreamState::Stopped { .. });
            assert_eq!(stops, [204, 410].contains(&status), "{status}");
        }
    }
}

#[tokio::test]
async fn a_switch_of_protocols_nobody_asked_for() {
    let switch = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n";
    let server = FaultServer::always(switch).await;
    assert!(["broken", "status"].contains(&cause(&server.url()).await.code()));
}

#[tokio::test]
async fn a_redirect_loop() {
    let there = "HTTP/1.1 307 x\r\nLocation: ?again\r\nContent-Length: 0\r\n\r\n";
    let server = FaultServer::always(there).await;
    assert_eq!(cause(&server.url()).await.code(), "redirect");
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn a_gzip_bomb() {
    let server = FaultServer::start(|mut peer| async move {
        let rest = "Content-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n";
        peer.send(format!("HTTP/1.1 200 OK\r\n{rest}")).await;
        peer.send([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]).await;
        peer.closed().await;
    })
    .await;
    let cause = cause(&server.url()).await;
    assert_eq!(
        cause,
        Cause::NotAnEventStream(Some("text/event-stream, gzip".to_owned()))
    );
    assert_eq!(
        server.seen()[0].text("accept-encoding").unwrap(),
        "identity"
    );
}

/// Sends a head, a middle many times, and an end; what arrives is the event at the end.
async fn endless(before: &'static str, middle: &'static str, mebibytes: usize) -> Subscription {
    let server = FaultServer::start(move |mut peer| async move {
        peer.stream(before).await;
        let block = middle.repeat((1 << 20) / middle.len());
        for _ in 0..mebibytes {
            peer.send(&block).await;
        }
        peer.send("\n\ndata: after\n\n").await;
        peer.closed().await;
    })
    .await;
    let mut stream = subscribe(&server.url());
    assert!(next_event(&mut stream).await.data == "after");
    assert_eq!(server.seen().len(), 1);
    stream
}

#[tokio::test]
async fn endless_lines() {
    assert_eq!(
        endless("data: ", "x", 16)
            .await
            .handle()
            .statistics()
            .skipped,
        1
    );
    assert_eq!(
        endless("event: ", "x", 4)
            .await
            .handle()
            .statistics()
            .skipped,
        1
    );
    assert_eq!(
        endless("id: ", "x", 4).await.handle().statistics().skipped,
        1
    );
    assert_eq!(
        endless("unknown", "x", 4)
            .await
            .handle()
            .statistics()
            .skipped,
        0
    );
    assert_eq!(
        endless("retry: ", "1", 4)
            .await
            .handle()
            .statistics()
            .skipped,
        0
    );
}

#[tokio::test]
async fn endless_comments() {
    assert_eq!(
        endless(": ", "x", 16).await.handle().statistics().skipped,
        0
    );
    assert_eq!(
        endless("", ": x\n", 2).await.handle().statistics().skipped,
        0
    );
}

#[tokio::test]
async fn endless_data_lines() {
    assert_eq!(
        endless("", "data: 0123456789\n", 4)
            .await
            .handle()
            .statistics()
            .skipped,
        1
    );
    assert_eq!(
        endless("", "data\n", 8).await.handle().statistics().skipped,
        1
    );
}

#[tokio::test]
async fn endless_headers() {
    let server = FaultServer::start(|mut peer| async move {
        peer.send("HTTP/1.1 200 OK\r\n").await;
        for number in 0..1_000_000 {
            use tokio::io::AsyncWriteExt;
            let line = format!("X-{number}: {}\r\n", "x".repeat(1000));
            if peer.socket.write_all(line.as_bytes()).await.is_err() {
                break;
            }
        }
    })
    .await;
    assert_eq!(cause(&server.url()).await.code(), "broken");
}

#[tokio::test]
async fn an_id_with_control_characters() {
    let server = FaultServer::start(|mut peer| async move {
        if peer.number == 0 {
            peer.stream("id: 1\ndata: a\n\nid: 2\x1b[31m\x07\ndata: b\n\n")
                .await;
        } else {
            peer.stream("data: c\n\n").await;
            peer.closed().await;
        }
    })
    .await;
    let mut stream = subscribe(&server.url());
    assert_eq!(next_event(&mut stream).await.id, "1");
    assert_eq!(next_event(&mut stream).await.id, "2\x1b[31m\x07");
    assert_eq!(next_event(&mut stream).await.data, "c");
    assert_eq!(server.seen()[1].text("last-event-id").unwrap(), "1");
}

#[tokio::test]
async fn a_retry_of_nothing_and_one_of_forever() {
    for (said, least, most) in [("0", 0.8, 1.2), ("99999999999999999999", 2880.0, 4320.0)] {
        let server = FaultServer::always(format!("{HEAD}retry: {said}\n\n")).await;
        let mut stream = subscribe(&server.url());
        assert!(matches!(
            next_rest(&mut stream).await,
            StreamState::Open { .. }
        ));
        let StreamState::Waiting { until, .. } = next_rest(&mut stream).await else {
            panic!()
        };
        let delay = std::time::SystemTime::from(until)
            .duration_since(std::time::SystemTime::now())
            .unwrap()
            .as_secs_f64();
        assert!(delay > least - 0.5 && delay <= most, "{said}: {delay}");
    }
}

#[tokio::test]
async fn a_server_on_ipv6_only() {
    let server = FaultServer::start_on("[::1]:0", |mut peer| async move {
        peer.stream("data: a\n\n").await;
        peer.closed().await;
    })
    .await;
    assert_eq!(next_event(&mut subscribe(&server.url())).await.data, "a");
}

#[tokio::test]
async fn a_name_of_which_only_one_address_answers() {
    let server = FaultServer::start(|mut peer| async move {
        peer.stream("data: a\n\n").await;
        peer.closed().await;
    })
    .await;
    let url = format!("http://localhost:{}/", server.addr.port());
    assert_eq!(next_event(&mut subscribe(&url)).await.data, "a");
}
