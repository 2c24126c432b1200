//! When is it the same to-do? The table in docs/intended-behavior.md, case by case.

use belldot_core::{format::Format, source::Source};

use crate::world::{Asked, World, inheriting, plain, source, todo};

/// A server of plain text and a client of it, connected for the first time.
fn plain_world() -> World {
    let mut world = World::of(vec![plain()]);
    world.opens("plain");
    world
}

/// The connection lives for long, is cut off, and there is another one.
fn reconnects(world: &mut World) {
    world.settles("plain");
    world.breaks("plain", "broken");
    world.opens("plain");
}

fn says(world: &mut World, words: &[&str]) {
    for words in words {
        world.event("plain", "message", words, "");
    }
}

/// Events with ids, numbered from 1.
fn numbers(world: &mut World, words: &[&str]) {
    for (at, words) in words.iter().enumerate() {
        world.event("plain", "message", words, &(at + 1).to_string());
    }
}

fn sorted(world: &World) -> Vec<String> {
    let mut titles = world.titles();
    titles.sort();
    titles
}

/// The cursor that a stream would send with its next request, where it was told one.
fn told(world: &mut World) -> Option<String> {
    let asked = world.asked();
    asked.into_iter().rev().find_map(|asked| match asked {
        Asked::Start(_, cursor) | Asked::GoOnAfter(_, cursor) => Some(cursor),
        _ => None,
    })
}

// An id in the JSON.

#[test]
fn an_id_in_the_json_is_the_todos_whenever_it_comes() {
    let mut world = World::open();
    world.say([todo("1", "Sign")]);
    world.settles("work");
    world.say([todo("1", "Sign it")]);
    world.breaks("work", "broken");
    world.opens("work");
    world.say([todo("1", "Sign it now")]);
    assert_eq!(world.titles(), ["Sign it now"]);
}

// No id in the JSON, but the event brought one.

#[test]
fn a_replay_in_the_opening_burst_is_recognised_by_id_and_words() {
    let mut world = plain_world();
    numbers(&mut world, &["Coffee", "Tea"]);
    reconnects(&mut world);
    numbers(&mut world, &["Coffee", "Tea", "Cake"]);
    assert_eq!(sorted(&world), ["Cake", "Coffee", "Tea"]);
}

#[test]
fn a_replay_is_recognised_however_many_connections_ago_it_came_first() {
    let mut world = plain_world();
    numbers(&mut world, &["Coffee"]);
    for _ in 0..3 {
        reconnects(&mut world);
    }
    numbers(&mut world, &["Coffee"]);
    assert_eq!(world.titles(), ["Coffee"]);
}

#[test]
fn a_replay_after_a_kill_is_recognised() {
    let mut world = plain_world();
    numbers(&mut world, &["Coffee", "Tea"]);
    let mut world = world.killed_and_restarted();
    world.opens("plain");
    numbers(&mut world, &["Coffee", "Tea"]);
    assert_eq!(sorted(&world), ["Coffee", "Tea"]);
}

#[test]
fn the_same_id_and_words_after_the_opening_burst_are_news() {
    let mut world = plain_world();
    world.settles("plain");
    for _ in 0..3 {
        numbers(&mut world, &["The doorbell rang"]);
    }
    assert_eq!(world.titles(), ["The doorbell rang"; 3]);
}

#[test]
fn a_doorbell_whose_events_are_numbered_anew_rings_once_for_each_connection() {
    let mut world = plain_world();
    for _ in 0..3 {
        world.settles("plain");
        numbers(&mut world, &["The doorbell rang"]);
        world.breaks("plain", "ended");
        world.opens("plain");
    }
    assert_eq!(world.titles(), ["The doorbell rang"; 3]);
}

#[test]
fn the_same_words_with_another_id_are_news() {
    let mut world = plain_world();
    numbers(&mut world, &["The server is down"]);
    reconnects(&mut world);
    world.event("plain", "message", "The server is down", "2");
    assert_eq!(world.titles(), ["The server is down"; 2]);
}

#[test]
fn two_equal_lines_of_one_event_are_two_todos_and_their_replay_is_none() {
    let mut world = World::of(vec![Source {
        format: Format::Auto,
        ..plain()
    }]);
    world.opens("plain");
    let two = r#"[{"text":"Coffee"},{"text":"Coffee"}]"#;
    world.event("plain", "message", two, "1");
    reconnects(&mut world);
    world.event("plain", "message", two, "1");
    assert_eq!(world.titles(), ["Coffee"; 2]);
}

