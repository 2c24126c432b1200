//! What the user does goes to the server: in order, politely, and never undone by an echo.

use belldot_core::{
    Command,
    input::{Outcome, StreamUpdate},
    source::StreamState,
};
use belldot_wire::{Status, TodoPatch};

use crate::world::{World, event, plain, todo, todo_with};

fn done(world: &mut World, title: &str, done: bool) {
    let key = world.key(title);
    world.command(Command::MarkDone {
        todos: vec![key],
        done,
    });
}

fn status(status: Status) -> TodoPatch {
    TodoPatch {
        status: Some(status),
        read: None,
    }
}

fn refused(status: u16) -> Outcome {
    Outcome::Refused {
        status,
        detail: None,
    }
}

#[test]
fn done_and_read_are_sent_to_a_server_of_ours() {
    let mut world = World::open();
    world.say([todo("a", "Sign"), todo("b", "Pay")]);
    done(&mut world, "Sign", true);
    let first = world.deliver(Outcome::Taken);
    assert_eq!(
        (first.todo.as_str(), first.patch),
        ("a", status(Status::Done))
    );
    let key = world.key("Pay");
    world.command(Command::OpenTodo(key));
    let second = world.deliver(Outcome::Taken);
    assert_eq!(
        second.patch,
        TodoPatch {
            status: None,
            read: Some(true)
        }
    );
}

