//! Which streams run, and from where.

use belldot_core::{
    Command,
    format::Format,
    input::{DesktopEvent, StreamUpdate},
    page::Query,
    source::{Cause, Source, SourceId, StreamState},
};

use crate::world::{Asked, World, cause, event, input, plain, source, todo, work};

fn start(source: &str, cursor: &str) -> Asked {
    Asked::Start(source.to_owned(), cursor.to_owned())
}

#[test]
fn every_source_starts_from_the_beginning_at_first() {
    let mut world = World::of(vec![work(), plain()]);
    assert_eq!(world.asked(), [start("work", ""), start("plain", "")]);
}

#[test]
fn after_a_restart_a_source_starts_where_the_last_commit_left_it() {
    let mut world = World::open();
    world.say([todo("41", "Sign"), todo("42", "Pay")]);
    let mut world = world.killed_and_restarted();
    assert_eq!(world.asked(), [start("work", "42")]);
    assert_eq!(world.unread(), 2);
}

#[test]
fn the_cursor_moves_with_events_that_change_nothing() {
    let mut world = World::open();
    world.event("work", "ping", "", "77");
    let mut world = world.killed_and_restarted();
    assert_eq!(world.asked(), [start("work", "77")]);
}

#[test]
fn the_cursor_stays_where_no_request_can_carry_the_next_one() {
    let mut world = World::open();
    world.event("work", "ping", "", "77");
    for id in ["7\u{1}8".to_owned(), "x".repeat(5000)] {
        world.event("work", "ping", "", &id);
        world = world.killed_and_restarted();
        assert_eq!(world.asked(), [start("work", "77")]);
    }
}

#[test]
fn a_paused_source_does_not_start_and_the_others_do() {
    let mut paused = plain();
    paused.paused = true;
    let mut world = World::of(vec![work(), paused]);
    assert_eq!(world.asked(), [start("work", "")]);
}

#[test]
fn what_a_stopped_stream_still_had_to_say_is_ignored() {
    let mut world = World::open();
    world.change(|settings| settings.sources.clear()).unwrap();
    world.say([todo("1", "Late")]);
    assert_eq!(world.unread(), 0);
}

#[test]
fn an_event_that_is_not_understood_is_counted_and_said_and_the_stream_goes_on() {
    let mut world = World::of(vec![Source {
        format: Format::Todo,
        ..work()
    }]);
    for _ in 0..10 {
        world.event("work", "todo", "{broken", "");
    }
    world.todo("1", "Sign");
    assert_eq!(
        world.new_notices(),
        [
            "An event of Work could not be understood. Check its format in the settings.",
            "10 events of Work could not be understood. Check its format in the settings.",
        ]
    );
    assert_eq!(world.titles(), ["Sign"]);
}

