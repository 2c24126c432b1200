//! The stream over a real socket.

use belldot_stream::{Cause, StreamState, Update};

use crate::fault::{
    FaultServer, event, inheriting, next, next_event, next_rest, next_state, subscribe,
};

#[tokio::test]
async fn an_event_stream_opens_and_its_events_arrive() {
    let server = FaultServer::start(|mut peer| async move {
        peer.stream("event: todo\nid: 7\ndata: {}\n\n").await;
        peer.closed().await;
    })
    .await;
    let mut stream = subscribe(&server.url());
    assert!(matches!(
        next_state(&mut stream).await,
        StreamState::Connecting { .. }
    ));
    assert!(matches!(
        next_state(&mut stream).await,
        StreamState::Open { .. }
    ));
    assert!(matches!(next(&mut stream).await, Update::Opened(_)));
    assert_eq!(next_event(&mut stream).await, event("todo", "{}", "7"));
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /events HTTP/1.1");
    assert_eq!(seen.text("accept").unwrap(), "text/event-stream");
    assert_eq!(seen.text("accept-encoding").unwrap(), "identity");
    assert_eq!(seen.text("cache-control").unwrap(), "no-store");
    assert_eq!(seen.text("last-event-id"), None);
}

#[tokio::test]
async fn after_the_end_it_connects_again_with_the_last_event_id() {
    let server = FaultServer::start(|mut peer| async move {
        match peer.number {
            0 => peer.stream("id: a\ndata: 1\n\n").await,
            1 => peer.stream("data: 2\n\n").await,
            _ => {
                peer.stream("data: 3\n\n").await;
                peer.closed().await;
            }
        }
    })
    .await;
    let mut stream = subscribe(&server.url());
    assert_eq!(next_event(&mut stream).await, event("message", "1", "a"));
    assert!(matches!(
        next_rest(&mut stream).await,
        StreamState::Waiting {
            attempt: 0,
            cause: Cause::Ended,
            ..
        }
    ));
    assert_eq!(
        next_event(&mut stream).await,
        inheriting("message", "2", "a")
    );
    assert_eq!(
        next_event(&mut stream).await,
        inheriting("message", "3", "a")
    );
    for seen in &server.seen()[1..] {
        assert_eq!(seen.text("last-event-id").unwrap(), "a");
    }
}
