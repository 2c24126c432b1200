//! 403, 404 and other 4xx: said, and tried again slowly; 410 stops.

use belldot_stream::{Cause, StreamState};

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn are_named_and_tried_again_slowly_from_5_min_to_1_h() {
    for code in [400, 402, 403, 404, 405, 421, 426, 451, 499] {
        let world = World::new([status(code)]);
        let mut stream = world.subscribe();
        for (failures, minutes) in [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60)] {
            let (delay, attempt, cause) = waiting(&world, &mut stream).await;
            assert_eq!(cause, Cause::Status(code.try_into().unwrap()));
            assert_eq!(attempt, failures);
            let (least, most) = (MINUTE.mul_f64(0.8), MINUTE.mul_f64(1.2));
            assert!(
                (least * minutes..=most * minutes).contains(&delay),
                "{delay:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn gone_for_good_stop() {
    let world = World::new([status(410)]);
    let mut stream = world.subscribe();
    assert_eq!(
        next_state(&mut stream).await,
        StreamState::Stopped { cause: Cause::Gone }
    );
    assert_eq!(within(6 * 60 * MINUTE, &mut stream).await, None);
}
