//! 408, 425, 429, 5xx: tried again; Retry-After is a floor.

use belldot_stream::{Cause, Subscription};

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn of_the_server_are_tried_again() {
    for code in [408, 425, 429, 500, 501, 502, 503, 504, 507, 599] {
        let world = World::new([status(code), quiet()]);
        let mut stream = world.subscribe();
        let (delay, attempt, cause) = waiting(&world, &mut stream).await;
        assert_eq!(
            (attempt, cause),
            (1, Cause::Status(code.try_into().unwrap()))
        );
        assert!((SECOND..=9 * SECOND).contains(&delay), "{delay:?}");
        open(&mut stream).await;
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_in_seconds_is_a_floor_plus_jitter() {
    let mut delays = Vec::new();
    for seed in 0..40 {
        let world = World::new([reply(503, [("retry-after", "100")], [])]);
        let mut config = world.config();
        config.seed = Some(seed);
        let (delay, _, _) = waiting(&world, &mut Subscription::start(config)).await;
        assert!((100 * SECOND..=120 * SECOND).contains(&delay), "{delay:?}");
        delays.push(delay);
    }
    assert!(*delays.iter().max().unwrap() > *delays.iter().min().unwrap() + 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn retry_after_as_a_date_is_a_floor_too() {
    let world = World::new([quiet()]);
    let date = httpdate::fmt_http_date(world.now() + 200 * SECOND);
    let world = World::new([reply(429, [("retry-after", &date)], [])]);
    let (delay, _, _) = waiting(&world, &mut world.subscribe()).await;
    assert!((199 * SECOND..=240 * SECOND).contains(&delay), "{delay:?}");
}

#[tokio::test(start_paused = true)]
async fn retry_after_that_is_past_or_makes_no_sense_changes_nothing() {
    for value in ["0", "-5", "soon", "", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        let world = World::new([reply(503, [("retry-after", value)], [])]);
        let (delay, _, _) = waiting(&world, &mut world.subscribe()).await;
        assert!((SECOND..=9 * SECOND).contains(&delay), "{value}: {delay:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_believed_up_to_a_day() {
    let world = World::new([reply(503, [("retry-after", "99999999999999999999999")], [])]);
    let (delay, _, _) = waiting(&world, &mut world.subscribe()).await;
    assert!(
        (24 * 60 * MINUTE..=29 * 60 * MINUTE).contains(&delay),
        "{delay:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn retry_after_holds_against_hints_but_not_against_a_person() {
    let world = World::new([reply(503, [("retry-after", "600")], []), quiet()]);
    let mut stream = world.subscribe();
    waiting(&world, &mut stream).await;
    tokio::time::sleep(SECOND).await;
    stream.handle().network_changed();
    let (delay, _, _) = waiting(&world, &mut stream).await;
    assert!(delay > 590 * SECOND, "{delay:?}");
    stream.handle().retry_now();
    open(&mut stream).await;
}
