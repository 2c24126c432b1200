//! A disk that is full, and files that are damaged.

use belldot_core::{
    Command, Input,
    controller::Parts,
    desktop::Page,
    inbox::{Inbox, InboxError},
    input::Outcome,
    settings::SettingsFile,
    source::StreamState,
};
use jiff::SignedDuration;

use crate::world::{Asked, World, labels, todo};

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
    let words = belldot_core::i18n::Localizer::new(belldot_core::settings::Language::English);
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

/// More than a full disk takes.
fn fill(world: &mut World) {
    world.controller.inbox().limit_bytes(Some(0)).unwrap();
    let long = "x".repeat(4_000);
    world.say((100..110).map(|id| todo(&id.to_string(), &format!("To-do {id} {long}"))));
    assert_eq!(world.new_notices().len(), 1, "the disk is full");
}

fn make_room(world: &mut World) {
    world.controller.inbox().limit_bytes(None).unwrap();
    world.pass(1.0);
}

#[test]
fn on_a_full_disk_a_change_that_the_server_took_is_not_sent_again() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    world.command(Command::MarkDone {
        todos: vec![key],
        done: true,
    });
    let sent = world.controller.streams().deliveries[0].entry;
    fill(&mut world);
    world.deliver(Outcome::Taken);
    world.pass(60.0);
    assert!(world.controller.streams().deliveries.is_empty());

    make_room(&mut world);
    world.pass(60.0);
    assert!(world.controller.streams().deliveries.is_empty());
    let key = world.key("Sign");
    world.command(Command::MarkDone {
        todos: vec![key],
        done: false,
    });
    let next = world.deliver(Outcome::Taken);
    assert_ne!(next.entry, sent);
}

#[test]
fn on_a_full_disk_a_change_that_waits_for_its_server_goes_on_waiting() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    world.command(Command::MarkDone {
        todos: vec![key],
        done: true,
    });
    world.deliver(Outcome::TryLater { not_before: None });
    fill(&mut world);
    // Its time comes, and must not keep the clock from going on.
    world.pass(3_600.0);
    assert!(world.controller.streams().deliveries.is_empty());
    make_room(&mut world);
    world.deliver(Outcome::Taken);
    world.pass(60.0);
    assert!(world.controller.streams().deliveries.is_empty());
}

#[test]
fn on_a_full_disk_everything_that_a_person_asks_for_is_done() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    fill(&mut world);
    while world.controller.wants_inputs() {
        world.say([todo("200", &"x".repeat(4_000))]);
    }
    world.command(Command::OpenTodo(key));
    world.command(Command::OpenSettings);
    assert_eq!(
        world.screen().pages,
        [Page::Todos(Some(key)), Page::Settings]
    );
    world.asked();
    world.command(Command::Pause { until: None });
    assert_eq!(world.asked(), [Asked::Pause("work".to_owned(), true)]);
    world
        .change(|settings| settings.sources[0].name = "Office".to_owned())
        .unwrap();

    let (done, told) = flume::bounded(1);
    world.say([Input::Asked {
        command: Command::Quit,
        done,
    }]);
    assert!(world.screen().has_quit);
    assert_eq!(told.try_recv(), Ok(()));
    assert!(world.controller.is_over());
}

#[test]
fn what_was_not_committed_is_not_noted_as_announced() {
    let mut world = World::open();
    world.todo("1", "Sign");
    world.controller.inbox().limit_bytes(Some(0)).unwrap();
    let long = "x".repeat(4_000);
    let key = world.key("Sign");
    world.say([
        Input::Command(Command::Snooze {
            todos: vec![key],
            until: None,
        }),
        todo("2", &format!("Pay {long}")),
        todo("3", &format!("Call {long}")),
    ]);
    world.pass(10.0);
    // Ended by a power cut in the moment in which there is room: nothing was shown yet.
    world.controller.inbox().limit_bytes(None).unwrap();
    world.pass(1.0);
    let waiting = world.controller.inbox().unannounced().unwrap();
    assert_eq!(waiting, [], "shown and noted");
    let shown = world.new_toasts();
    assert!(
        shown.iter().any(|title| title.starts_with("Pay")),
        "{shown:?}"
    );
}

#[test]
fn a_source_whose_address_changes_on_a_full_disk_begins_anew_all_the_same() {
    let mut world = World::open();
    world.todo("1", "Sign");
    fill(&mut world);
    world.asked();
    let url = "https://other.example/api/v1/events".parse().unwrap();
    world
        .change(|settings| settings.sources[0].url = url)
        .unwrap();
    assert_eq!(
        world.asked(),
        [
            Asked::Stop("work".to_owned()),
            Asked::Start("work".to_owned(), String::new())
        ]
    );
}

/// The to-dos of the bell's menu cannot be read; everything else can.
fn break_the_menu(world: &World) {
    let path = world.folder.path().join("inbox.db");
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("DROP INDEX todos_latest").unwrap();
}

#[test]
fn a_read_that_fails_does_not_make_a_stream_begin_anew() {
    let mut world = World::open();
    world.say([todo("41", "Sign")]);
    world.asked();
    break_the_menu(&world);
    world
        .change(|settings| settings.sources[0].allow_plain_http = true)
        .unwrap();
    let start = Asked::Start("work".to_owned(), "41".to_owned());
    assert_eq!(world.asked(), [Asked::Stop("work".to_owned()), start]);
}

#[test]
fn a_read_that_fails_leaves_the_number_on_the_bell_and_the_menu_as_it_was() {
    let mut world = World::open();
    world.todo("1", "Sign");
    let before = labels(&world.bell().menu);
    assert!(before.contains(&"Sign".to_owned()), "{before:?}");
    break_the_menu(&world);
    world.say([todo("2", "Pay")]);
    assert_eq!(world.unread(), 2);
    let after = labels(&world.bell().menu);
    assert!(after.contains(&"Sign".to_owned()), "{after:?}");
}

#[test]
fn a_pause_survives_the_inbox_that_is_damaged_meanwhile() {
    let mut world = World::open();
    world.todo("1", "Sign");
    world.command(Command::Pause { until: None });
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
    world.command(Command::MarkAllRead);
    let mut world = world.killed_and_restarted();
    assert_eq!(world.asked(), [], "still paused");
}
