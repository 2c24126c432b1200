//! 200 with `text/event-stream`: open.

use belldot_stream::{StreamState, Update};

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn opens() {
    let world = World::new([quiet()]);
    let mut stream = world.subscribe();
    connecting(&mut stream).await;
    assert_eq!(
        next(&mut stream).await,
        Update::State(StreamState::Open {
            since: world.now().try_into().unwrap()
        })
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
