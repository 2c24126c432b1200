//! The opening burst of a connection, and its end, in order with the events.

use belldot_stream::{BrokenBy, Cause, Subscription, Update};
use tokio::time::{Instant, sleep};

use crate::script::*;

/// The data of so many events, with `-` for the end of the opening burst.
async fn told(stream: &mut Subscription, count: usize) -> Vec<String> {
    let mut told = Vec::new();
    while told.len() < count {
        match next_of_all(stream).await {
            Update::Event(event) => told.push(event.data),
            Update::Settled => told.push("-".to_owned()),
            _ => {}
        }
    }
    told
}

fn event(data: &str) -> Piece {
    bytes(format!("data: {data}\n\n"))
}

#[tokio::test(start_paused = true)]
async fn ends_when_the_server_has_said_nothing_for_three_seconds() {
    let world = World::new([stream([
        Piece::Wait(2 * SECOND),
        event("a"),
        Piece::Wait(2 * SECOND),
        event("b"),
        Piece::Wait(4 * SECOND),
        event("c"),
        Piece::Hold,
    ])]);
    let mut stream = world.subscribe();
    assert_eq!(told(&mut stream, 4).await, ["a", "b", "-", "c"]);
}

#[tokio::test(start_paused = true)]
async fn ends_on_a_quiet_stream_too_and_comments_do_not_lengthen_it() {
    let comment = || [bytes(": hello\n"), Piece::Wait(SECOND)];
    let comments = (0..9).flat_map(|_| comment()).chain([Piece::Hold]);
    let world = World::new([stream(comments)]);
    let begun = Instant::now();
    let mut stream = world.subscribe();
    assert_eq!(told(&mut stream, 1).await, ["-"]);
    assert_eq!(begun.elapsed(), seconds(3));
}

#[tokio::test(start_paused = true)]
async fn is_not_for_ever_with_a_server_that_always_has_something_to_say() {
    let tick = || [event("tick"), Piece::Wait(SECOND + SECOND / 10)];
    let world = World::new([stream((0..60).flat_map(|_| tick()))]);
    let mut stream = world.subscribe();
    let told = told(&mut stream, 20).await;
    assert_eq!(told.iter().position(|told| told == "-"), Some(10));
}

#[tokio::test(start_paused = true)]
async fn is_as_long_as_a_replay_that_the_app_takes_slowly() {
    let mut pieces: Vec<Piece> = (0..300).map(|_| event("again")).collect();
    pieces.extend([Piece::Wait(4 * SECOND), event("now"), Piece::Hold]);
    let world = World::new([stream(pieces)]);
    let mut stream = world.subscribe();
    for _ in 0..300 {
        assert_eq!(told(&mut stream, 1).await, ["again"]);
        sleep(SECOND).await;
    }
    assert_eq!(told(&mut stream, 2).await, ["-", "now"]);
}

#[tokio::test(start_paused = true)]
async fn is_there_with_each_connection_and_told_once() {
    let broken = || {
        stream([
            event("a"),
            Piece::Wait(MINUTE),
            Piece::Break(Cause::Broken(BrokenBy::Reset)),
        ])
    };
    let world = World::new([broken(), broken(), quiet()]);
    let mut stream = world.subscribe();
    assert_eq!(told(&mut stream, 5).await, ["a", "-", "a", "-", "-"]);
}

#[tokio::test(start_paused = true)]
async fn begins_with_the_request_for_many_servers_send_their_head_with_the_first_event() {
    let late = Answer::After(MINUTE, Box::new(stream([event("now"), Piece::Hold])));
    let soon = Answer::After(SECOND, Box::new(stream([event("again"), Piece::Hold])));
    let mut stream = World::new([late]).subscribe();
    assert_eq!(told(&mut stream, 2).await, ["-", "now"]);
    let mut stream = World::new([soon]).subscribe();
    assert_eq!(told(&mut stream, 2).await, ["again", "-"]);
}
