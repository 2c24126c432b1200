//! A disk that is full, and files that are damaged.

use belldot_core::{
    Command,
    controller::Parts,
    inbox::{Inbox, InboxError},
    settings::SettingsFile,
    source::StreamState,
};
use jiff::SignedDuration;

use crate::world::{Asked, World, todo};

#[test]
fn a_damaged_inbox_is_kept_aside_said_once_and_filled_again_by_the_server() {
    let mut world = World::open();
    world.say([todo("1", "Sign")]);
    let path = world.folder.path().join("inbox.db");
    let (folder, now, settings) = (world.folder.path().to_owned(), world.now, world.settings());
    // Closed in good order, then overwritten with noise.
    let World {
        controller,
        folder: kept,
        ..
    } = world;
    drop(controller);
    std::fs::write(&path, vec![0x5a; 8192]).unwrap();
    let (file, ..) = SettingsFile::load(folder.join("settings.toml"));
    let parts = Parts {
        inbox: Inbox::open(&path).unwrap(),
        file,
        settings,
        policy: belldot_core::Policy::default(),
        wrong_settings: None,
        hidden: true,
        desktop: crate::world::Screen::default(),
        streams: crate::world::Network::default(),
    };
    let mut controller = belldot_core::Controller::new(parts);
    controller.start(now + SignedDuration::from_secs(1));
    assert_eq!(
        controller.streams().asked,
        [Asked::Start("work".to_owned(), String::new())],
        "from the beginning"
    );
    let toasts = &controller.desktop().toasts;
    assert_eq!(toasts.len(), 1);
    assert!(
        toasts[0].body.contains("inbox.db.corrupt-"),
        "{}",
        toasts[0].body
    );
    let kept_aside = controller.inbox().kept_aside().unwrap().to_owned();
    assert_eq!(std::fs::read(kept_aside).unwrap(), vec![0x5a; 8192]);
    controller.handle(vec![todo("1", "Sign")], now + SignedDuration::from_secs(2));
    assert_eq!(controller.inbox().summary().unwrap().unread(), 1);
    drop(kept);
}

#[test]
fn an_inbox_of_a_newer_version_is_refused_by_both_versions_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    drop(Inbox::open(&path).unwrap());
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let error = Inbox::open(&path).unwrap_err();
    assert!(
        matches!(error, InboxError::Newer { found: 99, .. }),
        "{error}"
    );
    let words = belldot_core::words::Words::new(belldot_core::settings::Language::English);
    let said = error.say(&words);
    assert!(
        said.contains("version 99") && said.contains("up to 3"),
        "{said}"
    );
}

#[test]
fn a_second_writer_is_refused_while_the_first_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let first = Inbox::open(&path).unwrap();
    assert!(matches!(Inbox::open(&path), Err(InboxError::InUse { .. })));
    drop(first);
    assert!(Inbox::open(&path).is_ok());
}

#[test]
fn a_full_disk_stops_the_reading_says_so_and_loses_nothing() {
    let mut world = World::open();
    world.todo("1", "Sign");
    world.new_toasts();
    world.controller.inbox().limit_bytes(Some(0)).unwrap();
    world.say((2..=9).map(|id| {
        todo(
            &id.to_string(),
            &format!("To-do {id} {}", "x".repeat(4_000)),
        )
    }));
    let said = world.new_notices();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("The disk is full"), "{said:?}");
    assert_eq!(world.unread(), 1);
    // Said once, however long it lasts; and still there to be commanded.
    world.pass(30.0);
    assert_eq!(world.new_notices().len(), 0);
    world.command(Command::OpenPage);
    assert_eq!(world.screen().pages.len(), 1);

    world.controller.inbox().limit_bytes(None).unwrap();
    world.pass(1.0);
    assert_eq!(world.unread(), 9);
    assert!(world.controller.wants_inputs());
    let said = world.new_notices();
    assert!(said[0].starts_with("There is room"), "{said:?}");
}

#[test]
fn while_the_disk_is_full_only_so_much_is_taken_in() {
    let mut world = World::open();
    world.controller.inbox().limit_bytes(Some(0)).unwrap();
    let mut taken = 0;
    while world.controller.wants_inputs() && taken < 100_000 {
        world.say([todo(
            &taken.to_string(),
            &format!("To-do {}", "x".repeat(4_000)),
        )]);
        taken += 1;
    }
    assert!((100..10_000).contains(&taken), "{taken}");
    world.controller.inbox().limit_bytes(None).unwrap();
    world.pass(2.0);
    assert!(world.controller.wants_inputs());
    assert_eq!(world.unread(), taken);
}

#[test]
fn an_inbox_damaged_while_running_is_replaced_and_the_servers_send_again() {
    let mut world = World::open();
    world.say([todo("1", "Sign"), todo("2", "Pay")]);
    world.new_toasts();
    world.asked();
    let path = world.folder.path().join("inbox.db");
    let other = rusqlite::Connection::open(path).unwrap();
    other
        .execute_batch(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = 'CREATE TABLE outbox nonsense' WHERE name = 'outbox';
             PRAGMA schema_version = 4711;",
        )
        .unwrap();
    drop(other);
    world.say([todo("3", "Call")]);
    assert_eq!(
        world.asked(),
        [Asked::Start("work".to_owned(), String::new())],
        "from the beginning"
    );
    let said = world.new_notices();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("inbox.db.corrupt-"), "{said:?}");
    assert_eq!(world.titles(), ["Call"], "what has just arrived is kept");
    // Still from the stream that was replaced: it must not move the cursor.
    world.say([todo("4", "Late")]);
    world.is("work", StreamState::connecting());
    world.say([todo("1", "Sign"), todo("2", "Pay"), todo("3", "Call")]);
    assert_eq!(world.titles().len(), 3);
}
