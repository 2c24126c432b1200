//! What is done for long is let go of; what is open never.

use belldot_core::{format::Draft, inbox::Edit, page::Query, settings::Retention};
use belldot_wire::Status;

use crate::room::{Room, arrived, draft, entry};

fn tidy(room: &mut Room, retention: Retention) {
    while room.inbox.tidy_some(&retention, room.now).unwrap() {}
}

fn done_titles(room: &Room) -> Vec<String> {
    room.titles(Query {
        done: true,
        ..Query::default()
    })
}

/// Confirmed by the server, so that nothing is left in the outbox.
fn done(room: &mut Room, id: &str, title: &str) {
    room.add(Draft {
        status: Some(Status::Done),
        ..draft(id, title)
    });
}

#[test]
fn what_is_done_for_ninety_days_goes_and_what_is_open_stays() {
    let mut room = Room::new();
    room.add(draft("1", "Open"));
    done(&mut room, "2", "Old");
    room.pass_days(60);
    done(&mut room, "3", "Newer");
    room.pass_days(29);
    tidy(&mut room, Retention::default());
    assert_eq!(done_titles(&room), ["Newer", "Old"]);
    room.pass_days(2);
    tidy(&mut room, Retention::default());
    assert_eq!(done_titles(&room), ["Newer"]);
    assert_eq!(room.titles(Query::default()), ["Open"]);
}

#[test]
fn a_full_inbox_lets_go_of_the_oldest_done_ones_and_never_of_open_ones() {
    let mut room = Room::new();
    let body = |id: usize| Draft {
        body: Some("x".repeat(10_000)),
        ..draft(&id.to_string(), &format!("{id}"))
    };
    for first in (0..400).step_by(100) {
        let drafts = (first..first + 100).map(|id| Draft {
            status: Some(if id % 4 == 0 {
                Status::Open
            } else {
                Status::Done
            }),
            ..body(id)
        });
        room.commit(&[arrived(drafts.collect(), "")]);
        room.pass_days(1);
    }
    let open = room.titles(Query::default()).len();
    tidy(
        &mut room,
        Retention {
            most_megabytes: 3,
            ..Retention::default()
        },
    );
    assert_eq!(room.titles(Query::default()).len(), open);
    let left = done_titles(&room);
    assert!(!left.contains(&"1".to_owned()), "the oldest went");
    // Not one open to-do goes even where they alone are too much.
    tidy(
        &mut room,
        Retention {
            most_megabytes: 0,
            ..Retention::default()
        },
    );
    assert_eq!(
        (
            room.titles(Query::default()).len(),
            done_titles(&room).len()
        ),
        (open, 0)
    );
}

#[test]
fn room_that_was_given_back_makes_the_file_smaller() {
    let mut room = Room::new();
    for id in 0..100 {
        room.add(Draft {
            body: Some("x".repeat(50_000)),
            status: Some(Status::Done),
            ..draft(&id.to_string(), "Done")
        });
    }
    room = room.reopen();
    let before = std::fs::metadata(room.path()).unwrap().len();
    tidy(
        &mut room,
        Retention {
            most_megabytes: 0,
            ..Retention::default()
        },
    );
    room = room.reopen();
    let after = std::fs::metadata(room.path()).unwrap().len();
    assert!(after < before / 4, "{before} → {after}");
}

#[test]
fn a_server_without_a_status_does_not_bring_a_dropped_todo_back_as_a_new_one() {
    let mut room = Room::new();
    room.commit(&[Edit::Sources(vec![belldot_core::inbox::SourceEntry {
        api: false,
        ..entry("work")
    }])]);
    room.add(draft("1", "Sign"));
    room.done("Sign");
    room.pass_days(91);
    tidy(&mut room, Retention::default());
    assert_eq!(done_titles(&room), Vec::<String>::new());
    assert_eq!(room.add(draft("1", "Sign")).news, []);
    assert_eq!(room.titles(Query::default()), Vec::<String>::new());
    // One that says that it is open means it.
    let reopened = Draft {
        status: Some(Status::Open),
        ..draft("1", "Sign")
    };
    assert_eq!(room.add(reopened).news.len(), 1);
}

#[test]
fn what_waits_in_the_outbox_stays_until_the_server_took_it() {
    let mut room = Room::new();
    room.add(draft("1", "Sign"));
    room.done("Sign");
    room.pass_days(91);
    tidy(&mut room, Retention::default());
    assert_eq!(done_titles(&room), ["Sign"]);
}

#[test]
fn a_removed_sources_todos_go_after_thirty_days() {
    let mut room = Room::new();
    room.add(draft("1", "Sign"));
    room.commit(&[Edit::Sources(vec![])]);
    room.pass_days(29);
    tidy(&mut room, Retention::default());
    room.commit(&[Edit::Sources(vec![entry("work")])]);
    assert_eq!(room.titles(Query::default()), ["Sign"], "back in time");
    room.commit(&[Edit::Sources(vec![])]);
    room.pass_days(31);
    tidy(&mut room, Retention::default());
    room.commit(&[Edit::Sources(vec![entry("work")])]);
    assert_eq!(room.titles(Query::default()), Vec::<String>::new());
}