#[test]
fn what_is_taken_back_before_the_server_told_of_it_is_unread_there_too() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    done(&mut world, "Sign", true);
    world.deliver(Outcome::Taken);
    done(&mut world, "Sign", false);
    world.command(Command::MarkRead {
        todos: vec![key],
        read: false,
    });
    // The server takes what is done as read, and says so only now.
    world.say([todo_with("1", "Sign", r#","status":"done","read":true"#)]);
    assert_eq!(world.deliver(Outcome::Taken).patch, status(Status::Open));
    let unread = TodoPatch {
        status: None,
        read: Some(false),
    };
    assert_eq!(world.deliver(Outcome::Taken).patch, unread);
    world.say([todo_with("1", "Sign", r#","status":"open","read":true"#)]);
    world.say([todo_with("1", "Sign", r#","status":"open","read":false"#)]);
    assert_eq!(world.unread(), 1);
}

#[test]
fn nothing_is_sent_to_any_other_server() {
    let mut world = World::of(vec![plain()]);
    world.opens("plain");
    world.event("plain", "message", "Hello", "1");
    done(&mut world, "Hello", true);
    world.command(Command::MarkAllRead);
    assert!(world.controller.streams().deliveries.is_empty());
}

#[test]
fn one_change_at_a_time_in_the_order_of_the_clicks() {
    let mut world = World::open();
    world.say([todo("a", "Sign"), todo("b", "Pay")]);
    done(&mut world, "Pay", true);
    done(&mut world, "Sign", true);
    done(&mut world, "Pay", false);
    assert_eq!(world.controller.streams().deliveries.len(), 1);
    let sent: Vec<_> = (0..3).map(|_| world.deliver(Outcome::Taken)).collect();
    let sent: Vec<_> = sent
        .iter()
        .map(|sent| (sent.todo.as_str(), sent.patch.status))
        .collect();
    assert_eq!(
        sent,
        [
            ("b", Some(Status::Done)),
            ("a", Some(Status::Done)),
            ("b", Some(Status::Open))
        ]
    );
}

#[test]
fn mark_all_as_read_is_sent_for_each() {
    let mut world = World::open();
    world.say([
        todo("a", "Sign"),
        todo("b", "Pay"),
        todo_with("c", "Seen", r#","read":true"#),
    ]);
    world.command(Command::MarkAllRead);
    let sent: Vec<_> = (0..2).map(|_| world.deliver(Outcome::Taken).todo).collect();
    assert_eq!(sent, ["a", "b"]);
    assert!(world.controller.streams().deliveries.is_empty());
}

#[test]
fn a_restart_sends_what_was_not_taken() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    let mut world = world.killed_and_restarted();
    world.opens("work");
    assert_eq!(world.deliver(Outcome::Taken).patch, status(Status::Done));
}

#[test]
fn a_server_that_does_not_answer_is_asked_again_later_and_later() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    // With the fake's randomness the waits are 1, 1.5, 2.5, 4.5 seconds, and so on.
    for wait in [1.0, 1.5, 2.5, 4.5] {
        world.deliver(Outcome::TryLater { not_before: None });
        world.pass(wait - 0.1);
        assert!(world.controller.streams().deliveries.is_empty());
        world.pass(0.1);
        assert_eq!(world.controller.streams().deliveries.len(), 1);
    }
    for _ in 0..20 {
        world.deliver(Outcome::TryLater { not_before: None });
        world.pass(300.0);
    }
    assert_eq!(world.controller.streams().deliveries.len(), 1);
}

#[test]
fn a_time_that_the_server_names_is_kept() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    let not_before = Some(world.now + jiff::SignedDuration::from_secs(120));
    world.deliver(Outcome::TryLater { not_before });
    world.pass(119.0);
    assert!(world.controller.streams().deliveries.is_empty());
    world.pass(1.0);
    assert_eq!(world.controller.streams().deliveries.len(), 1);
}

#[test]
fn an_opened_stream_is_reason_enough_to_deliver_at_once() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    for _ in 0..9 {
        world.deliver(Outcome::TryLater { not_before: None });
        world.pass(300.0);
    }
    world.deliver(Outcome::TryLater { not_before: None });
    world.opens("work");
    assert_eq!(world.controller.streams().deliveries.len(), 1);
}

#[test]
fn a_delivery_that_fell_due_during_a_pause_waits_for_its_end() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.deliver(Outcome::TryLater { not_before: None });
    world.command(Command::Pause { until: None });
    // Time that passes is no reason to wake up again and again.
    world.pass(60.0);
    assert!(world.controller.streams().deliveries.is_empty());
    world.command(Command::Resume);
    assert_eq!(world.controller.streams().deliveries.len(), 1);
}

#[test]
fn while_paused_nothing_is_sent() {
    let mut world = World::open();
    world.todo("a", "Sign");
    world.command(Command::Pause { until: None });
    done(&mut world, "Sign", true);
    assert!(world.controller.streams().deliveries.is_empty());
    world.command(Command::Resume);
    assert_eq!(world.controller.streams().deliveries.len(), 1);
}

#[test]
fn unknown_at_the_server_is_said_and_what_the_user_did_stays() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.new_toasts();
    world.deliver(refused(404));
    assert_eq!(
        world.new_notices(),
        ["Work no longer knows “Sign”; your change stays here only."]
    );
    assert_eq!(world.done_titles(), ["Sign"]);
    assert!(world.controller.streams().deliveries.is_empty());
}

#[test]
fn a_conflict_is_said_and_the_servers_state_wins() {
    for code in [409, 412] {
        let mut world = World::open();
        world.todo("a", "Sign");
        world.say([todo_with("a", "Sign", r#","status":"open""#)]);
        done(&mut world, "Sign", true);
        assert_eq!(world.titles().len(), 0);
        world.new_toasts();
        world.deliver(refused(code));
        assert_eq!(
            world.new_notices(),
            ["“Sign” was changed at Work meanwhile; what the server says is shown."]
        );
        assert_eq!(world.titles(), ["Sign"]);
    }
}

#[test]
fn another_refusal_names_what_the_server_said() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.new_toasts();
    world.deliver(Outcome::Refused {
        status: 422,
        detail: Some("Read-only list".to_owned()),
    });
    assert_eq!(
        world.new_notices(),
        [
            "Work did not take your change to “Sign” (422: Read-only list); what the server says is shown."
        ]
    );
}

#[test]
fn a_wanted_sign_in_is_said_and_the_changes_wait_for_it() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.new_toasts();
    world.deliver(refused(401));
    assert_eq!(world.new_notices().len(), 1);
    world.pass(3_600.0);
    assert!(world.controller.streams().deliveries.is_empty());
    world.opens("work");
    assert_eq!(world.deliver(Outcome::Taken).patch, status(Status::Done));
}

#[test]
fn the_servers_older_state_does_not_undo_what_is_still_on_its_way() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.say([todo_with("a", "Sign here", r#","status":"open""#)]);
    assert_eq!(world.done_titles(), ["Sign here"]);
    assert_eq!(world.unread(), 0);
}

#[test]
fn an_older_state_that_arrives_after_the_answer_does_not_flicker() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.deliver(Outcome::Taken);
    world.say([todo_with("a", "Sign", r#","status":"open""#)]);
    assert_eq!(world.done_titles(), ["Sign"]);
    world.say([todo_with("a", "Sign", r#","status":"done""#)]);
    assert_eq!(world.done_titles(), ["Sign"]);
}

#[test]
fn after_the_echo_the_server_decides_again() {
    let echo = || todo_with("a", "Sign", r#","status":"done""#);
    let undone = || todo_with("a", "Sign", r#","status":"open""#);
    // The echo after the answer, and before it.
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.deliver(Outcome::Taken);
    world.say([echo()]);
    world.say([undone()]);
    assert_eq!(world.titles(), ["Sign"]);

    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.say([echo()]);
    world.deliver(Outcome::Taken);
    world.say([undone()]);
    assert_eq!(world.titles(), ["Sign"]);
}

#[test]
fn without_an_echo_the_servers_word_counts_after_half_a_minute() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.deliver(Outcome::Taken);
    world.say([todo_with("a", "Sign", r#","status":"open""#)]);
    world.pass(29.0);
    assert_eq!(world.done_titles(), ["Sign"]);
    world.pass(2.0);
    assert_eq!(world.titles(), ["Sign"]);
}

#[test]
fn an_answer_without_any_echo_changes_nothing() {
    let mut world = World::open();
    world.todo("a", "Sign");
    done(&mut world, "Sign", true);
    world.deliver(Outcome::Taken);
    world.pass(120.0);
    assert_eq!(world.done_titles(), ["Sign"]);
}

#[test]
fn the_field_that_the_user_left_alone_follows_the_server() {
    let mut world = World::open();
    world.todo("a", "Sign");
    let key = world.key("Sign");
    world.command(Command::MarkRead {
        todos: vec![key],
        read: true,
    });
    world.say([todo_with("a", "Sign", r#","status":"done","read":false"#)]);
    assert_eq!(world.done_titles(), ["Sign"]);
}

#[test]
fn what_was_done_elsewhere_while_offline_is_done_here_too() {
    let mut world = World::open();
    world.say([todo("a", "Sign"), todo("b", "Pay")]);
    world.waits("work", 60);
    done(&mut world, "Sign", true);
    let open = world.now;
    world.say([
        crate::world::input(
            "work",
            StreamUpdate::State(StreamState::Open { since: open }),
        ),
        todo_with("b", "Pay", r#","status":"done""#),
        event("work", "ping", "", "9"),
    ]);
    assert_eq!(world.titles(), Vec::<String>::new());
}
