//! The cursor: sent back byte for byte, as a header or in the query, and set by the app.

use belldot_stream::{Cause, CursorPlacement, Subscription, Update};

use crate::script::*;

fn sent(world: &World, attempt: usize) -> Option<Vec<u8>> {
    world.seen()[attempt]
        .headers
        .get("last-event-id")
        .map(|id| id.as_bytes().to_vec())
}

#[tokio::test(start_paused = true)]
async fn starts_where_the_app_left_off_and_events_bear_it() {
    let world = World::new([stream([bytes("data: a\n\n"), Piece::Hold])]);
    let mut config = world.config();
    config.last_event_id = "ü 7".to_owned();
    let mut stream = Subscription::start(config);
    assert_eq!(next_event(&mut stream).await.id, "ü 7");
    assert_eq!(sent(&world, 0).unwrap(), "ü 7".as_bytes());
}

#[tokio::test(start_paused = true)]
async fn that_no_header_can_carry_leaves_the_one_before() {
    let body = "id: 1\ndata: a\n\nid: a\x01b\ndata: b\n\n";
    let world = World::new([stream([bytes(body)]), quiet()]);
    let mut stream = world.subscribe();
    assert_eq!(next_event(&mut stream).await.id, "1");
    assert_eq!(next_event(&mut stream).await.id, "a\x01b");
    waiting(&world, &mut stream).await;
    open(&mut stream).await;
    assert_eq!(sent(&world, 1).unwrap(), b"1");
}

#[tokio::test(start_paused = true)]
async fn of_more_than_4_kib_leaves_the_one_before() {
    let long = "x".repeat(4 * 1024);
    for (id, expected) in [(long.clone(), long.clone()), (long + "x", "1".to_owned())] {
        let body = format!("id: 1\ndata: a\n\nid: {id}\ndata: b\n\n");
        let world = World::new([stream([bytes(body)]), quiet()]);
        let mut stream = world.subscribe();
        next_event(&mut stream).await;
        assert_eq!(next_event(&mut stream).await.id, id);
        waiting(&world, &mut stream).await;
        open(&mut stream).await;
        assert_eq!(sent(&world, 1).unwrap(), expected.as_bytes());
    }
}

/// Whether the app is told, before the first event, that the stream goes on without its cursor.
async fn is_dropped(stream: &mut Subscription) -> bool {
    let mut dropped = false;
    loop {
        match next(stream).await {
            Update::CursorDropped => dropped = true,
            Update::Event(_) => return dropped,
            _ => {}
        }
    }
}

fn event() -> Answer {
    stream([bytes("data: a\n\n"), Piece::Hold])
}

#[tokio::test(start_paused = true)]
async fn to_start_from_that_no_request_can_carry_is_dropped_and_that_is_told() {
    for cursor in ["a\x01".to_owned(), "x".repeat(5000)] {
        let world = World::new([event()]);
        let mut config = world.config();
        config.last_event_id = cursor;
        let mut stream = Subscription::start(config);
        assert!(is_dropped(&mut stream).await);
        assert_eq!(sent(&world, 0), None);
    }
}