#[test]
fn what_was_done_and_let_go_of_does_not_come_back_with_a_replay() {
    let mut world = plain_world();
    numbers(&mut world, &["Coffee"]);
    let todos = vec![world.key("Coffee")];
    world.command(belldot_core::Command::MarkDone { todos, done: true });
    world.pass(100.0 * 24.0 * 3600.0);
    while world.controller.idle() {}
    reconnects(&mut world);
    numbers(&mut world, &["Coffee"]);
    assert_eq!(world.titles(), [""; 0]);
}

// No id at all.

#[test]
fn an_inherited_id_is_none() {
    let mut world = plain_world();
    world.event("plain", "message", "Welcome", "desk");
    let leave = || inheriting("plain", "A request for leave", "desk");
    world.say([leave(), leave()]);
    world.settles("plain");
    world.say([leave()]);
    assert_eq!(world.titles().len(), 4);
}

#[test]
fn messages_without_ids_are_news_however_alike() {
    let mut world = plain_world();
    says(&mut world, &["Coffee", "Coffee"]);
    world.settles("plain");
    says(&mut world, &["Coffee"]);
    reconnects(&mut world);
    world.settles("plain");
    says(&mut world, &["Coffee"]);
    assert_eq!(world.titles(), ["Coffee"; 4]);
}

#[test]
fn a_snapshot_that_a_server_repeats_at_each_connection_is_no_news() {
    let mut world = plain_world();
    says(&mut world, &["Coffee", "Tea"]);
    for _ in 0..3 {
        reconnects(&mut world);
        says(&mut world, &["Coffee", "Tea", "Cake"]);
    }
    assert_eq!(sorted(&world), ["Cake", "Coffee", "Tea"]);
}

#[test]
fn a_snapshot_repeats_what_was_said_live() {
    let mut world = plain_world();
    says(&mut world, &["Coffee"]);
    world.settles("plain");
    says(&mut world, &["Tea", "Coffee"]);
    reconnects(&mut world);
    says(&mut world, &["Coffee", "Tea", "Coffee"]);
    assert_eq!(sorted(&world), ["Coffee", "Coffee", "Tea"]);
}

#[test]
fn equal_lines_of_a_snapshot_are_counted() {
    let mut world = plain_world();
    says(&mut world, &["Coffee", "Coffee"]);
    reconnects(&mut world);
    says(&mut world, &["Coffee", "Coffee"]);
    assert_eq!(world.titles(), ["Coffee"; 2]);
    reconnects(&mut world);
    says(&mut world, &["Coffee", "Coffee", "Coffee"]);
    assert_eq!(world.titles(), ["Coffee"; 3]);
}