#[test]
fn the_page_is_told_how_many_events_were_not_understood_and_what_they_look_like() {
    let mut world = World::of(vec![Source {
        format: Format::Todo,
        ..work()
    }]);
    for n in 0..3 {
        world.event("work", "todo", &format!(r#"{{"k1":"A-{n}"}}"#), "");
    }
    world.event("work", "todo", "{broken", "");
    world.pass(1.0);
    let news = world.screen().news.last().unwrap();
    let missed = news.sources[0].not_understood.as_ref().unwrap();
    assert_eq!(missed.count, 4);
    let latest: Vec<_> = missed
        .latest
        .iter()
        .map(|event| (event.kind.as_str(), event.words.as_str()))
        .collect();
    assert_eq!(latest, [("todo", r#"{"k1":"A-2"}"#), ("todo", "{broken")]);
}

#[test]
fn messages_without_ids_may_be_missing_after_a_gap_and_the_page_says_since_when() {
    let mut world = World::of(vec![plain()]);
    world.opens("plain");
    world.event("plain", "message", "Hello", "");
    world.pass(60.0);
    let lost = world.now;
    world.waits("plain", 5);
    world.pass(5.0);
    world.opens("plain");
    let news = world.screen().news.last().unwrap().clone();
    assert_eq!(news.sources[0].missing_since, Some(lost));
    // A later gap does not make the first one good.
    world.waits("plain", 5);
    world.opens("plain");
    assert_eq!(
        world.screen().news.last().unwrap().sources[0].missing_since,
        Some(lost)
    );
    world.command(Command::Acknowledge(plain().id));
    world.settle();
    assert_eq!(
        world.screen().news.last().unwrap().sources[0].missing_since,
        None
    );
}

#[test]
fn messages_without_ids_may_be_missing_after_a_restart() {
    let mut world = World::of(vec![plain()]);
    world.opens("plain");
    world.event("plain", "message", "Hello", "");
    let heard = world.now;
    world.pass(60.0);
    let mut world = world.killed_and_restarted();
    world.opens("plain");
    assert_eq!(
        world.screen().news.last().unwrap().sources[0].missing_since,
        Some(heard)
    );
}

#[test]
fn events_may_be_missing_where_a_server_did_not_take_the_cursor() {
    let mut world = World::open();
    world.say([todo("41", "Sign")]);
    world.pass(60.0);
    let lost = world.now;
    world.waits("work", 5);
    world.pass(5.0);
    world.opens("work");
    let missing = |world: &mut World| world.screen().news.last().unwrap().sources[0].missing_since;
    assert_eq!(missing(&mut world), None, "it replays");
    world.say([input("work", StreamUpdate::CursorDropped)]);
    world.settle();
    assert_eq!(missing(&mut world), Some(lost));
}

#[test]
fn a_server_that_replays_or_only_counts_leaves_no_gap() {
    let mut world = World::of(vec![
        work(),
        source("mail", "Mail", "https://mail.example/count"),
    ]);
    for source in ["work", "mail"] {
        world.opens(source);
    }
    world.say([todo("1", "Sign"), event("mail", "unread", "3", "")]);
    for source in ["work", "mail"] {
        world.waits(source, 5);
        world.opens(source);
    }
    let news = world.screen().news.last().unwrap().clone();
    assert!(
        news.sources
            .iter()
            .all(|source| source.missing_since.is_none()),
        "{news:?}"
    );
}

#[test]
fn trying_again_is_asked_of_the_stream() {
    let mut world = World::open();
    world.is("work", StreamState::Full { until: None });
    world.asked();
    world.command(Command::TryAgain(work().id));
    assert_eq!(world.asked(), [Asked::TryAgain("work".to_owned())]);
}

#[test]
fn ntfy_goes_on_after_the_last_message_by_its_address() {
    let ntfy = Source {
        format: Format::Ntfy,
        ..source("ntfy", "ntfy", "https://ntfy.example/t/sse")
    };
    let addresses = |world: &mut World| std::mem::take(&mut world.controller.streams().addresses);
    let message = |id: &str| {
        format!(r#"{{"id":"{id}","time":1,"event":"message","topic":"t","message":"{id}"}}"#)
    };
    let mut world = World::of(vec![ntfy]);
    assert_eq!(
        addresses(&mut world),
        ["https://ntfy.example/t/sse?since=all"]
    );
    world.opens("ntfy");
    world.say([
        event("ntfy", "message", &message("m1"), ""),
        event("ntfy", "message", &message("m2"), ""),
    ]);
    assert_eq!(
        addresses(&mut world),
        ["https://ntfy.example/t/sse?since=m2"]
    );
    // The connection is lost; the server sends one of them again, and one more.
    world.waits("ntfy", 5);
    world.opens("ntfy");
    world.say([
        event("ntfy", "message", &message("m2"), ""),
        event("ntfy", "message", &message("m3"), ""),
    ]);
    assert_eq!(world.unread(), 3);
    assert_eq!(
        addresses(&mut world),
        ["https://ntfy.example/t/sse?since=m3"]
    );
    let news = world.screen().news.last().unwrap().clone();
    assert_eq!(news.sources[0].missing_since, None, "it can send again");
    let mut world = world.killed_and_restarted();
    assert_eq!(
        addresses(&mut world),
        ["https://ntfy.example/t/sse?since=m3"]
    );
}

#[test]
fn a_hub_that_lost_its_history_leaves_a_gap_and_one_that_did_not_leaves_none() {
    for (after, missing) in [
        ("urn:uuid:7", false),
        ("earliest", true),
        ("urn:uuid:9", true),
    ] {
        let hub = Source {
            format: Format::Mercure,
            ..source(
                "hub",
                "Hub",
                "https://hub.example/.well-known/mercure?topic=a",
            )
        };
        let mut world = World::of(vec![hub]);
        world.opens("hub");
        world.event("hub", "message", r#"{"title":"Sign"}"#, "urn:uuid:7");
        world.pass(60.0);
        let lost = world.now;
        world.waits("hub", 5);
        world.pass(5.0);
        world.opens("hub");
        let after = after.to_owned();
        world.say([input("hub", StreamUpdate::Resumed { after })]);
        world.settle();
        let since = world.screen().news.last().unwrap().sources[0].missing_since;
        assert_eq!(since, missing.then_some(lost));
    }
}

#[test]
fn what_a_server_says_of_its_stream_is_told_once_until_it_opens_again() {
    let mut world = World::open();
    let said = r#"{"condition":"forbidden","text":"Permission denied"}"#;
    world.say([todo("7", "Sign")]);
    world.new_toasts();
    world.event("work", "stream-error", said, "error");
    world.event("work", "stream-error", said, "error");
    assert_eq!(world.new_notices(), ["Work says: Permission denied"]);
    world.opens("work");
    world.event("work", "stream-error", said, "error");
    assert_eq!(world.new_notices().len(), 1);
    let mut world = world.killed_and_restarted();
    assert_eq!(
        world.asked(),
        [start("work", "7")],
        "`error` is no place to go on from"
    );
}

#[test]
fn a_farewell_that_means_not_signed_in_is_said_once_until_there_are_todos_again() {
    let mut world = World::open();
    let says = "Work wants a sign-in. Open the settings and enter your token.";
    world.event("work", "close", "unauthorized", "");
    assert_eq!(world.new_notices(), [says]);
    // The server opens each time only to say so.
    world.opens("work");
    world.event("work", "close", "token expired", "");
    assert_eq!(world.new_notices(), Vec::<String>::new());
    world.todo("1", "Sign");
    world.event("work", "close", "unauthorized", "");
    assert_eq!(world.new_notices(), [says]);
    assert_eq!(world.titles(), ["Sign"]);
}

#[test]
fn text_that_is_not_utf_8_is_said_once_and_shown_as_far_as_it_goes() {
    let mut world = World::open();
    world.event("work", "message", "R\u{fffd}union", "");
    world.event("work", "message", "Caf\u{fffd}", "");
    let notices = world.new_notices();
    assert_eq!(notices.len(), 1);
    assert!(
        notices[0].starts_with("Work sends text that is not UTF-8"),
        "{notices:?}"
    );
    assert_eq!(world.titles().len(), 2);
}

#[test]
fn text_that_is_not_utf_8_is_said_with_the_charset_that_the_server_names() {
    let mut world = World::open();
    world.say([input("work", StreamUpdate::Charset("gbk".to_owned()))]);
    world.event("work", "message", "R\u{fffd}union", "");
    let notices = world.new_notices();
    assert!(notices[0].contains("as it says, gbk"), "{notices:?}");
}

#[test]
fn what_happened_to_a_todo_changes_it_and_makes_none() {
    let mut world = World::open();
    for id in ["1", "2", "3", "4"] {
        world.todo(id, &format!("Todo {id}"));
    }
    assert_eq!(world.unread(), 4);
    for (kind, id) in [
        ("todo.deleted", 1),
        ("todo.completed", 2),
        ("todo.read", 3),
        ("todo.deleted", 99),
        ("todo.completed", 98),
        ("notice.withdrawn", 97),
    ] {
        world.event("work", kind, &format!(r#"{{"id":{id}}}"#), "");
    }
    assert_eq!(world.titles(), ["Todo 4", "Todo 3"]);
    assert_eq!(world.done_titles(), ["Todo 2"]);
    assert_eq!(world.unread(), 1);
}

#[test]
fn a_time_without_a_zone_is_that_of_the_source() {
    let due = |world: &World, title: &str| {
        let todos = world.list(Query::default());
        let todo = todos.into_iter().find(|todo| todo.title == title).unwrap();
        todo.due.unwrap().to_string()
    };
    let mut world = World::of(vec![Source {
        time_zone: Some("Asia/Tokyo".to_owned()),
        ..work()
    }]);
    world.opens("work");
    world.event(
        "work",
        "message",
        r#"{"title":"A","due":"2027-01-31 17:00"}"#,
        "",
    );
    assert_eq!(due(&world, "A"), "2027-01-31T08:00:00Z");
}

#[test]
fn counts_beyond_measure_do_not_overflow_the_bell() {
    let other = source("other", "Other", "https://other.example/events");
    let mut world = World::of(vec![work(), other]);
    for source in ["work", "other"] {
        world.opens(source);
        world.event(source, "unread", "18446744073709551615", "");
        world.event(source, "unread", r#"{"count":18446744073709551615}"#, "");
    }
    assert_eq!(world.unread(), 2_000_000);
}

#[test]
fn the_id_of_a_servers_error_is_no_place_to_go_on_from() {
    let mut world = World::of(vec![plain()]);
    world.opens("plain");
    world.event("plain", "message", "Coffee", "7");
    world.asked();
    let error = r#"{"condition":"forbidden","text":"No"}"#;
    world.event("plain", "stream-error", error, "error");
    let after = |id: &str| Asked::GoOnAfter("plain".to_owned(), id.to_owned());
    assert_eq!(world.asked(), [after("7")]);
    // What the stream was told last would stand above what it hears itself.
    world.event("plain", "message", "Tea", "8");
    assert_eq!(world.asked(), [after("8")]);
    world.opens("plain");
    world.event("plain", "message", "Cake", "9");
    assert_eq!(world.asked(), []);
}

#[test]
fn another_message_with_an_id_that_was_used_before_is_another_todo() {
    let mut world = World::of(vec![plain()]);
    world.opens("plain");
    world.event("plain", "message", "Coffee", "1784800000:0");
    world.event("plain", "message", "Tea", "1784800000:0");
    world.event("plain", "message", "Tea", "1784800000:0");
    assert_eq!(world.titles(), ["Tea", "Coffee"]);
}

#[test]
fn a_hub_that_goes_on_after_what_has_not_been_committed_yet_lost_nothing() {
    let hub = Source {
        format: Format::Mercure,
        ..source(
            "hub",
            "Hub",
            "https://hub.example/.well-known/mercure?topic=a",
        )
    };
    let mut world = World::of(vec![hub]);
    world.opens("hub");
    world.event("hub", "message", r#"{"title":"Sign"}"#, "urn:uuid:7");
    world.settle();
    let since = world.now;
    let waits = StreamState::Waiting {
        until: since,
        attempt: 1,
        cause: cause("ended"),
    };
    let after = "urn:uuid:8".to_owned();
    world.say([
        event("hub", "message", r#"{"title":"Pay"}"#, "urn:uuid:8"),
        input("hub", StreamUpdate::State(waits)),
        input("hub", StreamUpdate::State(StreamState::Open { since })),
        input("hub", StreamUpdate::Resumed { after }),
    ]);
    world.settle();
    let news = world.screen().news.last().unwrap();
    assert_eq!(news.sources[0].missing_since, None);
}

fn waits_for_keyring(world: &mut World, source: &str, attempt: u32, why: &str) {
    let state = StreamState::Waiting {
        until: world.zoned().timestamp(),
        attempt,
        cause: Cause::Credentials(why.to_owned()),
    };
    world.is(source, state);
}

#[test]
fn that_sources_wait_for_the_keyring_is_said_once_however_many_there_are() {
    let mut world = World::of(vec![work(), plain()]);
    let locked = "Your keyring is locked. Unlock it, and the sources whose password or token is in \
                  it go on by themselves.";
    waits_for_keyring(&mut world, "work", 1, "locked");
    waits_for_keyring(&mut world, "plain", 1, "locked");
    world.is("work", StreamState::connecting());
    waits_for_keyring(&mut world, "work", 2, "locked");
    assert_eq!(world.new_notices(), [locked]);
    world.opens("work");
    waits_for_keyring(&mut world, "work", 1, "locked");
    assert_eq!(world.new_notices(), Vec::<String>::new());
    // It was unlocked, and is locked again.
    world.opens("work");
    world.opens("plain");
    waits_for_keyring(&mut world, "work", 1, "locked");
    assert_eq!(world.new_notices(), [locked]);
}

#[test]
fn a_keyring_that_comes_a_moment_late_is_no_news() {
    let mut world = World::open();
    for attempt in 1..3 {
        waits_for_keyring(&mut world, "work", attempt, "absent");
    }
    assert_eq!(world.new_notices(), Vec::<String>::new());
    waits_for_keyring(&mut world, "work", 3, "absent");
    let notices = world.new_notices();
    assert!(notices[0].starts_with("No keyring runs"), "{notices:?}");
}

#[test]
fn that_a_secret_is_for_another_origin_is_said() {
    let mut world = World::open();
    world.hint(DesktopEvent::SecretElsewhere {
        source: SourceId("work".to_owned()),
        origin: "https://old.example".to_owned(),
    });
    assert_eq!(
        world.new_notices(),
        [
            "The password or token of “Work” was entered for https://old.example and is sent \
             nowhere else. If the new address wants one, enter it in the settings."
        ]
    );
}