#[tokio::test(start_paused = true)]
async fn that_the_server_does_not_take_is_left_out_at_once_and_that_is_told() {
    for code in [400, 413, 414, 431] {
        for how in [
            CursorPlacement::Header,
            CursorPlacement::Query("since".to_owned()),
        ] {
            let world = World::new([status(code), event()]);
            let mut config = world.config();
            config.last_event_id = "7".to_owned();
            config.cursor = how.clone();
            let mut stream = Subscription::start(config);
            assert!(is_dropped(&mut stream).await);
            let seen = world.seen();
            match how {
                CursorPlacement::Header => {
                    assert_eq!(
                        (sent(&world, 0).unwrap(), sent(&world, 1)),
                        (b"7".into(), None)
                    );
                }
                CursorPlacement::Query(_) => {
                    assert!(seen[0].url.ends_with("?since=7") && seen[1].url.ends_with("/events"));
                }
            }
            assert_eq!(world.gaps(), [SECOND]);
            // It is gone for good.
            stream.handle().retry_now();
            assert!(!is_dropped(&mut stream).await);
            assert_eq!(stream.handle().statistics().last_event_id, "");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn that_was_not_what_the_server_minds_is_kept() {
    let world = World::new([status(400), status(400), event()]);
    let mut config = world.config();
    config.last_event_id = "7".to_owned();
    let mut stream = Subscription::start(config);
    let bad_request = Cause::Status(reqwest::StatusCode::BAD_REQUEST);
    let (delay, attempt, cause) = waiting(&world, &mut stream).await;
    assert_eq!((attempt, cause), (0, bad_request.clone()));
    assert!(delay <= SECOND);
    // An ordinary one of its kind from here on.
    let (delay, attempt, cause) = waiting(&world, &mut stream).await;
    assert_eq!((attempt, cause), (1, bad_request));
    assert!(delay >= 4 * MINUTE, "{delay:?}");
    assert!(!is_dropped(&mut stream).await);
    assert_eq!(
        (sent(&world, 1), sent(&world, 2).unwrap()),
        (None, b"7".into())
    );
}

#[tokio::test(start_paused = true)]
async fn is_not_blamed_where_none_was_sent_or_for_another_answer() {
    for (cursor, code) in [("", 400), ("7", 403), ("7", 404)] {
        let world = World::new([status(code)]);
        let mut config = world.config();
        config.last_event_id = cursor.to_owned();
        let mut stream = Subscription::start(config);
        let (delay, attempt, _) = waiting(&world, &mut stream).await;
        assert_eq!(attempt, 1);
        assert!(delay >= 4 * MINUTE, "{delay:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_an_event_that_was_skipped_is_kept_lest_it_come_again() {
    let big = format!("id: 2\ndata: {}\nid: 3\n\n", "x".repeat(1 << 21));
    let world = World::new([stream([bytes("id: 1\ndata: a\n\n"), bytes(big)]), quiet()]);
    let mut stream = world.subscribe();
    assert_eq!(next_event(&mut stream).await.id, "1");
    waiting(&world, &mut stream).await;
    open(&mut stream).await;
    assert_eq!(sent(&world, 1).unwrap(), b"3");
}

#[tokio::test(start_paused = true)]
async fn may_be_set_by_the_app() {
    let world = World::new([
        stream([bytes("id: error\ndata: a\n\n")]),
        stream([]),
        quiet(),
    ]);
    let mut stream = world.subscribe();
    next_event(&mut stream).await;
    stream.handle().set_cursor("7".to_owned());
    waiting(&world, &mut stream).await;
    assert_eq!(stream.handle().statistics().last_event_id, "error");
    open(&mut stream).await;
    assert_eq!(stream.handle().statistics().last_event_id, "7");
    waiting(&world, &mut stream).await;
    open(&mut stream).await;
    assert_eq!(
        (sent(&world, 1).unwrap(), sent(&world, 2).unwrap()),
        (b"7".into(), b"7".into())
    );
}

async fn queried(url: &str, cursor: &str) -> (String, Option<Vec<u8>>) {
    let world = World::new([stream([bytes("id: x\ndata: a\n\n")]), quiet()]);
    let mut config = world.config();
    config.url = url.parse().unwrap();
    config.cursor = CursorPlacement::Query("since".to_owned());
    let mut stream = Subscription::start(config);
    next_event(&mut stream).await;
    stream.handle().set_cursor(cursor.to_owned());
    waiting(&world, &mut stream).await;
    open(&mut stream).await;
    (world.seen()[1].url.clone(), sent(&world, 1))
}

#[tokio::test(start_paused = true)]
async fn may_go_into_the_query() {
    let base = "http://localhost/t/sse";
    for (before, cursor, after) in [
        ("", "weSj9", "?since=weSj9"),
        ("?since=all", "weSj9", "?since=weSj9"),
        ("?a=b%20c&since=all&d", "weSj9", "?a=b%20c&d&since=weSj9"),
        ("?a=b", "ü &=#", "?a=b&since=%C3%BC+%26%3D%23"),
        ("?since=all", "", "?since=all"),
    ] {
        let (url, header) = queried(&format!("{base}{before}"), cursor).await;
        assert_eq!((url, header), (format!("{base}{after}"), None));
    }
}
