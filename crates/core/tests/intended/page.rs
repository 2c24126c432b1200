//! The page: what opens, and what the windows are told.

use belldot_core::{
    Command,
    desktop::{NotOpened, Page},
    input::DesktopEvent,
    page::Query,
    settings::Settings,
    toast::{NotTaken, ToastId},
};

use crate::world::{World, plain, source, todo, todo_with, work};

#[test]
fn the_page_is_belldots_own_list() {
    let mut world = World::open();
    world.command(Command::OpenPage);
    assert_eq!(world.screen().pages, [Page::Todos(None)]);
}

#[test]
fn the_only_source_with_a_page_of_its_own_opens_that() {
    let url: url::Url = "https://todo.example/me".parse().unwrap();
    let mut with_page = work();
    with_page.page = Some(url.clone());
    with_page.page_origins = vec!["https://login.example".parse().unwrap()];
    let mut world = World::of(vec![with_page.clone()]);
    world.command(Command::OpenPage);
    assert_eq!(
        world.screen().pages,
        [Page::Remote {
            source: with_page.id.clone(),
            name: "Work".to_owned(),
            url,
            origins: with_page.page_origins.clone(),
        }]
    );

    let mut world = World::of(vec![with_page, plain()]);
    world.command(Command::OpenPage);
    assert_eq!(world.screen().pages, [Page::Todos(None)]);
}

#[test]
fn opening_the_list_withdraws_the_digest() {
    let mut world = World::open();
    world.say((1..=4).map(|id| todo(&id.to_string(), "A")));
    world.command(Command::OpenPage);
    assert_eq!(world.screen().closed, [ToastId::Digest]);
}

#[test]
fn a_first_start_without_sources_opens_the_settings_unless_hidden() {
    let mut world = World::with(Settings::default(), false);
    assert_eq!(world.screen().pages, [Page::Settings]);
    let mut world = World::with(Settings::default(), true);
    assert_eq!(world.screen().pages, []);
}

#[test]
fn without_a_tray_a_window_takes_the_bells_place_and_it_is_said_once() {
    let mut world = World::open();
    world.hint(DesktopEvent::TrayHost(false));
    world.hint(DesktopEvent::TrayHost(false));
    assert_eq!(world.screen().pages, [Page::Todos(None)]);
    let said = world.new_notices();
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("No tray on this desktop"), "{said:?}");
}

#[test]
fn a_tray_that_comes_after_all_takes_the_toast_about_its_absence_away() {
    let mut world = World::open();
    world.hint(DesktopEvent::TrayHost(false));
    world.hint(DesktopEvent::TrayHost(true));
    world.hint(DesktopEvent::TrayHost(true));
    let said = ToastId::Notice("notice-no-tray".to_owned());
    assert_eq!(world.screen().closed, [said]);
}

#[test]
fn a_missing_notification_service_is_said_once_in_the_windows_and_not_by_toast() {
    let mut world = World::open();
    world.hint(DesktopEvent::Notifier(Err(NotTaken::Refused(
        "no such service".to_owned(),
    ))));
    world.hint(DesktopEvent::Notifier(Err(NotTaken::Refused(
        "no such service".to_owned(),
    ))));
    assert_eq!(world.new_notices().len(), 0);
    let news = &world.screen().news;
    let said: Vec<_> = news.iter().flat_map(|news| &news.notices).collect();
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("no such service"), "{said:?}");
}

#[test]
fn a_window_that_opens_later_is_told_what_still_holds() {
    let mut world = World::open();
    world.hint(DesktopEvent::Notifier(Err(NotTaken::Refused(
        "no such service".to_owned(),
    ))));
    world.settle();
    world.screen().news.clear();
    world.command(Command::ShowAll);
    assert_eq!(world.screen().news[0].notices.len(), 1);
    world.hint(DesktopEvent::Notifier(Ok(())));
    world.settle();
    world.screen().news.clear();
    world.command(Command::ShowAll);
    assert_eq!(world.screen().news[0].notices.len(), 0);
}

#[test]
fn windows_hear_that_todos_changed_and_only_then() {
    let mut world = World::open();
    world.settle();
    world.screen().news.clear();
    world.todo("1", "Sign");
    world.settle();
    assert_eq!(world.screen().news.len(), 1);
    assert!(world.screen().news[0].todos_changed);
    assert_eq!(world.screen().news[0].unread, 1);
    world.todo("1", "Sign");
    world.settle();
    assert_eq!(world.screen().news.len(), 1);
}

