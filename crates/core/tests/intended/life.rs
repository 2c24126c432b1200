//! Start, end, and a clock that jumps.

use belldot_core::{Command, input::Outcome, settings::SettingsFile};
use jiff::SignedDuration;

use crate::world::{Asked, World, plain, todo, todo_with, work};

#[test]
fn quitting_closes_every_stream_and_ends() {
    let mut world = World::of(vec![work(), plain()]);
    world.asked();
    world.say([
        todo("1", "Sign"),
        belldot_core::Input::Command(Command::Quit),
    ]);
    let mut asked = world.asked();
    asked.sort_by_key(|asked| format!("{asked:?}"));
    assert_eq!(
        asked,
        [
            Asked::Stop("plain".to_owned()),
            Asked::Stop("work".to_owned())
        ]
    );
    assert!(world.screen().has_quit && world.controller.is_over());
    let mut world = world.killed_and_restarted();
    assert_eq!(
        world.titles(),
        ["Sign"],
        "what arrived on the way out is kept"
    );
    assert_eq!(
        world.new_toasts(),
        Vec::<String>::new(),
        "and was announced"
    );
}

#[test]
fn wrong_settings_are_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, "[general]\nlanguage = \"klingon\"\n").unwrap();
    let (file, settings, wrong_settings) = SettingsFile::load(&path);
    let mut controller = belldot_core::Controller::new(belldot_core::controller::Parts {
        inbox: belldot_core::inbox::Inbox::in_memory().unwrap(),
        file,
        settings,
        policy: belldot_core::Policy::default(),
        wrong_settings,
        hidden: true,
        desktop: crate::world::Screen::default(),
        streams: crate::world::Network::default(),
    });
    controller.start(crate::world::START.parse().unwrap());
    let said = &controller.desktop().toasts[0].body;
    assert!(
        said.contains("settings.toml") && said.contains('2'),
        "{said}"
    );
}

#[test]
fn a_clock_set_back_by_a_year_holds_nothing_up() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    world.command(Command::MarkDone {
        todos: vec![key],
        done: true,
    });
    world.deliver(Outcome::TryLater { not_before: None });
    world.now -= SignedDuration::from_hours(365 * 24);
    world.todo("2", "Pay");
    world.pass(2.0);
    assert_eq!(
        world.controller.streams().deliveries.len(),
        1,
        "the delivery is tried again"
    );
    assert_eq!(world.unread(), 1, "the bell is drawn");
    assert!(world.new_toasts().contains(&"Pay".to_owned()));
}

#[test]
fn a_clock_set_back_does_not_remind_twice() {
    let mut world = World::open();
    world.say([todo_with("1", "Sign", r#","due":"2026-11-22T02:10:00Z""#)]);
    world.pass(700.0);
    world.new_toasts();
    world.now -= SignedDuration::from_hours(365 * 24);
    world.say([]);
    world.pass(366.0 * 86_400.0);
    assert_eq!(world.new_toasts(), Vec::<String>::new());
}
