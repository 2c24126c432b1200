//! Wake from sleep, and network change.

use std::time::Duration;

use belldot_stream::{Cause, StreamState, Subscription, Update};

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn reconnect_an_open_stream_within_3_s_and_keep_the_cursor() {
    let mut delays = Vec::new();
    for seed in 0..40 {
        let world = World::new([stream([bytes("id: 5\ndata: a\n\n"), Piece::Hold])]);
        let mut config = world.config();
        config.seed = Some(seed);
        let mut stream = Subscription::start(config);
        next_event(&mut stream).await;
        tokio::time::sleep(MINUTE).await;
        stream.handle().wake();
        let (delay, attempt, cause) = waiting(&world, &mut stream).await;
        assert_eq!((attempt, cause, world.sockets()), (0, Cause::Woke, 0));
        delays.push(delay);
        next_event(&mut stream).await;
        assert_eq!(world.seen()[1].headers["last-event-id"], "5");
    }
    assert!(delays.iter().all(|delay| *delay <= 3 * SECOND));
    assert!(delays.iter().max().unwrap() > &(2 * SECOND));
    assert!(delays.iter().min().unwrap() < &SECOND);
}

#[tokio::test(start_paused = true)]
async fn are_noticed_by_a_wall_clock_that_jumped() {
    let world = World::new([quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let Update::Opened(_) = next(&mut stream).await else {
        panic!()
    };
    tokio::time::sleep(MINUTE).await;
    world.sleep(60 * MINUTE);
    let (delay, _, cause) = waiting(&world, &mut stream).await;
    assert_eq!(cause, Cause::Woke);
    assert!(delay <= 3 * SECOND);
    open(&mut stream).await;
    assert!(world.gaps()[0] <= MINUTE + 8 * SECOND, "{:?}", world.gaps());
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_or_a_little_forward_is_no_wake() {
    let world = World::new([quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let Update::Opened(_) = next(&mut stream).await else {
        panic!()
    };
    world.set_back(365 * 24 * 60 * MINUTE);
    assert_eq!(within(MINUTE, &mut stream).await, None);
    world.sleep(seconds(4));
    assert_eq!(within(MINUTE, &mut stream).await, None);
}

#[tokio::test(start_paused = true)]
async fn cut_a_long_wait_short() {
    let world = World::new([status(404), quiet()]);
    let mut stream = world.subscribe();
    waiting(&world, &mut stream).await;
    world.sleep(60 * MINUTE);
    let (delay, _, cause) = waiting(&world, &mut stream).await;
    assert_eq!(cause, Cause::Woke);
    assert!(delay <= 3 * SECOND);
    open(&mut stream).await;
}

#[tokio::test(start_paused = true)]
async fn never_put_a_planned_attempt_off() {
    let world = World::new([stream([bytes("retry: 1000\n\n")]), quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let (planned, _, _) = waiting(&world, &mut stream).await;
    let end = tokio::time::Instant::now() + planned;
    for _ in 0..10 {
        stream.handle().network_changed();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    while !matches!(next_state(&mut stream).await, StreamState::Open { .. }) {}
    assert!(world.seen()[1].at <= end + Duration::from_millis(5));
}

#[tokio::test(start_paused = true)]
async fn give_up_an_attempt_that_hangs_in_the_old_network() {
    let world = World::new([Answer::Hang, quiet()]);
    let mut stream = world.subscribe();
    tokio::time::sleep(5 * SECOND).await;
    stream.handle().network_changed();
    assert_eq!(waiting(&world, &mut stream).await.2, Cause::NetworkChanged);
    open(&mut stream).await;
    assert!(world.gaps()[0] <= 8 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn told_twice_reconnect_once() {
    let world = World::new([quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    let Update::Opened(_) = next(&mut stream).await else {
        panic!()
    };
    tokio::time::sleep(MINUTE).await;
    world.sleep(60 * MINUTE);
    // logind is first; the clock would tell the same some seconds later.
    stream.handle().wake();
    open_after_wake(&world, &mut stream).await;
    assert_eq!(within(14 * MINUTE, &mut stream).await, None);
    assert_eq!(world.attempts(), 2);
}

async fn open_after_wake(world: &World, stream: &mut Subscription) {
    waiting(world, stream).await;
    open(stream).await;
    let Update::Opened(_) = next(stream).await else {
        panic!()
    };
}
