//! 204: stops.

use belldot_stream::{Cause, StreamState};

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn stops_until_somebody_asks() {
    let world = World::new([status(204), quiet()]);
    let mut stream = world.subscribe();
    assert_eq!(
        next_state(&mut stream).await,
        StreamState::Stopped {
            cause: Cause::Closed
        }
    );
    stream.handle().wake();
    stream.handle().network_changed();
    assert_eq!(within(6 * 60 * MINUTE, &mut stream).await, None);
    stream.handle().retry_now();
    open(&mut stream).await;
    assert_eq!(world.attempts(), 2);
}