#[test]
fn the_list_stands_by_due_then_priority_then_newest_pinned_ones_first() {
    let mut world = World::open();
    world.say([
        todo_with("1", "no date", ""),
        todo_with("2", "urgent, no date", r#","priority":5"#),
        todo_with("3", "next week", r#","due":"2026-11-29T02:00:00Z""#),
        todo_with("4", "tonight", r#","due":"2026-11-22T12:00:00Z""#),
        todo_with("5", "yesterday", r#","due":"2026-11-21T02:00:00Z""#),
        todo_with(
            "6",
            "newer, no date",
            r#","created":"2026-11-22T01:30:00Z""#,
        ),
        todo_with("7", "pinned", ""),
    ]);
    let pinned = world.key("pinned");
    world.command(Command::Pin {
        todos: vec![pinned],
        pinned: true,
    });
    let expected = [
        "pinned",
        "yesterday",
        "tonight",
        "next week",
        "urgent, no date",
        "newer, no date",
        "no date",
    ];
    assert_eq!(world.titles(), expected);
    let listing = world
        .controller
        .inbox()
        .list(
            &Query {
                limit: 2,
                ..Query::default()
            },
            &world.zoned(),
        )
        .unwrap();
    assert_eq!((listing.todos.len(), listing.total), (2, 7));
    let counts: Vec<_> = listing.groups.iter().map(|group| group.count).collect();
    assert_eq!(counts, [1, 1, 1, 1, 3]);
}

#[test]
fn done_ones_stand_apart_the_latest_first() {
    let mut world = World::open();
    let (a, b) = (world.todo("1", "Sign"), world.todo("2", "Pay"));
    world.command(Command::MarkDone {
        todos: vec![b],
        done: true,
    });
    world.pass(5.0);
    world.command(Command::MarkDone {
        todos: vec![a],
        done: true,
    });
    assert_eq!(world.titles(), Vec::<String>::new());
    assert_eq!(world.done_titles(), ["Sign", "Pay"]);
}

#[test]
fn filters_narrow_the_list() {
    let mut world = World::of(vec![
        work(),
        source("other", "Other", "https://other.example/api/v1/events"),
    ]);
    world.say([
        todo_with(
            "1",
            "Contract",
            r#","priority":5,"tags":["legal","urgent"]"#,
        ),
        todo_with("2", "Expenses", r#","read":true,"body":"第三季度差旅费用""#),
        crate::world::event("other", "todo", r#"{"id":"1","title":"Elsewhere"}"#, "1"),
    ]);
    let titles = |query| -> Vec<String> {
        world
            .list(query)
            .into_iter()
            .map(|todo| todo.title)
            .collect()
    };
    let all = Query::default;
    assert_eq!(
        titles(Query {
            unread: true,
            ..all()
        }),
        ["Contract", "Elsewhere"]
    );
    assert_eq!(
        titles(Query {
            priority: Some(4.try_into().unwrap()),
            ..all()
        }),
        ["Contract"]
    );
    assert_eq!(
        titles(Query {
            tag: Some("legal".to_owned()),
            ..all()
        }),
        ["Contract"]
    );
    let other = Some(belldot_core::source::SourceId("other".to_owned()));
    assert_eq!(
        titles(Query {
            source: other,
            ..all()
        }),
        ["Elsewhere"]
    );
    assert_eq!(
        titles(Query {
            search: "CONTR".to_owned(),
            ..all()
        }),
        ["Contract"]
    );
    assert_eq!(
        titles(Query {
            search: "差旅".to_owned(),
            ..all()
        }),
        ["Expenses"]
    );
}

#[test]
fn a_link_that_is_not_opened_is_said_each_time_in_the_window_and_by_toast_with_its_address() {
    let mut world = World::open();
    let url = "https://hr.example/leave/1?key=s3cret".to_owned();
    let failed = |opened| DesktopEvent::Link {
        url: url.clone(),
        opened,
    };
    for _ in 0..2 {
        world.screen().news.clear();
        world.hint(failed(Err(NotOpened::Failed)));
        world.settle();
        let news = &world.screen().news;
        let said: Vec<_> = news.iter().flat_map(|news| &news.notices).collect();
        assert_eq!(said.len(), 1);
        assert!(said[0].ends_with(&url), "{said:?}");
        let toasts = world.new_notices();
        assert!(toasts[0].ends_with(&url), "{toasts:?}");
    }
    world.hint(failed(Ok(())));
    world.settle();
    world.screen().news.clear();
    world.command(Command::ShowAll);
    assert_eq!(world.screen().news[0].notices.len(), 0);
}

#[test]
fn a_toast_of_a_link_that_is_not_opened_does_not_say_where_it_leads_if_toasts_are_to_be_private() {
    let mut world = World::open();
    world
        .change(|settings| settings.notifications.private = true)
        .unwrap();
    world.hint(DesktopEvent::Link {
        url: "https://hr.example/leave/1".to_owned(),
        opened: Err(NotOpened::NoProgram),
    });
    let toasts = world.new_notices();
    assert_eq!(toasts.len(), 1);
    assert!(!toasts[0].contains("hr.example"), "{toasts:?}");
}
