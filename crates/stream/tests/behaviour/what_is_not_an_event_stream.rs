//! 200 with another content type, and 511.

use belldot_stream::{Cause, StreamState, Update};

use crate::script::*;

fn page() -> Answer {
    reply(
        200,
        [("content-type", "text/html; charset=utf-8")],
        [bytes("data: <html>\n\n")],
    )
}

#[tokio::test(start_paused = true)]
async fn is_named_never_shown_and_tried_again_after_30_to_60_s() {
    let world = World::new([page()]);
    let mut stream = world.subscribe();
    for failures in 1..=20 {
        let Update::State(StreamState::Connecting { .. }) = next(&mut stream).await else {
            panic!()
        };
        let Update::State(StreamState::Waiting {
            until,
            attempt,
            cause,
        }) = next(&mut stream).await
        else {
            panic!("something was shown")
        };
        assert_eq!(cause, Cause::NotAnEventStream(Some("text/html".to_owned())));
        assert_eq!(attempt, failures);
        let delay = std::time::SystemTime::from(until)
            .duration_since(world.now())
            .unwrap();
        assert!((30 * SECOND..=60 * SECOND).contains(&delay), "{delay:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn is_tried_again_at_once_when_the_network_changes() {
    let world = World::new([page(), quiet()]);
    let mut stream = world.subscribe();
    waiting(&world, &mut stream).await;
    stream.handle().network_changed();
    let (delay, _, cause) = waiting(&world, &mut stream).await;
    assert_eq!(cause, Cause::NetworkChanged);
    assert!(delay <= 3 * SECOND, "{delay:?}");
    open(&mut stream).await;
}

#[tokio::test(start_paused = true)]
async fn may_be_a_network_that_wants_a_sign_in() {
    let world = World::new([status(511)]);
    let (delay, _, cause) = waiting(&world, &mut world.subscribe()).await;
    assert_eq!(cause.code(), "not-an-event-stream");
    assert!((30 * SECOND..=60 * SECOND).contains(&delay), "{delay:?}");
}

#[tokio::test(start_paused = true)]
async fn may_have_no_type_a_similar_type_or_an_encoding_nobody_asked_for() {
    let kind = "content-type";
    let stream = "text/event-stream";
    for answer in [
        reply(200, [], []),
        reply(200, [(kind, "text/event-streams")], []),
        reply(200, [(kind, "event-stream")], []),
        reply(200, [(kind, stream), (kind, "text/plain")], []),
        reply(200, [(kind, stream), ("content-encoding", "gzip")], []),
    ] {
        let world = World::new([answer.clone()]);
        let (_, _, cause) = waiting(&world, &mut world.subscribe()).await;
        assert_eq!(cause.code(), "not-an-event-stream", "{answer:?}");
    }
}
