//! The bell's menu.

use belldot_core::{Command, bell::MenuItem, source::StreamState};
use jiff::tz::TimeZone;

use crate::world::{Asked, World, cause, choose, labels, plain, todo, todo_with, work};

#[test]
fn the_whole_menu_of_a_quiet_bell() {
    let mut world = World::open();
    assert_eq!(
        labels(&world.bell().menu),
        [
            "Open my to-dos (0)",
            "—",
            "(Work · connected)",
            "—",
            "Pause",
            "> For an hour",
            "> Until tomorrow morning",
            "> Until I resume",
            "Mark all as read",
            "Settings …",
            "About Belldot",
            "Quit",
        ]
    );
}

#[test]
fn open_comes_first_with_the_count() {
    let mut world = World::open();
    world.say([todo("1", "Sign"), todo("2", "Pay")]);
    let menu = world.bell().menu;
    assert_eq!(labels(&menu)[0], "Open my to-dos (2)");
    assert!(matches!(
        menu[0],
        MenuItem::Action {
            command: Command::OpenPage,
            ..
        }
    ));
}

#[test]
fn the_latest_five_todos_follow_newest_first_with_their_due_times() {
    let mut world = World::open();
    for id in 1..=6 {
        let more =
            format!(r#","created":"2026-11-22T00:0{id}:00Z","due":"2026-11-22T07:3{id}:00Z""#);
        world.say([todo_with(&id.to_string(), &format!("To-do {id}"), &more)]);
    }
    assert_eq!(
        labels(&world.bell().menu)[1..6],
        [
            "To-do 6 · 15:36",
            "To-do 5 · 15:35",
            "To-do 4 · 15:34",
            "To-do 3 · 15:33",
            "To-do 2 · 15:32",
        ]
    );
}

#[test]
fn what_is_urgent_or_high_has_a_mark_and_nothing_else_has() {
    let mut world = World::open();
    for priority in 1..=5 {
        let more = format!(r#","created":"2026-11-22T00:0{priority}:00Z","priority":{priority}"#);
        world.say([todo_with(
            &priority.to_string(),
            &format!("To-do {priority}"),
            &more,
        )]);
    }
    world.say([todo_with(
        "5",
        "To-do 5",
        r#","created":"2026-11-22T00:05:00Z","priority":5,"due":"2026-11-22T07:35:00Z""#,
    )]);
    assert_eq!(
        labels(&world.bell().menu)[1..6],
        [
            "!! To-do 5 · 15:35",
            "! To-do 4",
            "To-do 3",
            "To-do 2",
            "To-do 1",
        ]
    );
}

#[test]
fn about_opens_what_belldot_is() {
    let mut world = World::open();
    let command = choose(&world.bell().menu, "About Belldot");
    world.command(command);
    assert_eq!(world.screen().pages, [belldot_core::desktop::Page::About]);
}

#[test]
fn a_todo_of_the_menu_opens_it() {
    let mut world = World::open();
    let key = world.todo("1", "Sign");
    let command = choose(&world.bell().menu, "Sign");
    assert!(matches!(command, Command::OpenTodo(opened) if opened == key));
}

#[test]
fn a_long_title_is_cut_in_the_menu() {
    let mut world = World::open();
    world.todo("1", &"字".repeat(200));
    let label = labels(&world.bell().menu)[1].clone();
    assert_eq!(label, format!("{}…", "字".repeat(48)));
}

#[test]
fn a_source_that_is_not_alive_offers_to_try_again() {
    let mut world = World::of(vec![work(), plain()]);
    world.opens("work");
    for state in [
        StreamState::Full { until: None },
        StreamState::Stopped {
            cause: cause("closed"),
        },
    ] {
        world.is("plain", state);
        assert_eq!(
            labels(&world.bell().menu)
                .iter()
                .filter(|label| *label == "Try again")
                .count(),
            1
        );
    }
    world.asked();
    let command = choose(&world.bell().menu, "Try again");
    world.command(command);
    assert_eq!(world.asked(), [Asked::TryAgain("plain".to_owned())]);
}

#[test]
fn pause_for_an_hour_closes_every_stream_and_ends_by_itself() {
    let mut world = World::of(vec![work(), plain()]);
    world.opens("work");
    world.opens("plain");
    world.asked();
    let command = choose(&world.bell().menu, "For an hour");
    // The hour begins when it is chosen, however long the menu was there.
    world.pass(600.0);
    world.command(command);
    let paused = |paused| {
        [
            Asked::Pause("plain".to_owned(), paused),
            Asked::Pause("work".to_owned(), paused),
        ]
    };
    let mut asked = world.asked();
    asked.sort_by_key(|asked| format!("{asked:?}"));
    assert_eq!(asked, paused(true));
    let menu = labels(&world.bell().menu);
    assert!(
        menu.contains(&"(Paused until 11:10)".to_owned()),
        "{menu:?}"
    );
    assert!(menu.contains(&"Resume".to_owned()) && !menu.contains(&"Pause".to_owned()));
    world.pass(3_600.0);
    assert_eq!(world.asked().len(), 2);
    assert!(labels(&world.bell().menu).contains(&"Pause".to_owned()));
}

#[test]
fn until_tomorrow_morning_is_eight_o_clock() {
    let mut world = World::open();
    let command = choose(&world.bell().menu, "Until tomorrow morning");
    world.command(command);
    let menu = labels(&world.bell().menu);
    assert!(
        menu.contains(&"(Paused until 08:00 tomorrow)".to_owned()),
        "{menu:?}"
    );
}

#[test]
fn a_pause_until_i_resume_lasts_over_a_restart_and_ends_by_resume() {
    let mut world = World::open();
    let command = choose(&world.bell().menu, "Until I resume");
    world.command(command);
    let mut world = world.killed_and_restarted();
    assert_eq!(world.asked(), []);
    assert!(labels(&world.bell().menu).contains(&"(Paused)".to_owned()));
    let command = choose(&world.bell().menu, "Resume");
    world.command(command);
    assert_eq!(
        world.asked(),
        [Asked::Start("work".to_owned(), String::new())]
    );
    assert_eq!(world.bell().mark, None);
}

#[test]
fn a_computer_that_travels_is_told_the_time_of_the_place_within_a_minute() {
    let mut world = World::open();
    world.say([todo_with("1", "Sign", r#","due":"2026-11-22T09:00:00Z""#)]);
    let menu = labels(&world.bell().menu);
    assert!(menu.iter().any(|label| label.contains("17:00")), "{menu:?}");
    *world.zone.lock().unwrap() = TimeZone::get("America/New_York").unwrap();
    world.screen().news.clear();
    world.pass(60.0);
    let menu = labels(&world.bell().menu);
    assert!(menu.iter().any(|label| label.contains("04:00")), "{menu:?}");
    let news = &world.screen().news;
    assert!(
        news.iter().any(|news| news.todos_changed),
        "windows group by day"
    );
}
