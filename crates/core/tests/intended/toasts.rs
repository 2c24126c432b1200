//! Toasts: one for a to-do, one digest for many, none twice.

use belldot_core::{
    Command,
    desktop::Page,
    input::DesktopEvent,
    source::StreamState,
    toast::{ToastId, Urgency},
};

use crate::world::{World, cause, plain, todo, todo_with, work};

#[test]
fn a_new_todo_is_a_toast_with_title_sender_and_body() {
    let mut world = World::open();
    world.say([todo_with(
        "1",
        "Sign",
        r#","sender":"Legal","body":"Contract 118""#,
    )]);
    let key = world.key("Sign");
    let toast = world.screen().toasts[0].clone();
    assert_eq!(toast.id, ToastId::Todo(key));
    assert_eq!(
        (toast.title.as_str(), toast.body.as_str()),
        ("Sign", "Legal\nContract 118")
    );
    let actions: Vec<_> = toast
        .actions
        .iter()
        .map(|action| action.label.as_str())
        .collect();
    assert_eq!(
        actions,
        ["Open", "Done", "In 15 minutes", "In an hour", "Tomorrow"]
    );
}

#[test]
fn a_click_on_a_toast_opens_the_todo_and_marks_it_read() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    let click = world.screen().toasts[0].click.clone();
    world.command(click);
    assert_eq!(world.screen().pages, [Page::Todos(Some(key))]);
    assert_eq!(world.unread(), 0);
}

#[test]
fn done_on_a_toast_finishes_the_todo_and_withdraws_the_toast() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    let done = world.screen().toasts[0].actions[1].command.clone();
    world.command(done);
    assert_eq!(world.done_titles(), ["Sign"]);
    assert_eq!(world.screen().closed, [ToastId::Todo(key)]);
}

#[test]
fn a_snooze_on_a_toast_brings_the_todo_back_with_a_toast_so_long_after_the_click() {
    // It is half past ten when the user clicks; tomorrow morning is eight o'clock.
    for (action, wait) in [(2, 900.0), (3, 3_600.0), (4, 21.5 * 3_600.0)] {
        let mut world = World::open();
        world.todo("1", "Sign");
        let snooze = world.screen().toasts[0].actions[action].command.clone();
        world.pass(1_800.0);
        world.command(snooze);
        assert_eq!((world.unread(), world.titles().len()), (0, 0));
        world.new_toasts();
        world.pass(wait - 10.0);
        assert_eq!(world.new_toasts().len(), 0);
        world.pass(10.0);
        assert_eq!(world.new_toasts(), ["Sign"]);
        assert_eq!(world.unread(), 1);
    }
}

