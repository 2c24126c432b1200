//! 200 with `text/event-stream`: open.

use belldot_stream::{Cause, State, Update};

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn opens() {
    let world = World::new([quiet()]);
    let mut stream = world.subscribe();
    assert_eq!(next(&mut stream).await, Update::State(State::Connecting));
    assert_eq!(
        next(&mut stream).await,
        Update::State(State::Open { since: world.now() })
    );
}

#[tokio::test(start_paused = true)]
async fn with_parameters_and_in_any_case_opens() {
    for kind in [
        "text/event-stream",
        "Text/Event-Stream; charset=utf-8",
        "text/event-stream;a=\"b,c\"",
    ] {
        let world = World::new([reply(200, [("content-type", kind)], [Piece::Hold])]);
        open(&mut world.subscribe()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn says_what_its_headers_say() {
    let headers = [
        ("content-type", "text/event-stream"),
        ("mercure-last-event-id", "m"),
        ("set-cookie", "a=b"),
    ];
    let world = World::new([reply(200, headers, [Piece::Hold])]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let Update::Opened(headers) = next(&mut stream).await else {
        panic!("no headers")
    };
    assert_eq!(headers["mercure-last-event-id"], "m");
    assert!(!headers.contains_key("set-cookie"));
}

#[tokio::test(start_paused = true)]
async fn that_ends_before_60_s_counts_as_one_more_failure() {
    let world = World::new([lasting(seconds(59))]);
    let mut stream = world.subscribe();
    for failures in 1..=4 {
        open(&mut stream).await;
        assert_eq!(waiting(&world, &mut stream).await.1, failures);
    }
}

#[tokio::test(start_paused = true)]
async fn that_was_healthy_for_60_s_forgets_the_failures_before() {
    let refused = || Answer::Fail(Cause::Refused);
    let world = World::new([refused(), refused(), refused(), lasting(seconds(60))]);
    let mut stream = world.subscribe();
    for failures in 1..=3 {
        assert_eq!(waiting(&world, &mut stream).await.1, failures);
    }
    for _healthy in 0..3 {
        open(&mut stream).await;
        assert_eq!(waiting(&world, &mut stream).await.1, 1);
    }
}
