//! The end of a stream that was open: it goes on at the server's pace, and nothing has failed.

use std::time::Duration;

use belldot_stream::{BrokenBy, Cause, Subscription};

use crate::script::*;

fn broken() -> Cause {
    Cause::Broken(BrokenBy::Reset)
}

/// The delays after so many streams like this one, of none of which an attempt was counted.
async fn delays(answer: Answer, streams: usize, seed: u64) -> Vec<Duration> {
    let world = World::new([answer]);
    let mut config = world.config();
    config.seed = Some(seed);
    let mut stream = Subscription::start(config);
    let mut delays = Vec::new();
    for _ in 0..streams {
        open(&mut stream).await;
        let (delay, attempt, _) = waiting(&world, &mut stream).await;
        assert_eq!(attempt, 0);
        delays.push(delay);
    }
    delays
}

#[tokio::test(start_paused = true)]
async fn of_a_stream_that_said_anything_is_no_failed_attempt() {
    for said in [
        ":\n",
        ": hello\n\n",
        "\n",
        "retry: 3000\n",
        "data: a\n\n",
        "data: a\n",
        "id: 1\n",
        "event:",
        "event: ping\n",
    ] {
        for end in [vec![], vec![Piece::Break(broken())]] {
            let pieces = [bytes(said)].into_iter().chain(end);
            let delays = delays(stream(pieces), 20, 1).await;
            assert!(
                delays.iter().all(|delay| *delay <= 9 * SECOND),
                "{delays:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_stream_that_lived_5_s_is_no_failed_attempt() {
    for end in [vec![], vec![Piece::Break(broken())]] {
        let pieces = [Piece::Wait(seconds(5))].into_iter().chain(end);
        let delays = delays(stream(pieces), 20, 1).await;
        assert!(
            delays.iter().all(|delay| *delay <= 9 * SECOND),
            "{delays:?}"
        );
    }
}

/// A PHP script behind a proxy that buffers: head and end come together when the script ends.
#[tokio::test(start_paused = true)]
async fn of_a_stream_whose_head_was_held_back_for_5_s_is_no_failed_attempt() {
    let held_back = Answer::After(seconds(30), Box::new(stream([])));
    let delays = delays(held_back, 20, 1).await;
    assert!(
        delays.iter().all(|delay| *delay <= 9 * SECOND),
        "{delays:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn keeps_to_the_time_that_the_server_named_for_ever() {
    let short = || stream([bytes("retry: 2000\n\ndata: a\n\n"), Piece::Wait(SECOND)]);
    for seed in 0..5 {
        for delay in delays(short(), 50, seed).await {
            assert!(
                delay.as_secs_f64() >= 1.6 && delay.as_secs_f64() <= 2.4,
                "{delay:?}"
            );
        }
    }
}

/// Which part of five minutes a stream is open whose server ends it each time after so long.
async fn open_for(life: Duration, seed: u64) -> f64 {
    let world = World::new([stream([bytes(":\n\n"), Piece::Wait(life)])]);
    let mut config = world.config();
    config.seed = Some(seed);
    let mut stream = Subscription::start(config);
    let start = tokio::time::Instant::now();
    let mut waited = Duration::ZERO;
    while start.elapsed() < 5 * MINUTE {
        open(&mut stream).await;
        waited += waiting(&world, &mut stream).await.0;
    }
    1.0 - waited.as_secs_f64() / (5 * MINUTE).as_secs_f64()
}

#[tokio::test(start_paused = true)]
async fn by_a_proxys_or_a_scripts_habit_leaves_the_stream_open_for_nine_tenths_of_the_time() {
    for life in [30, 50] {
        for seed in 0..40 {
            let part = open_for(seconds(life), seed).await;
            assert!(part >= 0.9, "{life} s: {part}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn by_habit_of_a_server_that_says_one_thing_at_a_time_is_no_reason_to_hurry() {
    let delays = delays(stream([bytes("data: a\n\n")]), 200, 1).await;
    let mean = delays.iter().sum::<Duration>() / 200;
    assert!(mean > 4 * SECOND && mean < 6 * SECOND, "{mean:?}");
}

#[tokio::test(start_paused = true)]
async fn says_why_it_came() {
    let cut = stream([bytes(":\n"), Piece::Break(broken())]);
    let world = World::new([cut, stream([bytes(":\n")]), quiet()]);
    let mut stream = world.subscribe();
    open(&mut stream).await;
    assert_eq!(waiting(&world, &mut stream).await.2, broken());
    open(&mut stream).await;
    assert_eq!(waiting(&world, &mut stream).await.2, Cause::Ended);
}

#[tokio::test(start_paused = true)]
async fn forgets_the_failed_attempts_before() {
    let refused = || Answer::Fail(Cause::Refused);
    let world = World::new([
        refused(),
        refused(),
        refused(),
        stream([bytes(":\n")]),
        refused(),
    ]);
    let mut stream = world.subscribe();
    for failures in 1..=3 {
        assert_eq!(waiting(&world, &mut stream).await.1, failures);
    }
    open(&mut stream).await;
    assert_eq!(waiting(&world, &mut stream).await.1, 0);
    assert_eq!(waiting(&world, &mut stream).await.1, 1);
}

#[tokio::test(start_paused = true)]
async fn is_the_first_of_the_delays_where_the_server_does_not_come_back() {
    // A million clients that lost their server do not come back within 9 s a second time.
    let mut second = Duration::ZERO;
    for seed in 0..40 {
        let world = World::new([lasting(MINUTE), Answer::Fail(Cause::Refused)]);
        let mut config = world.config();
        config.seed = Some(seed);
        let mut stream = Subscription::start(config);
        open(&mut stream).await;
        assert!(waiting(&world, &mut stream).await.0 <= 9 * SECOND);
        second = second.max(waiting(&world, &mut stream).await.0);
    }
    assert!(second > 15 * SECOND && second <= 20 * SECOND, "{second:?}");
}

#[tokio::test(start_paused = true)]
async fn at_once_and_without_a_word_is_a_failed_attempt_that_grows_gently() {
    for said in ["", "\u{feff}", "Fatal error", "{\"error\": 1}\n"] {
        let mut longest = Duration::ZERO;
        for seed in 0..10 {
            let world = World::new([stream([bytes(said), Piece::Wait(seconds(4))])]);
            let mut config = world.config();
            config.seed = Some(seed);
            let mut stream = Subscription::start(config);
            for failures in 1..=10 {
                open(&mut stream).await;
                let (delay, attempt, cause) = waiting(&world, &mut stream).await;
                assert_eq!((attempt, cause), (failures, Cause::Ended), "{said:?}");
                assert!(delay <= MINUTE, "{delay:?}");
                longest = longest.max(delay);
            }
        }
        assert!(longest > 40 * SECOND, "{longest:?}");
    }
}
