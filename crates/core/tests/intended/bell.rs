//! The bell: count, mark, words.

use belldot_core::{
    Command,
    bell::Mark,
    source::{Step, StreamState},
};
use jiff::SignedDuration;

use crate::world::{World, cause, event, plain, source, todo, todo_with, work};

#[test]
fn an_outline_when_all_is_read() {
    let mut world = World::open();
    let bell = world.bell();
    assert_eq!(
        (bell.unread, bell.mark, bell.title.as_str()),
        (0, None, "Belldot")
    );
}

#[test]
fn a_number_for_what_is_unread() {
    let mut world = World::open();
    world.say([todo("1", "Sign"), todo("2", "Pay")]);
    let bell = world.bell();
    assert_eq!((bell.unread, bell.title.as_str()), (2, "2 unread to-dos"));
}

#[test]
fn one_unread_todo_is_said_in_the_singular() {
    let mut world = World::open();
    world.todo("1", "Sign");
    assert_eq!(world.bell().title, "1 unread to-do");
}

#[test]
fn a_todo_that_arrives_read_or_done_does_not_count() {
    let mut world = World::open();
    world.say([
        todo_with("1", "Seen", r#","read":true"#),
        todo_with("2", "Done", r#","status":"done""#),
        todo_with("3", "Withdrawn", r#","status":"cancelled""#),
        todo("4", "New"),
    ]);
    assert_eq!(world.unread(), 1);
}

#[test]
fn the_same_event_again_does_not_count_twice() {
    let mut world = World::open();
    world.todo("1", "Sign");
    world.todo("1", "Sign");
    assert_eq!(world.unread(), 1);
}

#[test]
fn reading_and_finishing_take_from_the_count_and_undoing_gives_back() {
    let mut world = World::open();
    let (a, b) = (world.todo("1", "Sign"), world.todo("2", "Pay"));
    world.command(Command::MarkRead {
        todos: vec![a],
        read: true,
    });
    assert_eq!(world.unread(), 1);
    world.command(Command::MarkDone {
        todos: vec![b],
        done: true,
    });
    assert_eq!(world.unread(), 0);
    world.command(Command::MarkDone {
        todos: vec![b],
        done: false,
    });
    world.command(Command::MarkRead {
        todos: vec![a],
        read: false,
    });
    assert_eq!(world.unread(), 2);
}

#[test]
fn mark_all_as_read_leaves_nothing_unread() {
    let mut world = World::of(vec![work(), plain()]);
    world.say([todo("1", "Sign"), event("plain", "message", "Hello", "")]);
    assert_eq!(world.unread(), 2);
    world.command(Command::MarkAllRead);
    assert_eq!(world.unread(), 0);
    assert_eq!(world.titles().len(), 2);
}

#[test]
fn a_todo_read_or_done_elsewhere_no_longer_counts() {
    let mut world = World::open();
    world.say([todo("1", "Sign"), todo("2", "Pay")]);
    world.say([todo_with("1", "Sign", r#","read":true"#)]);
    assert_eq!(world.unread(), 1);
    world.say([todo_with("2", "Pay", r#","status":"done""#)]);
    assert_eq!(world.unread(), 0);
}

#[test]
fn a_server_that_sends_only_a_number_decides_the_count() {
    let mut world = World::of(vec![source("mail", "Mail", "https://mail.example/count")]);
    world.event("mail", "unread", "7", "");
    assert_eq!(world.unread(), 7);
    world.event("mail", "message", r#"{"unread":5}"#, "");
    assert_eq!(world.unread(), 5);
    world.event("mail", "message", "0", "");
    assert_eq!(world.unread(), 0);
}

#[test]
fn a_server_that_sends_todos_is_counted_by_them_and_not_by_its_number() {
    let mut world = World::open();
    world.say([todo("1", "Sign"), event("work", "unread", "9", "2")]);
    assert_eq!(world.unread(), 1);
}

#[test]
fn a_greeting_does_not_hide_the_number_that_follows_it() {
    let mut world = World::of(vec![source("mail", "Mail", "https://mail.example/count")]);
    world.say([
        event("mail", "message", "Good morning", ""),
        event("mail", "message", "5", ""),
    ]);
    assert_eq!(world.unread(), 5);
    world.event("mail", "message", "0", "");
    assert_eq!(world.unread(), 1, "the greeting itself");
}

#[test]
fn the_counts_of_all_sources_add_up() {
    let mut world = World::of(vec![
        work(),
        source("mail", "Mail", "https://mail.example/count"),
    ]);
    world.say([todo("1", "Sign"), event("mail", "unread", "3", "")]);
    assert_eq!(world.unread(), 4);
}

#[test]
fn a_start_does_not_strike_the_bell_before_the_first_attempt_has_failed() {
    let mut world = World::of(vec![work()]);
    assert_eq!(world.bell().mark, None);
    world.waits("work", 60);
    assert_eq!(world.bell().mark, Some(Mark::NotAlive));
}

#[test]
fn a_struck_bell_stays_struck_while_the_next_attempt_is_under_way() {
    let mut world = World::open();
    world.waits("work", 60);
    world.is("work", StreamState::connecting());
    assert_eq!(world.bell().mark, Some(Mark::NotAlive));
    world.opens("work");
    assert_eq!(world.bell().mark, None);
}

/// The server ended a stream, and no attempt has failed.
fn ended(world: &World) -> StreamState {
    StreamState::Waiting {
        until: world.now + SignedDuration::from_secs(2),
        attempt: 0,
        cause: cause("ended"),
    }
}

#[test]
fn a_stream_that_the_server_ended_does_not_strike_the_bell() {
    let mut world = World::open();
    for _ in 0..3 {
        world.is("work", ended(&world));
        assert_eq!(world.bell().mark, None);
        world.is("work", StreamState::connecting());
        assert_eq!(world.bell().mark, None);
        world.opens("work");
    }
    world.is("work", ended(&world));
    world.waits("work", 60);
    assert_eq!(world.bell().mark, Some(Mark::NotAlive));
}

#[test]
fn a_server_that_took_the_request_and_is_silent_is_alive() {
    let mut world = World::open();
    world.waits("work", 60);
    for step in [Step::Name, Step::Connection, Step::Proxy] {
        world.is("work", StreamState::Connecting { step });
        assert_eq!(world.bell().mark, Some(Mark::NotAlive));
    }
    world.is("work", StreamState::Connecting { step: Step::Head });
    assert_eq!(world.bell().mark, None);
    assert_eq!(
        world.bell().tooltip,
        "Belldot\nWork · connected, nothing heard yet"
    );
    // It stays so over a quiet reconnect.
    world.is("work", StreamState::connecting());
    assert_eq!(world.bell().mark, None);
    world.waits("work", 60);
    assert_eq!(world.bell().mark, Some(Mark::NotAlive));
}

#[test]
fn the_unread_count_stays_whatever_the_stream_does() {
    let mut world = World::open();
    world.todo("1", "Sign");
    for state in [
        StreamState::Full { until: None },
        StreamState::Stopped {
            cause: cause("sign-in"),
        },
        StreamState::Stopped {
            cause: cause("gone"),
        },
        StreamState::Paused,
    ] {
        world.is("work", state);
        assert_eq!(world.unread(), 1);
    }
}

#[test]
fn the_gravest_state_of_all_sources_is_the_mark() {
    let mut world = World::of(vec![work(), plain()]);
    world.opens("work");
    world.is("plain", StreamState::Full { until: None });
    assert_eq!(world.bell().mark, Some(Mark::Full));
    world.waits("work", 60);
    assert_eq!(world.bell().mark, Some(Mark::NotAlive));
    world.is(
        "plain",
        StreamState::Stopped {
            cause: cause("sign-in"),
        },
    );
    assert_eq!(world.bell().mark, Some(Mark::SignIn));
}

#[test]
fn the_tooltip_says_every_sources_state_by_the_clock() {
    let mut world = World::of(vec![work(), plain()]);
    world.opens("work");
    world.waits("plain", 42 * 60);
    assert_eq!(
        world.bell().tooltip,
        "Belldot\nWork · connected\nPlain · nothing answers at that address, next try at 10:42"
    );
}

#[test]
fn a_try_on_another_day_is_said_with_its_day() {
    let mut world = World::open();
    let until = "2026-11-23T01:15:00Z".parse().unwrap();
    world.is("work", StreamState::Full { until: Some(until) });
    assert_eq!(
        world.bell().tooltip,
        "Belldot\nWork · the server is full, next try at 09:15 tomorrow"
    );
}

#[test]
fn nothing_is_drawn_when_nothing_changed() {
    let mut world = World::open();
    world.todo("1", "Sign");
    world.waits("work", 3_600);
    world.settle();
    let drawn = world.screen().bells.len();
    world.pass(600.0);
    world.todo("1", "Sign");
    world.settle();
    assert_eq!(world.screen().bells.len(), drawn);
}

#[test]
fn a_flood_redraws_the_bell_a_few_times_and_ends_at_the_right_count() {
    let mut world = World::open();
    let drawn = world.screen().bells.len();
    for batch in 0..100 {
        let ids = batch * 10..batch * 10 + 10;
        world.say(ids.map(|id| todo(&id.to_string(), &format!("To-do {id}"))));
        world.pass(0.01);
    }
    assert_eq!(world.unread(), 1_000);
    assert!(
        world.screen().bells.len() - drawn <= 13,
        "{}",
        world.screen().bells.len()
    );
}
