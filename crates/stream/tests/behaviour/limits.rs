//! A line or an event over the limit.

use crate::script::*;

#[tokio::test(start_paused = true)]
async fn an_oversized_event_is_skipped_and_counted_and_the_stream_lives() {
    let line = std::iter::repeat_n(bytes(vec![b'x'; 100_000]), 20);
    let body = [bytes("data: a\n\ndata: ")].into_iter().chain(line);
    let body = body.chain([bytes("\n\ndata: b\n\n"), Piece::Hold]);
    let world = World::new([stream(body)]);
    let mut stream = world.subscribe();
    assert_eq!(next_event(&mut stream).await.data, "a");
    assert_eq!(next_event(&mut stream).await.data, "b");
    assert_eq!(
        (world.attempts(), stream.handle().statistics().skipped),
        (1, 1)
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_of_many_lines_over_the_limit_is_skipped_too() {
    let line = format!("data: {}\n", "x".repeat(1000));
    let body = std::iter::repeat_n(bytes(&line), 1100).chain([bytes("\ndata: b\n\n"), Piece::Hold]);
    let world = World::new([stream(body)]);
    let mut stream = world.subscribe();
    assert_eq!(next_event(&mut stream).await.data, "b");
    assert_eq!(stream.handle().statistics().skipped, 1);
}

#[tokio::test(start_paused = true)]
async fn the_largest_event_that_is_allowed_arrives() {
    let data = "x".repeat(1 << 20);
    let world = World::new([stream([bytes(format!("data: {data}\n\n")), Piece::Hold])]);
    assert_eq!(next_event(&mut world.subscribe()).await.data.len(), 1 << 20);
}
