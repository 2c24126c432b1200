//! Pause, close, and what was not delivered.

use std::time::Duration;

use belldot_stream::{Cause, StreamState, Update};

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn a_pause_closes_the_socket_until_it_is_ended() {
    let world = World::new([stream([bytes("id: 3\ndata: a\n\n"), Piece::Hold])]);
    let mut stream = world.subscribe();
    next_event(&mut stream).await;
    stream.handle().pause();
    assert_eq!(next_state(&mut stream).await, StreamState::Paused);
    assert_eq!(world.sockets(), 0);
    stream.handle().wake();
    assert_eq!(within(6 * 60 * MINUTE, &mut stream).await, None);
    stream.handle().resume();
    open(&mut stream).await;
    assert_eq!(world.seen()[1].headers["last-event-id"], "3");
}

#[tokio::test(start_paused = true)]
async fn try_again_ends_a_pause() {
    let world = World::new([quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    stream.handle().pause();
    assert_eq!(next_state(&mut stream).await, StreamState::Paused);
    tokio::time::sleep(SECOND).await;
    stream.handle().retry_now();
    open(&mut stream).await;
    let Update::Opened(_) = next(&mut stream).await else {
        panic!()
    };
    assert_eq!(within(MINUTE, &mut stream).await, None);
    assert_eq!(world.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_pause_works_in_every_state() {
    for answer in [
        Answer::Hang,
        Answer::Fail(Cause::Refused),
        status(204),
        status(503),
        quiet(),
    ] {
        let world = World::new([answer]);
        let mut stream = world.subscribe();
        tokio::time::sleep(Duration::from_millis(10)).await;
        stream.handle().pause();
        while next_state(&mut stream).await != StreamState::Paused {}
        assert_eq!(world.sockets(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn close_works_in_every_state_and_with_an_app_that_does_not_read() {
    let flood = stream(std::iter::repeat_n(bytes("data: x\n\n"), 500).chain([Piece::Hold]));
    for answer in [
        Answer::Hang,
        Answer::Fail(Cause::Refused),
        status(204),
        quiet(),
        flood,
    ] {
        let world = World::new([answer]);
        let mut stream = world.subscribe();
        tokio::time::sleep(SECOND).await;
        stream.handle().close().await;
        assert_eq!(world.sockets(), 0);
        while stream.next().await.is_some() {}
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_subscription_closes_the_socket() {
    let world = World::new([quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let handle = stream.handle();
    drop(stream);
    handle.close().await;
    assert_eq!(world.sockets(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_was_not_delivered_is_asked_for_again() {
    let body: String = (1..=500)
        .map(|n| format!("id: {n}\ndata: {n}\n\n"))
        .collect();
    let world = World::new([stream([bytes(&body), Piece::Hold])]);
    let mut stream = world.subscribe();
    tokio::time::sleep(SECOND).await;
    stream.handle().pause();
    let mut last = String::new();
    loop {
        match next(&mut stream).await {
            Update::Event(event) => last = event.id,
            Update::State(StreamState::Paused) => break,
            _ => {}
        }
    }
    assert!(last != "500");
    stream.handle().resume();
    open(&mut stream).await;
    assert_eq!(world.seen()[1].headers["last-event-id"], last.as_str());
}

#[tokio::test(start_paused = true)]
async fn an_event_that_was_not_delivered_never_becomes_the_cursor() {
    let body: String = (1..=500)
        .map(|n| format!("id: {n}\ndata: {n}\n\n"))
        .collect();
    let flood = stream([bytes(&body), Piece::Hold]);
    let world = World::new([flood, stream([bytes(":hi\n\n")]), quiet()]);
    let mut stream = world.subscribe();
    tokio::time::sleep(SECOND).await;
    stream.handle().pause();
    let mut last = String::new();
    loop {
        match next(&mut stream).await {
            Update::Event(event) => last = event.id,
            Update::State(StreamState::Paused) => break,
            _ => {}
        }
    }
    stream.handle().resume();
    open(&mut stream).await;
    waiting(&world, &mut stream).await;
    open(&mut stream).await;
    assert_eq!(world.seen()[2].headers["last-event-id"], last.as_str());
}
