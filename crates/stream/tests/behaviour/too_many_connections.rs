//! `Too many connections`: closes at once, cools down.

use std::time::Duration;

use belldot_stream::{Cause, StreamState, Subscription, Update};

use crate::script::*;

fn full() -> Answer {
    stream([
        bytes("data: Too many connections\n\ndata: more\n\n"),
        Piece::Hold,
    ])
}

async fn cool_down(world: &World, stream: &mut Subscription) -> Duration {
    match next_state(stream).await {
        StreamState::Full { until: Some(until) } => std::time::SystemTime::from(until)
            .duration_since(world.now())
            .unwrap(),
        state => panic!("not full, but {state:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn closes_the_socket_at_once_and_is_no_event() {
    let world = World::new([full()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    assert!(matches!(next(&mut stream).await, Update::Opened(_)));
    assert!(matches!(
        next(&mut stream).await,
        Update::State(StreamState::Full { .. })
    ));
    assert_eq!(world.sockets(), 0);
}

#[tokio::test(start_paused = true)]
async fn is_tried_again_only_after_the_cool_down_of_10_min_more_or_less_by_half() {
    let mut cool_downs = Vec::new();
    for seed in 0..40 {
        let world = World::new([full(), quiet()]);
        let mut config = world.config();
        config.seed = Some(seed);
        let mut stream = Subscription::start(config);
        open(&mut stream).await;
        let planned = cool_down(&world, &mut stream).await;
        assert!((5 * MINUTE..=15 * MINUTE).contains(&planned), "{planned:?}");
        open(&mut stream).await;
        assert!(world.gaps()[0] >= planned);
        cool_downs.push(planned);
    }
    assert!(cool_downs.iter().min().unwrap() < &(7 * MINUTE));
    assert!(cool_downs.iter().max().unwrap() > &(13 * MINUTE));
}

#[tokio::test(start_paused = true)]
async fn is_never_tried_again_by_itself_where_the_setting_is_never() {
    let world = World::new([full()]);
    let mut config = world.config();
    config.policy.cool_down = None;
    let mut stream = Subscription::start(config);
    open(&mut stream).await;
    assert_eq!(
        next_state(&mut stream).await,
        StreamState::Full { until: None }
    );
    stream.handle().wake();
    assert_eq!(within(6 * 60 * MINUTE, &mut stream).await, None);
    assert_eq!(world.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn try_again_works_at_once() {
    let world = World::new([full(), quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    cool_down(&world, &mut stream).await;
    tokio::time::sleep(SECOND).await;
    stream.handle().retry_now();
    assert!(matches!(
        within(SECOND, &mut stream).await,
        Some(Update::State(StreamState::Connecting { .. }))
    ));
    open(&mut stream).await;
}

#[tokio::test(start_paused = true)]
async fn is_understood_in_the_body_of_429_and_503_too() {
    for code in [429, 503] {
        let body = [bytes("{\"error\":\"Too many "), bytes("connections\"}")];
        let world = World::new([reply(code, [], body)]);
        cool_down(&world, &mut world.subscribe()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_read_for_a_bounded_time_and_length() {
    let endless = std::iter::repeat_n(bytes([b'x'; 1000]), 100).chain([Piece::Hold]);
    let world = World::new([reply(503, [], endless), reply(503, [], [Piece::Hold])]);
    let mut stream = world.subscribe();
    for failures in 1..=2 {
        let (_, attempt, cause) = waiting(&world, &mut stream).await;
        assert_eq!((attempt, cause.code()), (failures, "status"));
    }
}

#[tokio::test(start_paused = true)]
async fn may_say_it_in_other_words() {
    let world = World::new([stream([bytes("data: 连接过多\n\n"), Piece::Hold])]);
    let mut config = world.config();
    config.policy.full_text = "连接过多".to_owned();
    let mut stream = Subscription::start(config);
    open(&mut stream).await;
    cool_down(&world, &mut stream).await;
}

#[tokio::test(start_paused = true)]
async fn is_meant_only_by_an_unnamed_event_with_exactly_that_data() {
    let events = "event: todo\ndata: Too many connections\n\n\
                  data: Too many connections!\n\ndata: too many connections\n\n";
    let world = World::new([stream([bytes(events), Piece::Hold])]);
    let mut stream = world.subscribe();
    for data in [
        "Too many connections",
        "Too many connections!",
        "too many connections",
    ] {
        assert_eq!(next_event(&mut stream).await.data, data);
    }
}

#[tokio::test(start_paused = true)]
async fn counts_as_a_failed_attempt() {
    let world = World::new([full(), Answer::Fail(Cause::Refused)]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    cool_down(&world, &mut stream).await;
    assert_eq!(waiting(&world, &mut stream).await.1, 2);
}

#[tokio::test(start_paused = true)]
async fn leaves_the_cursor_where_it_was() {
    let body = bytes("id: 1\ndata: a\n\nid: error\ndata: Too many connections\n\n");
    let world = World::new([stream([body, Piece::Hold]), quiet()]);
    let mut stream = world.subscribe();
    assert_eq!(next_event(&mut stream).await.id, "1");
    cool_down(&world, &mut stream).await;
    open(&mut stream).await;
    assert_eq!(world.seen()[1].headers["last-event-id"], "1");
}

#[tokio::test(start_paused = true)]
async fn a_wake_does_not_cut_the_cool_down_short_unless_it_ended_in_the_sleep() {
    let world = World::new([full(), quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let planned = cool_down(&world, &mut stream).await;
    stream.handle().wake();
    stream.handle().network_changed();
    assert_eq!(within(MINUTE, &mut stream).await, None);
    world.sleep(planned);
    let (delay, _, cause) = waiting(&world, &mut stream).await;
    assert_eq!(cause, Cause::Woke);
    assert!(delay <= 3 * SECOND);
}
