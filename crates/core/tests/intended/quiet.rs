//! Quiet hours: what comes meanwhile is shown afterwards. It is 10 o'clock on a Sunday.

use belldot_core::{
    Command,
    input::DesktopEvent,
    settings::{Day, QuietHours},
    source::StreamState,
    toast::ToastId,
};
use belldot_wire::Priority;
use jiff::civil;

use crate::world::{World, cause, todo, todo_with, work};

/// Quiet from 9 to 12: for two more hours.
fn quiet() -> World {
    let mut world = World::open();
    hush(&mut world);
    world
}

fn hush(world: &mut World) {
    let hours = QuietHours {
        enabled: true,
        from: civil::time(9, 0, 0, 0),
        to: civil::time(12, 0, 0, 0),
        ..QuietHours::default()
    };
    world
        .change(|settings| settings.notifications.quiet = hours)
        .unwrap();
}

const NOON: f64 = 7_200.0;

#[test]
fn nothing_pops_up_while_it_is_quiet_and_the_bell_counts_on() {
    let mut world = quiet();
    world.todo("1", "Sign");
    world.say((11..=20).map(|id| todo(&id.to_string(), "B")));
    world.pass(60.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
    let bell = world.bell();
    assert_eq!((bell.unread, bell.mark), (11, None));
}

#[test]
fn what_came_is_one_digest_at_the_end() {
    let mut world = quiet();
    for id in 1..=5 {
        world.todo(&id.to_string(), &format!("To-do {id}"));
        world.pass(600.0);
    }
    assert_eq!(world.new_toasts(), Vec::<String>::new());
    world.pass(NOON);
    assert_eq!(world.new_toasts(), ["5 new to-dos"]);
    world.pass(86_400.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}

#[test]
fn what_was_read_meanwhile_is_not_in_the_digest() {
    let mut world = quiet();
    for id in 1..=3 {
        world.todo(&id.to_string(), &format!("To-do {id}"));
    }
    let todos = vec![world.key("To-do 1")];
    world.command(Command::MarkRead { todos, read: true });
    world.pass(NOON);
    assert_eq!(world.new_toasts(), ["2 new to-dos"]);
}

#[test]
fn when_all_was_read_meanwhile_there_is_no_digest() {
    let mut world = quiet();
    world.todo("1", "Sign");
    world.command(Command::MarkAllRead);
    world.pass(NOON);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}

#[test]
fn an_urgent_one_has_its_toast_at_once_and_only_then() {
    let mut world = quiet();
    world.say([
        todo("1", "Sign"),
        todo_with("2", "Fire", r#","priority":5"#),
    ]);
    assert_eq!(world.new_toasts(), ["Fire"]);
    world.pass(NOON);
    assert_eq!(world.new_toasts(), ["1 new to-do"]);
}

#[test]
fn the_priority_that_breaks_the_quiet_is_the_users_choice() {
    let mut world = quiet();
    world
        .change(|settings| settings.notifications.quiet.except = None)
        .unwrap();
    world.say([todo_with("1", "Fire", r#","priority":5"#)]);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
    world
        .change(|settings| settings.notifications.quiet.except = Some(Priority::nearest(4)))
        .unwrap();
    world.say([todo_with("2", "Smoke", r#","priority":4"#)]);
    assert_eq!(world.new_toasts(), ["Smoke"]);
}

#[test]
fn reminders_wait_too_apart_from_urgent_ones() {
    let mut world = World::open();
    let due = r#","due":"2026-11-22T03:00:00Z""#;
    world.say([
        todo_with("1", "Sign", due),
        todo_with("2", "Fire", &format!(r#"{due},"priority":5"#)),
    ]);
    hush(&mut world);
    world.new_toasts();
    world.pass(3_700.0);
    assert_eq!(world.new_toasts(), ["Due now: Fire"]);
    world.pass(NOON);
    assert_eq!(world.new_toasts(), ["1 new to-do"]);
}

#[test]
fn what_waits_survives_a_kill_and_what_was_shown_is_not_shown_again() {
    let mut world = quiet();
    world.say([
        todo("1", "Sign"),
        todo_with("2", "Fire", r#","priority":5"#),
    ]);
    let mut world = world.killed_and_restarted();
    world.pass(60.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
    let mut world = world.killed_and_restarted();
    world.pass(NOON);
    assert_eq!(world.new_toasts(), ["1 new to-do"]);
}

#[test]
fn quiet_hours_switched_off_end_at_once() {
    let mut world = quiet();
    world.say([todo("1", "A"), todo("2", "B")]);
    world
        .change(|settings| settings.notifications.quiet.enabled = false)
        .unwrap();
    assert_eq!(world.new_toasts(), ["2 new to-dos"]);
}

#[test]
fn quiet_hours_switched_on_begin_at_once() {
    let mut world = World::open();
    world.say((1..=4).map(|id| todo(&id.to_string(), "A")));
    world.new_toasts();
    // These wait for the digest's next frame when it becomes quiet.
    world.say((11..=12).map(|id| todo(&id.to_string(), "B")));
    hush(&mut world);
    world.pass(60.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
    world.pass(NOON);
    assert_eq!(world.new_toasts(), ["2 new to-dos"]);
}

#[test]
fn a_quiet_day_lasts_until_midnight() {
    let mut world = World::open();
    world
        .change(|settings| {
            settings.notifications.quiet = QuietHours {
                enabled: true,
                from: civil::Time::midnight(),
                to: civil::Time::midnight(),
                days: vec![Day::Sunday],
                ..QuietHours::default()
            };
        })
        .unwrap();
    world.todo("1", "Sign");
    world.pass(13.9 * 3_600.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
    world.pass(0.1 * 3_600.0);
    assert_eq!(world.new_toasts(), ["1 new to-do"]);
}

#[test]
fn a_snooze_that_ends_while_it_is_quiet_waits_too() {
    let mut world = World::open();
    let todos = vec![world.todo("1", "Sign")];
    world.command(Command::Snooze {
        todos,
        until: Some(world.now + jiff::SignedDuration::from_mins(10)),
    });
    hush(&mut world);
    world.new_toasts();
    world.pass(3_600.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
    assert_eq!(world.unread(), 1);
    world.pass(NOON);
    assert_eq!(world.new_toasts(), ["1 new to-do"]);
}

#[test]
fn what_is_read_elsewhere_while_it_is_quiet_loses_its_toast_then() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    hush(&mut world);
    world.say([todo_with("1", "Sign", r#","read":true"#)]);
    assert_eq!(world.screen().closed, [ToastId::Todo(key)]);
}

#[test]
fn with_notifications_off_what_comes_in_quiet_hours_is_not_shown_later_either() {
    let mut world = quiet();
    world
        .change(|settings| settings.notifications.enabled = false)
        .unwrap();
    world.todo("1", "Sign");
    world
        .change(|settings| settings.notifications.enabled = true)
        .unwrap();
    world.pass(NOON);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}

#[test]
fn what_belldot_has_to_say_is_in_the_windows_at_once_and_a_toast_afterwards() {
    let mut world = quiet();
    let stopped = StreamState::Stopped {
        cause: cause("sign-in"),
    };
    world.is("work", stopped);
    let said: Vec<_> = world
        .screen()
        .news
        .iter()
        .flat_map(|news| news.notices.clone())
        .collect();
    assert_eq!(said.len(), 1);
    assert_eq!(world.new_notices(), Vec::<String>::new());
    world.pass(NOON);
    assert_eq!(world.new_notices(), said);
}

#[test]
fn what_is_over_when_the_quiet_ends_is_not_told_any_longer() {
    let mut world = quiet();
    world.hint(DesktopEvent::TrayHost(false));
    world.hint(DesktopEvent::TrayHost(true));
    world.pass(NOON);
    assert_eq!(world.new_notices(), Vec::<String>::new());
}

#[test]
fn a_start_in_quiet_hours_is_quiet() {
    let mut world = World::of(vec![work()]);
    world.opens("work");
    world.say([todo("1", "Sign")]);
    hush(&mut world);
    let mut world = world.killed_and_restarted();
    world.say([todo("2", "Pay")]);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}
