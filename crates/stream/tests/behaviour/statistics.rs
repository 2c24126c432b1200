//! What a stream view shows.

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn count_what_happened() {
    let first = "retry: 2000\n: hi\n\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n";
    let beat = [Piece::Wait(seconds(10)), bytes(":\n")];
    let beats = std::iter::repeat_n(beat, 4).flatten();
    let body = [bytes(first)].into_iter().chain(beats).chain([Piece::Hold]);
    let world = World::new([status(500), stream(body)]);
    let mut stream = world.subscribe();
    waiting(&world, &mut stream).await;
    next_event(&mut stream).await;
    next_event(&mut stream).await;
    tokio::time::sleep(MINUTE).await;
    let statistics = stream.handle().statistics();
    assert_eq!((statistics.attempts, statistics.opened), (2, 1));
    assert_eq!((statistics.events, statistics.skipped), (2, 0));
    assert_eq!(statistics.bytes, first.len() as u64 + 8);
    assert_eq!(statistics.heartbeats, 4);
    assert_eq!(statistics.usual_gap, Some(seconds(10)));
    assert_eq!(statistics.retry, Some(seconds(2)));
    assert_eq!(statistics.last_event_id, "2");
    assert_eq!(statistics.last_heard, Some(world.now() - seconds(20)));
}
