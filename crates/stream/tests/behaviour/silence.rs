//! Silence: the watchdog that learns from heartbeats.

use std::time::Duration;

use belldot_stream::{Cause, StreamState, Update};

use crate::script::*;

/// Heartbeats with this gap, then silence.
fn beating(beat: &str, gap: Duration, times: usize) -> Answer {
    let beats = std::iter::repeat_n([Piece::Wait(gap), bytes(beat)], times);
    stream(beats.flatten().chain([Piece::Hold]))
}

/// How long after the last heartbeat the stream was given up.
async fn patience(answer: Answer, beating: Duration) -> Duration {
    let world = World::new([answer, quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let start = tokio::time::Instant::now();
    loop {
        match next(&mut stream).await {
            Update::State(StreamState::Waiting { cause, .. }) => {
                assert_eq!(cause, Cause::Silent);
                return start.elapsed() - beating;
            }
            Update::State(state) => panic!("{state:?}"),
            _ => {}
        }
    }
}

#[tokio::test(start_paused = true)]
async fn is_noticed_after_three_of_the_usual_gaps() {
    let gap = seconds(40);
    for beat in [
        ":\n",
        ": ping\n\n",
        "\n",
        "event: ping\n\n",
        "event: keepalive\ndata: {}\n\n",
        "data: ping\n\n",
        "data: pong\n\n",
        "event: noop\ndata: 1\n\n",
        "data: 心跳\n\n",
    ] {
        assert_eq!(
            patience(beating(beat, gap, 4), 4 * gap).await,
            3 * gap,
            "{beat:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn is_never_noticed_before_45_s() {
    let gap = seconds(5);
    assert_eq!(
        patience(beating(":\n\n", gap, 10), 10 * gap).await,
        seconds(45)
    );
}

#[tokio::test(start_paused = true)]
async fn is_measured_by_the_usual_gap_not_by_an_odd_one() {
    // A greeting, a first heartbeat after a random time, then every minute.
    let greeting = [bytes(":ok\n\n"), Piece::Wait(seconds(3)), bytes(":\n\n")];
    let beats = std::iter::repeat_n([Piece::Wait(MINUTE), bytes(":\n\n")], 5).flatten();
    let answer = stream(greeting.into_iter().chain(beats).chain([Piece::Hold]));
    assert_eq!(patience(answer, seconds(3) + 5 * MINUTE).await, 3 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn between_events_is_no_silence_to_learn_from() {
    // A burst of events, a minute apart, and none after that: nothing to be alarmed at.
    let events = std::iter::repeat_n([Piece::Wait(seconds(1)), bytes("data: x\n\n")], 60);
    let answer = stream(events.flatten().chain([Piece::Hold]));
    let world = World::new([answer, quiet()]);
    let mut stream = world.subscribe();
    for _ in 0..60 {
        next_event(&mut stream).await;
    }
    assert_eq!(within(14 * MINUTE, &mut stream).await, None);
}

#[tokio::test(start_paused = true)]
async fn without_any_heartbeat_leads_to_one_quiet_reconnect_after_15_min() {
    let world = World::new([quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let Update::Opened(_) = next(&mut stream).await else {
        panic!()
    };
    assert_eq!(within(15 * MINUTE - SECOND, &mut stream).await, None);
    // Quiet: no failure is told, and none is counted.
    connecting(&mut stream).await;
    open(&mut stream).await;
    assert_eq!(world.gaps()[0].as_secs(), 15 * 60);
    assert_eq!(world.sockets(), 1);
}

#[tokio::test(start_paused = true)]
async fn where_a_heartbeat_was_due_is_told_but_no_failed_attempt() {
    let world = World::new([beating(":\n", seconds(1), 4), quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let (_, attempt, cause) = waiting(&world, &mut stream).await;
    assert_eq!((attempt, cause), (0, Cause::Silent));
}

#[tokio::test(start_paused = true)]
async fn of_a_server_that_changed_its_habit_is_relearned() {
    let slow = || beating(":\n", 5 * MINUTE, 100);
    let world = World::new([beating(":\n", seconds(10), 10), slow(), slow()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    assert_eq!(waiting(&world, &mut stream).await.2, Cause::Silent);
    open(&mut stream).await;
    let Update::Opened(_) = next(&mut stream).await else {
        panic!()
    };
    assert_eq!(within(60 * MINUTE, &mut stream).await, None);
}

#[tokio::test(start_paused = true)]
async fn that_is_the_apps_own_slowness_is_none() {
    let flood = std::iter::repeat_n(bytes("data: x\n\n"), 500);
    let world = World::new([stream(flood.chain([Piece::Hold]))]);
    let mut stream = world.subscribe();
    tokio::time::sleep(60 * MINUTE).await;
    for _ in 0..500 {
        next_event(&mut stream).await;
    }
    assert_eq!(world.attempts(), 1);
}

/// Whether a timer of the kernel's is running for an idle connection to this port: keepalive.
#[cfg(target_os = "linux")]
fn is_kept_alive(port: u16) -> bool {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let to = format!("0100007F:{port:04X}");
    table.lines().any(|line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        // remote address, state (01: established), timer (02: keepalive)
        fields.len() > 5 && fields[2] == to && fields[3] == "01" && fields[5].starts_with("02:")
    })
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn is_probed_by_tcp_keepalive_always() {
    use crate::fault;
    let server = fault::FaultServer::start(|mut peer| async move {
        peer.stream("data: a\n\n").await;
        peer.closed().await;
    })
    .await;
    let mut stream = fault::subscribe(&server.url());
    fault::next_event(&mut stream).await;
    let probed = async {
        while !is_kept_alive(server.addr.port()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(fault::LIMIT, probed)
        .await
        .expect("TCP keepalive");
}