#[test]
fn priority_is_urgency() {
    let mut world = World::open();
    for (priority, urgency) in [
        (1, Urgency::Low),
        (2, Urgency::Low),
        (3, Urgency::Normal),
        (4, Urgency::Normal),
        (5, Urgency::Critical),
    ] {
        world.say([todo_with(
            &priority.to_string(),
            "Sign",
            &format!(r#","priority":{priority}"#),
        )]);
        assert_eq!(world.screen().toasts.last().unwrap().urgency, urgency);
        world.pass(5.0);
    }
}

#[test]
fn three_at_once_are_three_toasts() {
    let mut world = World::open();
    world.say([todo("1", "A"), todo("2", "B"), todo("3", "C")]);
    assert_eq!(world.new_toasts(), ["A", "B", "C"]);
}

#[test]
fn more_than_three_at_once_are_one_digest_that_opens_the_page() {
    let mut world = World::open();
    world.say((1..=12).map(|id| todo(&id.to_string(), "Sign")));
    assert_eq!(world.screen().toasts.len(), 1);
    let digest = world.screen().toasts[0].clone();
    assert_eq!(
        (digest.id, digest.title.as_str()),
        (ToastId::Digest, "12 new to-dos")
    );
    world.command(digest.click);
    assert_eq!(world.screen().pages, [Page::Todos(None)]);
}

#[test]
fn more_than_three_within_two_seconds_become_one_digest_in_place_of_their_toasts() {
    let mut world = World::open();
    let mut keys = Vec::new();
    for id in ["1", "2", "3"] {
        keys.push(world.todo(id, id));
        world.pass(0.5);
    }
    assert_eq!(world.new_toasts(), ["1", "2", "3"]);
    world.todo("4", "4");
    assert_eq!(world.new_toasts(), ["4 new to-dos"]);
    assert_eq!(
        world.screen().closed,
        keys.into_iter().map(ToastId::Todo).collect::<Vec<_>>()
    );
}

#[test]
fn todos_with_seconds_between_them_are_toasts_of_their_own() {
    let mut world = World::open();
    for id in 1..=6 {
        world.todo(&id.to_string(), &format!("To-do {id}"));
        world.pass(3.0);
    }
    assert_eq!(world.new_toasts().len(), 6);
}

#[test]
fn a_long_replay_is_one_digest_updated_in_place_and_seldom() {
    let mut world = World::open();
    for batch in 0..100 {
        let ids = batch * 100..batch * 100 + 100;
        world.say(ids.map(|id| todo(&id.to_string(), &format!("To-do {id}"))));
        world.pass(0.05);
    }
    world.pass(5.0);
    assert!(
        world
            .screen()
            .toasts
            .iter()
            .all(|toast| toast.id == ToastId::Digest)
    );
    let said = world.new_toasts();
    assert_eq!(said.last().unwrap(), "10000 new to-dos");
    assert!(said.len() <= 5, "{said:?}");
}

#[test]
fn a_later_burst_adds_to_the_digest_that_is_still_there() {
    let mut world = World::open();
    world.say((1..=5).map(|id| todo(&id.to_string(), "A")));
    world.pass(60.0);
    world.say((11..=14).map(|id| todo(&id.to_string(), "B")));
    assert_eq!(world.new_toasts(), ["5 new to-dos", "9 new to-dos"]);
}

#[test]
fn a_dismissed_digest_is_not_counted_on() {
    let mut world = World::open();
    world.say((1..=5).map(|id| todo(&id.to_string(), "A")));
    world.hint(DesktopEvent::ToastClosed(ToastId::Digest));
    world.pass(60.0);
    world.say((11..=14).map(|id| todo(&id.to_string(), "B")));
    assert_eq!(world.new_toasts(), ["5 new to-dos", "4 new to-dos"]);
}

#[test]
fn a_toast_is_withdrawn_when_its_todo_is_read_here_or_elsewhere() {
    let mut world = World::open();
    let (a, b) = (world.todo("1", "Sign"), world.todo("2", "Pay"));
    world.command(Command::MarkRead {
        todos: vec![a],
        read: true,
    });
    world.say([todo_with("2", "Pay", r#","read":true"#)]);
    assert_eq!(world.screen().closed, [ToastId::Todo(a), ToastId::Todo(b)]);
}

#[test]
fn the_digest_is_withdrawn_when_the_last_of_its_todos_is_read() {
    let mut world = World::open();
    world.say((1..=4).map(|id| todo(&id.to_string(), &format!("To-do {id}"))));
    let todos: Vec<_> = (1..=4)
        .map(|id| world.key(&format!("To-do {id}")))
        .collect();
    world.command(Command::MarkRead {
        todos: todos[..3].to_vec(),
        read: true,
    });
    assert_eq!(world.screen().closed, []);
    world.command(Command::MarkDone {
        todos: todos[3..].to_vec(),
        done: true,
    });
    assert_eq!(world.screen().closed, [ToastId::Digest]);
}

#[test]
fn marking_all_as_read_withdraws_every_toast() {
    let mut world = World::open();
    let a = world.todo("1", "Sign");
    world.pass(5.0);
    world.say((11..=15).map(|id| todo(&id.to_string(), "B")));
    world.command(Command::MarkAllRead);
    let closed = &world.screen().closed;
    assert!(
        closed.contains(&ToastId::Todo(a)) && closed.contains(&ToastId::Digest),
        "{closed:?}"
    );
}

#[test]
fn what_is_read_or_done_on_arrival_gives_no_toast() {
    let mut world = World::open();
    world.say([
        todo_with("1", "Seen", r#","read":true"#),
        todo_with("2", "Done", r#","status":"done""#),
    ]);
    world.say([
        todo("3", "Quick"),
        todo_with("3", "Quick", r#","status":"done""#),
    ]);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}

#[test]
fn an_update_gives_another_toast_only_when_it_is_more_urgent() {
    let mut world = World::open();
    let due = r#","due":"2026-11-25T00:00:00Z""#;
    world.say([todo_with("1", "Sign", due)]);
    world.new_toasts();
    let quiet = [
        format!(r#"{due},"body":"more words""#),
        r#","due":"2026-11-28T00:00:00Z""#.to_owned(),
        String::new(),
        r#","priority":2"#.to_owned(),
    ];
    for more in quiet {
        world.say([todo_with("1", "Sign", &more)]);
        world.pass(5.0);
        assert_eq!(world.new_toasts(), Vec::<String>::new(), "{more}");
    }
    world.say([todo_with("1", "Sign", r#","priority":5"#)]);
    world.pass(5.0);
    world.say([todo_with(
        "1",
        "Sign",
        r#","priority":5,"due":"2026-11-24T00:00:00Z""#,
    )]);
    world.pass(5.0);
    world.say([todo_with(
        "1",
        "Sign today",
        r#","priority":5,"due":"2026-11-24T00:00:00Z""#,
    )]);
    assert_eq!(world.new_toasts(), ["Sign", "Sign", "Sign today"]);
}

#[test]
fn what_the_last_run_committed_and_did_not_announce_is_a_digest_at_the_next_start() {
    let mut world = World::open();
    // The first of these are shown at once, the others wait for the digest's next frame.
    world.say((1..=4).map(|id| todo(&id.to_string(), "A")));
    world.say((11..=16).map(|id| todo(&id.to_string(), "B")));
    assert_eq!(world.new_toasts(), ["4 new to-dos"]);
    let mut world = world.killed_and_restarted();
    assert_eq!(world.new_toasts(), ["6 new to-dos"]);
    let mut world = world.killed_and_restarted();
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}

#[test]
fn with_notifications_off_nothing_pops_up_then_or_later() {
    let mut world = World::open();
    world
        .change(|settings| settings.notifications.enabled = false)
        .unwrap();
    world.todo("1", "Sign");
    world.is(
        "work",
        StreamState::Stopped {
            cause: cause("sign-in"),
        },
    );
    assert_eq!(world.unread(), 1);
    assert_eq!(world.screen().toasts.len(), 0);
    world.pass(5.0);
    world
        .change(|settings| settings.notifications.enabled = true)
        .unwrap();
    let mut world = world.killed_and_restarted();
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}

#[test]
fn in_private_mode_toasts_say_how_many_and_never_what() {
    let mut world = World::open();
    world
        .change(|settings| settings.notifications.private = true)
        .unwrap();
    world.say([todo_with(
        "1",
        "Secret",
        r#","sender":"Legal","body":"Secret""#,
    )]);
    let toast = world.screen().toasts[0].clone();
    assert_eq!(
        (toast.title.as_str(), toast.body.as_str()),
        ("A new to-do", "")
    );
    assert_eq!(toast.actions.len(), 5);
}

#[test]
fn a_todo_that_falls_due_reminds_once_also_without_a_stream() {
    let mut world = World::open();
    world.say([todo_with("1", "Sign", r#","due":"2026-11-22T03:00:00Z""#)]);
    world.waits("work", 86_400);
    world.new_toasts();
    world.pass(3_500.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
    world.pass(200.0);
    assert_eq!(world.new_toasts(), ["Due now: Sign"]);
    let mut world = world.killed_and_restarted();
    world.pass(86_400.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}

#[test]
fn what_fell_due_while_belldot_did_not_run_reminds_at_the_next_start() {
    let mut world = World::open();
    world.say([todo_with("1", "Sign", r#","due":"2026-11-22T03:00:00Z""#)]);
    world.now = "2026-11-22T05:00:00Z".parse().unwrap();
    let mut world = world.killed_and_restarted();
    assert_eq!(world.new_toasts(), ["Due now: Sign"]);
}

#[test]
fn a_todo_that_is_overdue_when_it_arrives_has_one_toast_and_no_reminder() {
    let mut world = World::open();
    world.say([todo_with("1", "Sign", r#","due":"2026-11-20T03:00:00Z""#)]);
    world.pass(60.0);
    assert_eq!(world.new_toasts(), ["Sign"]);
}

#[test]
fn a_todo_with_a_new_due_time_reminds_again() {
    let mut world = World::open();
    world.say([todo_with("1", "Sign", r#","due":"2026-11-22T02:10:00Z""#)]);
    world.pass(700.0);
    world.new_toasts();
    world.say([todo_with("1", "Sign", r#","due":"2026-11-22T02:20:00Z""#)]);
    world.pass(700.0);
    assert_eq!(world.new_toasts(), ["Due now: Sign"]);
}

#[test]
fn what_is_done_does_not_remind() {
    let mut world = World::open();
    world.say([todo_with("1", "Sign", r#","due":"2026-11-22T02:10:00Z""#)]);
    let key = world.key("Sign");
    world.command(Command::MarkDone {
        todos: vec![key],
        done: true,
    });
    world.new_toasts();
    world.pass(3_600.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}

#[test]
fn many_that_fall_due_together_are_one_toast() {
    let mut world = World::open();
    world
        .say((1..=5).map(|id| todo_with(&id.to_string(), "A", r#","due":"2026-11-22T02:10:00Z""#)));
    world.pass(5.0);
    world.new_toasts();
    world.pass(700.0);
    assert_eq!(world.new_toasts(), ["5 to-dos are due"]);
}

#[test]
fn a_wanted_sign_in_is_one_toast_until_it_was_given() {
    let mut world = World::of(vec![work()]);
    let stopped = || StreamState::Stopped {
        cause: cause("sign-in"),
    };
    world.is("work", stopped());
    world.is("work", StreamState::connecting());
    world.is("work", stopped());
    assert_eq!(
        world.new_notices(),
        ["Work wants a sign-in. Open the settings and enter your token."]
    );
    world.opens("work");
    world.is("work", stopped());
    let toast = world.screen().toasts.last().unwrap().clone();
    assert!(matches!(toast.click, Command::OpenSettings));
    assert_eq!(world.new_notices().len(), 1);
}

#[test]
fn text_without_ids_is_a_toast_each_time() {
    let mut world = World::of(vec![plain()]);
    world.event("plain", "message", "Coffee is ready", "");
    world.pass(5.0);
    world.event("plain", "message", "Coffee is ready", "");
    assert_eq!(world.new_toasts(), ["Coffee is ready", "Coffee is ready"]);
}

#[test]
fn a_todo_taken_back_takes_its_toast_with_it() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    world.say([todo_with("1", "Sign", r#","status":"cancelled""#)]);
    assert_eq!(world.screen().closed, [ToastId::Todo(key)]);
}
