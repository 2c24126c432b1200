//! Refused, DNS, TLS, …: named, and tried again; never a spin.

use std::time::Duration;

use belldot_stream::{BrokenBy, Cause, ProxyFault, TlsFault};

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn are_named_and_tried_again_for_ever() {
    for cause in [
        Cause::Refused,
        Cause::Dns("no such name".to_owned()),
        Cause::Tls(TlsFault::Expired),
        Cause::Broken(BrokenBy::Reset),
        Cause::Proxy(ProxyFault::Unreachable),
    ] {
        let world = World::new([Answer::Fail(cause.clone())]);
        let mut stream = world.subscribe();
        for failures in 1..=50 {
            let (_, attempt, found) = waiting(&world, &mut stream).await;
            assert_eq!((attempt, &found), (failures, &cause));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_attempt_comes_when_it_was_planned() {
    let world = World::new([Answer::Fail(Cause::Refused)]);
    let mut stream = world.subscribe();
    for _ in 0..20 {
        let (delay, _, _) = waiting(&world, &mut stream).await;
        let planned = tokio::time::Instant::now() + delay;
        connecting(&mut stream).await;
        let late = world
            .seen()
            .last()
            .unwrap()
            .at
            .saturating_duration_since(planned);
        assert!(late < Duration::from_millis(5), "{late:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_in_mid_event_drops_the_event_and_keeps_the_cursor() {
    let cut = stream([bytes("id: 1\ndata: a\n\nid: 2\ndata: b\n")]);
    let world = World::new([cut, stream([bytes("data: c\n\n"), Piece::Hold])]);
    let mut stream = world.subscribe();
    assert_eq!(next_event(&mut stream).await.data, "a");
    let event = next_event(&mut stream).await;
    assert_eq!((event.data.as_str(), event.id.as_str()), ("c", "1"));
    assert_eq!(world.seen()[1].headers["last-event-id"], "1");
}

#[tokio::test(start_paused = true)]
async fn no_two_attempts_start_within_1_s_whatever_happens() {
    let hello = "retry: 0\ndata: hello\n\n";
    for answer in [
        Answer::Fail(Cause::Refused),
        stream([bytes(hello)]),
        status(401),
        status(503),
        quiet(),
    ] {
        let world = World::new([answer]);
        let mut stream = world.subscribe();
        let handle = stream.handle();
        let pester = async {
            for turn in 0..200u64 {
                match turn % 4 {
                    0 => handle.retry_now(),
                    1 => handle.wake(),
                    2 => handle.network_changed(),
                    _ => {
                        handle.pause();
                        handle.resume();
                    }
                }
                tokio::time::sleep(Duration::from_millis(turn * 7 % 450)).await;
            }
        };
        tokio::select! {
            () = pester => {}
            () = async { loop { next(&mut stream).await; } } => {}
        }
        assert!(world.attempts() > 5);
        for gap in world.gaps() {
            assert!(gap >= SECOND, "{gap:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn there_is_one_socket_at_a_time() {
    let world = World::new([stream([bytes("data: a\n\n"), Piece::Hold])]);
    let mut stream = world.subscribe();
    for _ in 0..5 {
        next_event(&mut stream).await;
        assert_eq!(world.sockets(), 1);
        stream.handle().retry_now();
    }
}
