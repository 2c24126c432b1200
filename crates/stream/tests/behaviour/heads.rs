//! The request is sent, and no head has come yet: a silence like any other.

use std::time::Duration;

use belldot_stream::{BrokenBy, Cause, Step, StreamState, Subscription, Update};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::fault::{self, FaultServer, HEAD};
use crate::script::*;

fn late(time: Duration, answer: Answer) -> Answer {
    Answer::After(time, Box::new(answer))
}

fn event() -> Answer {
    stream([bytes("data: a\n\n"), Piece::Hold])
}

fn at(step: Step) -> Option<Update> {
    Some(Update::State(StreamState::Connecting { step }))
}

#[tokio::test(start_paused = true)]
async fn is_waited_for_as_a_silent_stream_is() {
    let world = World::new([late(14 * MINUTE, event()), quiet()]);
    let mut stream = world.subscribe();
    assert_eq!(next_event(&mut stream).await.data, "a");
    assert_eq!(world.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn is_told_once_it_lasts() {
    let world = World::new([late(MINUTE, event())]);
    let mut stream = world.subscribe();
    connecting(&mut stream).await;
    assert_eq!(within(seconds(2) - SECOND / 10, &mut stream).await, None);
    assert_eq!(within(SECOND, &mut stream).await, at(Step::Head));
    open(&mut stream).await;
}

#[tokio::test(start_paused = true)]
async fn that_comes_soon_is_not_told_of() {
    let world = World::new([late(SECOND, event())]);
    let mut stream = world.subscribe();
    connecting(&mut stream).await;
    let update = next(&mut stream).await;
    assert!(
        matches!(update, Update::State(StreamState::Open { .. })),
        "{update:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn leads_to_one_quiet_reconnect_after_15_min_and_is_no_failed_attempt() {
    let world = World::new([Answer::Hang, Answer::Hang, Answer::Fail(Cause::Refused)]);
    let mut stream = world.subscribe();
    for _ in 0..2 {
        connecting(&mut stream).await;
        assert_eq!(within(MINUTE, &mut stream).await, at(Step::Head));
    }
    assert_eq!(waiting(&world, &mut stream).await.1, 1);
    for gap in world.gaps() {
        assert_eq!(gap.as_secs(), 15 * 60);
    }
}

#[tokio::test(start_paused = true)]
async fn is_not_measured_by_the_heartbeats_of_the_stream_before() {
    let beats = std::iter::repeat_n([Piece::Wait(seconds(10)), bytes(":\n")], 5).flatten();
    let world = World::new([stream(beats), late(10 * MINUTE, event())]);
    let mut stream = world.subscribe();
    assert_eq!(next_event(&mut stream).await.data, "a");
    assert_eq!(world.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn may_be_cut_short_by_a_person_a_pause_and_another_network() {
    for (wish, requests) in [("retry", 2), ("network", 2), ("pause", 1)] {
        let world = World::new([Answer::Hang, quiet()]);
        let stream = world.subscribe();
        sleep(MINUTE).await;
        match wish {
            "retry" => stream.handle().retry_now(),
            "network" => stream.handle().network_changed(),
            _ => stream.handle().pause(),
        }
        sleep(MINUTE).await;
        assert_eq!(world.attempts(), requests, "{wish}");
        stream.handle().close().await;
        assert_eq!(world.sockets(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn that_turns_out_to_be_an_error_is_that_error() {
    let world = World::new([late(10 * SECOND, status(502)), late(MINUTE, status(404))]);
    let mut stream = world.subscribe();
    for code in [502_u16, 404] {
        let (_, _, cause) = waiting(&world, &mut stream).await;
        assert_eq!(cause, Cause::Status(code.try_into().unwrap()));
    }
}

#[tokio::test(start_paused = true)]
async fn is_over_with_the_head_though_the_body_of_an_error_may_hang() {
    let world = World::new([reply(503, [], [Piece::Hold])]);
    let mut stream = world.subscribe();
    connecting(&mut stream).await;
    let update = next(&mut stream).await;
    assert!(
        matches!(update, Update::State(StreamState::Waiting { .. })),
        "{update:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn that_a_proxy_cuts_after_a_minute_leads_to_no_growth() {
    for cut in [status(504), Answer::Fail(Cause::Broken(BrokenBy::Reset))] {
        let world = World::new([late(MINUTE, cut)]);
        let mut stream = world.subscribe();
        for _ in 0..10 {
            let (delay, attempt, _) = waiting(&world, &mut stream).await;
            assert_eq!(attempt, 1);
            assert!(delay <= 9 * SECOND, "{delay:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn is_another_thing_than_a_server_that_cannot_be_connected_to() {
    for step in [Step::Name, Step::Connection, Step::Proxy] {
        let world = World::new([Answer::HangAt(step)]);
        let mut stream = world.subscribe();
        let start = tokio::time::Instant::now();
        connecting(&mut stream).await;
        if step != Step::Connection {
            assert_eq!(within(3 * SECOND, &mut stream).await, at(step));
        }
        let (_, attempt, cause) = waiting(&world, &mut stream).await;
        assert_eq!((attempt, cause), (1, Cause::Timeout));
        assert_eq!(start.elapsed().as_secs(), 16);
    }
}

/// The step that is told after the first.
async fn told(url: &str) -> StreamState {
    let mut stream = fault::subscribe(url);
    fault::next_state(&mut stream).await;
    fault::next_state(&mut stream).await
}

#[tokio::test]
async fn is_told_from_connecting_over_a_real_socket() {
    let server = FaultServer::start(|mut peer| async move { peer.closed().await }).await;
    let step = Step::Head;
    assert_eq!(told(&server.url()).await, StreamState::Connecting { step });
    let by_name = format!("http://localhost:{}/", server.addr.port());
    assert_eq!(told(&by_name).await, StreamState::Connecting { step });
    // The system takes the connection, but nobody says a word of TLS.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = fault::config(&format!("https://{}/", listener.local_addr().unwrap()));
    config.policy.connect_timeout = 100 * Duration::from_millis(1);
    let mut stream = Subscription::start(config);
    let state = fault::next_rest(&mut stream).await;
    let StreamState::Waiting { cause, .. } = state else {
        panic!("{state:?}")
    };
    assert_eq!(cause, Cause::Timeout);
}

#[tokio::test]
async fn may_come_in_parts() {
    for part in [
        "",
        "HTTP/1.1",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n",
    ] {
        let server = FaultServer::start(move |mut peer| async move {
            peer.send(part).await;
            sleep(Duration::from_millis(300)).await;
            peer.send(&HEAD[part.len()..]).await;
            peer.send("data: a\n\n").await;
            peer.closed().await;
        })
        .await;
        let mut stream = fault::subscribe(&server.url());
        assert_eq!(fault::next_event(&mut stream).await.data, "a");
        assert_eq!(server.seen().len(), 1);
    }
}
