//! `retry:` and the delays without it.

use std::time::Duration;

use belldot_stream::{Cause, Subscription};

use crate::script::*;

/// The first delay that follows a healthy stream which said this.
async fn first_delay(said: &str, seed: u64) -> Duration {
    let world = World::new([stream([bytes(said), Piece::Wait(MINUTE)])]);
    let mut config = world.config();
    config.seed = Some(seed);
    let mut stream = Subscription::start(config);
    open(&mut stream).await;
    waiting(&world, &mut stream).await.0
}

async fn range(said: &str) -> (f64, f64) {
    let (mut least, mut most) = (f64::MAX, 0.0_f64);
    for seed in 0..60 {
        let delay = first_delay(said, seed).await.as_secs_f64();
        (least, most) = (least.min(delay), most.max(delay));
    }
    (least, most)
}

#[tokio::test(start_paused = true)]
async fn that_the_server_names_is_kept_within_a_fifth() {
    let (least, most) = range("retry: 60000\n\n").await;
    assert!((48.0..52.0).contains(&least), "{least}");
    assert!((68.0..=72.0).contains(&most), "{most}");
}

#[tokio::test(start_paused = true)]
async fn needs_no_data_with_it_and_no_blank_line_after_it() {
    let (least, most) = range("retry: 60000\n").await;
    assert!(least >= 48.0 && most <= 72.0, "{least} {most}");
}

#[tokio::test(start_paused = true)]
async fn is_never_under_1_s_nor_over_1_h() {
    for said in ["retry: 0\n", "retry: 1\n", "retry: 999\n"] {
        let (least, most) = range(said).await;
        assert!(least >= 0.8 && most <= 1.2, "{said}: {least} {most}");
    }
    for said in ["retry: 3600001\n", "retry: 99999999999999999999\n"] {
        let (least, most) = range(said).await;
        assert!(
            least >= 0.8 * 3600.0 && most <= 1.2 * 3600.0,
            "{said}: {least} {most}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn is_5_s_widely_spread_where_the_server_names_none_or_nonsense() {
    for said in [
        ":\n",
        "retry: 1.5\n",
        "retry: -1\n",
        "retry\n",
        "retry:\n",
        "retry: 1s\n",
    ] {
        let (least, most) = range(said).await;
        assert!(least >= 1.0 && most <= 9.0, "{said}: {least} {most}");
        assert!(least < 2.0 && most > 8.0, "{said}: {least} {most}");
    }
}

#[tokio::test(start_paused = true)]
async fn grows_with_full_jitter_up_to_5_min() {
    let mut longest = Duration::ZERO;
    for seed in 0..20 {
        let world = World::new([Answer::Fail(Cause::Refused)]);
        let mut config = world.config();
        config.seed = Some(seed);
        let mut stream = Subscription::start(config);
        for failures in 1..=12 {
            let (delay, _, _) = waiting(&world, &mut stream).await;
            let window = seconds(5) * 2u32.pow(failures);
            assert!(delay <= window.min(5 * MINUTE), "{failures}: {delay:?}");
            longest = longest.max(delay);
        }
    }
    assert!(longest > 4 * MINUTE, "{longest:?}");
}

#[tokio::test(start_paused = true)]
async fn holds_over_the_connections_that_follow() {
    let names = stream([bytes("retry: 60000\n\n"), Piece::Wait(MINUTE)]);
    let world = World::new([names, lasting(MINUTE)]);
    let mut stream = world.subscribe();
    for _ in 0..5 {
        open(&mut stream).await;
        let (delay, _, _) = waiting(&world, &mut stream).await;
        assert!((48 * SECOND..=72 * SECOND).contains(&delay), "{delay:?}");
    }
}