#[test]
fn a_list_in_one_event_is_compared_line_by_line() {
    let mut world = World::of(vec![Source {
        format: Format::Auto,
        ..plain()
    }]);
    world.opens("plain");
    let mut list = |texts: &[&str]| {
        let lines: Vec<_> = texts
            .iter()
            .map(|text| format!(r#"{{"text":"{text}"}}"#))
            .collect();
        world.event("plain", "message", &format!("[{}]", lines.join(",")), "");
        reconnects(&mut world);
        sorted(&world)
    };
    assert_eq!(list(&["Tea"]), ["Tea"]);
    assert_eq!(list(&["Coffee", "Tea"]), ["Coffee", "Tea"]);
    assert_eq!(list(&["Tea", "Coffee", "Cake"]), ["Cake", "Coffee", "Tea"]);
}

#[test]
fn what_was_gone_from_the_last_snapshot_and_is_there_again_is_news() {
    let mut world = plain_world();
    says(&mut world, &["No paper"]);
    reconnects(&mut world);
    reconnects(&mut world);
    says(&mut world, &["No paper"]);
    assert_eq!(world.titles(), ["No paper"; 2]);
}

#[test]
fn a_script_that_says_how_things_are_and_ends_is_compared_with_the_time_before() {
    let mut world = plain_world();
    for words in ["No paper", "No paper", "All is well", "No paper"] {
        says(&mut world, &[words]);
        world.breaks("plain", "ended");
        world.opens("plain");
    }
    assert_eq!(sorted(&world), ["All is well", "No paper", "No paper"]);
}

#[test]
fn a_snapshot_that_was_cut_off_in_the_middle_does_not_count_as_the_last_word() {
    let mut world = plain_world();
    says(&mut world, &["Coffee", "Tea"]);
    reconnects(&mut world);
    says(&mut world, &["Coffee"]);
    world.breaks("plain", "broken");
    world.opens("plain");
    says(&mut world, &["Coffee", "Tea"]);
    assert_eq!(sorted(&world), ["Coffee", "Tea"]);
}

#[test]
fn a_snapshot_is_compared_with_the_last_connection_over_a_kill_too() {
    let mut world = plain_world();
    says(&mut world, &["Coffee", "Tea"]);
    world.settles("plain");
    let mut world = world.killed_and_restarted();
    world.opens("plain");
    says(&mut world, &["Coffee"]);
    let mut world = world.killed_and_restarted();
    world.opens("plain");
    says(&mut world, &["Coffee", "Tea", "Cake"]);
    assert_eq!(sorted(&world), ["Cake", "Coffee", "Tea"]);
}

#[test]
fn another_address_is_another_server() {
    let mut world = plain_world();
    says(&mut world, &["Coffee"]);
    world.settles("plain");
    let elsewhere = "https://elsewhere.example/stream".parse().unwrap();
    world
        .change(|settings| settings.sources[0].url = elsewhere)
        .unwrap();
    world.opens("plain");
    says(&mut world, &["Coffee"]);
    assert_eq!(world.titles(), ["Coffee"; 2]);
}

// Ids that begin anew with each connection.

#[test]
fn an_id_that_the_last_connection_gave_to_something_else_is_no_place_to_go_on_from() {
    let mut world = plain_world();
    numbers(&mut world, &["Coffee"]);
    reconnects(&mut world);
    world.asked();
    numbers(&mut world, &["Tea", "Cake"]);
    assert_eq!(told(&mut world), Some(String::new()));
    reconnects(&mut world);
    assert_eq!(
        told(&mut world),
        Some(String::new()),
        "the stream keeps ids"
    );
    let mut world = world.killed_and_restarted();
    assert_eq!(told(&mut world), Some(String::new()));
    assert_eq!(sorted(&world), ["Cake", "Coffee", "Tea"]);
}

#[test]
fn where_ids_begin_anew_a_snapshot_is_known_by_its_words() {
    let mut world = plain_world();
    numbers(&mut world, &["Coffee", "Tea"]);
    for _ in 0..2 {
        reconnects(&mut world);
        numbers(&mut world, &["Tea", "Cake"]);
    }
    assert_eq!(sorted(&world), ["Cake", "Coffee", "Tea"]);
}

#[test]
fn where_ids_begin_anew_messages_may_be_missing_after_a_gap() {
    let mut world = plain_world();
    for words in ["Coffee", "Tea"] {
        numbers(&mut world, &[words]);
        reconnects(&mut world);
    }
    world.settle();
    let news = world.screen().news.last().unwrap().clone();
    assert!(news.sources[0].missing_since.is_some());
}

#[test]
fn a_server_that_uses_an_id_twice_on_one_connection_is_still_asked_to_go_on() {
    let mut world = plain_world();
    for words in ["Coffee", "Tea"] {
        world.event("plain", "message", words, "1784800000:0");
    }
    reconnects(&mut world);
    for words in ["Coffee", "Tea", "Cake"] {
        world.event("plain", "message", words, "1784800000:0");
    }
    let mut world = world.killed_and_restarted();
    assert_eq!(told(&mut world).as_deref(), Some("1784800000:0"));
    assert_eq!(sorted(&world), ["Cake", "Coffee", "Tea"]);
}

#[test]
fn a_server_that_was_started_anew_is_asked_to_go_on_once_its_numbers_do() {
    let mut world = plain_world();
    numbers(&mut world, &["Coffee", "Tea"]);
    reconnects(&mut world);
    numbers(&mut world, &["Cake", "Bread"]);
    assert_eq!(told(&mut world), Some(String::new()));
    reconnects(&mut world);
    world.event("plain", "message", "Butter", "3");
    assert_eq!(told(&mut world).as_deref(), Some("3"));
    world.event("plain", "message", "Jam", "4");
    assert_eq!(told(&mut world).as_deref(), Some("4"));
}

#[test]
fn numbers_of_signs_of_life_and_of_todos_with_ids_tell_nothing() {
    let mut world = World::of(vec![source("work", "Work", "https://todo.example/events")]);
    for round in ["one", "two"] {
        world.opens("work");
        world.event("work", "ping", round, "1");
        world.event(
            "work",
            "message",
            &format!(r#"{{"id":7,"title":"{round}"}}"#),
            "2",
        );
        world.settles("work");
        world.breaks("work", "broken");
    }
    let mut world = world.killed_and_restarted();
    assert_eq!(told(&mut world).as_deref(), Some("2"));
}

#[test]
fn another_address_has_other_numbers() {
    let mut world = plain_world();
    for words in ["Coffee", "Tea"] {
        numbers(&mut world, &[words]);
        reconnects(&mut world);
    }
    let elsewhere = "https://elsewhere.example/stream".parse().unwrap();
    world
        .change(|settings| settings.sources[0].url = elsewhere)
        .unwrap();
    world.opens("plain");
    numbers(&mut world, &["Cake"]);
    let mut world = world.killed_and_restarted();
    assert_eq!(told(&mut world).as_deref(), Some("1"));
}
