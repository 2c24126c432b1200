//! Quit: the socket closes at once, and the server sees it; a slow app slows the server.

use std::time::{Duration, Instant};

use belldot_stream::{StreamState, Subscription};
use tokio::io::AsyncWriteExt;
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;

use crate::fault::*;

const AT_ONCE: Duration = Duration::from_millis(100);

/// How long this takes, of several times the quickest: a busy machine may delay any one.
async fn at_best(mut attempt: impl AsyncFnMut() -> Duration) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..10 {
        best = attempt().await.min(best);
        if best < AT_ONCE {
            break;
        }
    }
    best
}

/// How long it takes until the server sees the end of an open stream.
async fn until_gone(body: &'static str, end: impl AsyncFn(Subscription)) -> Duration {
    let (gone, mut is_gone) = mpsc::channel(8);
    let server = FaultServer::start(move |mut peer| {
        let gone = gone.clone();
        async move {
            peer.stream(body).await;
            peer.closed().await;
            let _ = gone.send(Instant::now()).await;
        }
    })
    .await;
    at_best(async || {
        let mut stream = subscribe(&server.url());
        next_event(&mut stream).await;
        let start = Instant::now();
        end(stream).await;
        is_gone
            .recv()
            .await
            .unwrap()
            .saturating_duration_since(start)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_sees_a_close_within_100_ms() {
    let close = async |stream: Subscription| stream.handle().close().await;
    assert!(until_gone("data: a\n\n", close).await < AT_ONCE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_sees_a_pause_within_100_ms() {
    let pause = async |mut stream: Subscription| {
        stream.handle().pause();
        while next_state(&mut stream).await != StreamState::Paused {}
        // The stream is held: only the pause has closed it.
        tokio::spawn(async move { while stream.next().await.is_some() {} });
    };
    assert!(until_gone("data: a\n\n", pause).await < AT_ONCE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_sees_a_dropped_subscription_within_100_ms() {
    assert!(until_gone("data: a\n\n", async |stream| drop(stream)).await < AT_ONCE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_sees_that_it_was_understood_as_full_within_100_ms() {
    let full = async |mut stream: Subscription| {
        while !matches!(next_state(&mut stream).await, StreamState::Full { .. }) {}
        tokio::spawn(async move { while stream.next().await.is_some() {} });
    };
    assert!(until_gone("data: a\n\ndata: Too many connections\n\n", full).await < AT_ONCE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_close_is_quick_while_the_server_floods_and_the_app_does_not_read() {
    let server = FaultServer::start(|mut peer| async move {
        peer.stream("").await;
        while peer.socket.write_all(b"data: flood\n\n").await.is_ok() {}
    })
    .await;
    let taken = at_best(async || {
        let stream = subscribe(&server.url());
        while stream.handle().statistics().opened == 0 {
            sleep(Duration::from_millis(10)).await;
        }
        let start = Instant::now();
        stream.handle().close().await;
        start.elapsed()
    })
    .await;
    assert!(taken < AT_ONCE, "{taken:?}");
}

#[tokio::test]
async fn a_close_does_not_wait_for_a_network_that_is_dead() {
    let server = FaultServer::start(|mut peer| async move { peer.closed().await }).await;
    let taken = at_best(async || {
        let stream = subscribe(&server.url());
        while server.seen().is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
        let start = Instant::now();
        stream.handle().close().await;
        start.elapsed()
    })
    .await;
    assert!(taken < AT_ONCE, "{taken:?}");
}

#[tokio::test]
async fn a_slow_app_slows_the_server_and_loses_nothing() {
    const EVENTS: usize = 20_000;
    let (sent, progress) = watch::channel(0);
    let server = FaultServer::start(move |mut peer| {
        let sent = sent.clone();
        async move {
            peer.stream("").await;
            for number in 0..EVENTS {
                peer.send(format!("id: {number}\ndata: {}\n\n", "x".repeat(1000)))
                    .await;
                sent.send_replace(number + 1);
            }
            peer.closed().await;
        }
    })
    .await;
    let mut stream = subscribe(&server.url());
    // Once nothing moves any more, only buffers of a fixed size are full.
    let mut before = usize::MAX;
    while before != *progress.borrow() || before == 0 {
        before = *progress.borrow();
        sleep(Duration::from_millis(200)).await;
    }
    assert!(before < EVENTS, "the server was not slowed");
    for number in 0..EVENTS {
        assert_eq!(next_event(&mut stream).await.id, number.to_string());
    }
    assert_eq!(server.seen().len(), 1);
}
