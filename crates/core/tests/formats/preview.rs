//! What the settings show of a server's first events.

use belldot_core::format::{self, Format, Seen};

use crate::wire::events;

#[test]
fn a_preview_says_what_it_decided_and_what_the_events_would_become() {
    let wire = concat!(
        ": hi\n\nevent: ping\ndata: 1\n\n",
        "data: {\"subject\":\"Sign\",\"priority\":5}\n\n",
        "data: {\"subject\":\"Pay\"}\n\n",
        "data: Hello\n\n",
        "event: unread\ndata: 3\n\n",
    );
    let preview = format::preview(&Format::Auto, &events(wire));
    assert_eq!(preview.decided, Seen::Json);
    assert_eq!(preview.unread, Some(3));
    let seen: Vec<_> = preview.rows.iter().map(|row| row.seen).collect();
    assert_eq!(
        seen,
        [
            Seen::Nothing,
            Seen::Json,
            Seen::Json,
            Seen::Text,
            Seen::Count
        ]
    );
    assert_eq!(preview.rows[1].todos[0].title, "Sign");
}

#[test]
fn a_preview_of_nothing_but_heartbeats_decides_nothing() {
    let preview = format::preview(&Format::Auto, &events("data: ping\n\ndata: ping\n\n"));
    assert_eq!((preview.decided, preview.rows.len()), (Seen::Nothing, 2));
}
