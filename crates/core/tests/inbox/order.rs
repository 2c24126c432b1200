//! The order of the list, its groups, and where a to-do stands in it, against a plain sort.

use std::cmp::Reverse;

use belldot_core::{
    format::{Change, Cursor, Draft},
    inbox::{Edit, Inbox, TodoKey},
    page::{Group, GroupCount, Grouping, Listing, Query, TodoView},
    source::SourceId,
};
use belldot_wire::{Priority, Status};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::room::{Room, entry};

const SOURCES: [&str; 3] = ["zoo", "alpha", "mid"];

#[derive(Clone, Debug)]
struct Todo {
    source: usize,
    due: Option<i64>,
    priority: u8,
    read: bool,
    pinned: bool,
    done: bool,
    snoozed: bool,
    age: i64,
    tagged: bool,
}

fn todos() -> impl Strategy<Value = Vec<Todo>> {
    let todo = (
        0..SOURCES.len(),
        prop::option::of(-60..120i64),
        1..=5u8,
        any::<bool>(),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.1),
        0..5i64,
        any::<bool>(),
    )
        .prop_map(
            |(source, due, priority, read, pinned, done, snoozed, age, tagged)| Todo {
                source,
                due,
                priority,
                read,
                pinned,
                done,
                snoozed,
                age,
                tagged,
            },
        );
    prop::collection::vec(todo, 0..60)
}

fn fill(room: &mut Room, todos: &[Todo]) {
    room.commit(&[Edit::Sources(SOURCES.map(entry).to_vec())]);
    let now = room.now;
    for (at, todo) in todos.iter().enumerate() {
        let draft = Draft {
            id: Some(at.to_string()),
            title: format!("Sign {at}"),
            due: todo
                .due
                .map(|hours| now + SignedDuration::from_hours(hours)),
            priority: Priority::nearest(todo.priority.into()),
            read: Some(todo.read),
            status: Some(if todo.done {
                Status::Done
            } else {
                Status::Open
            }),
            created: Some(now - SignedDuration::from_hours(todo.age)),
            tags: if todo.tagged {
                vec!["legal".to_owned()]
            } else {
                Vec::new()
            },
            ..Draft::default()
        };
        room.commit(&[Edit::Arrived {
            source: SourceId(SOURCES[todo.source].to_owned()),
            changes: vec![Change::Upsert(Box::new(draft))],
            cursor: Cursor::Stays,
            event_id: None,
            opening: false,
        }]);
    }
    let keys = |wanted: fn(&Todo) -> bool| {
        let chosen = todos.iter().enumerate().filter(|(_, todo)| wanted(todo));
        chosen
            .map(|(at, _)| TodoKey(at as i64 + 1))
            .collect::<Vec<_>>()
    };
    room.commit(&[
        Edit::Pin {
            todos: keys(|todo| todo.pinned),
            pinned: true,
        },
        Edit::Snooze {
            todos: keys(|todo| todo.snoozed),
            until: Some(now + SignedDuration::from_hours(1)),
        },
    ]);
}

/// What the list ought to be.
fn expected(todos: &[Todo], query: &Query) -> Vec<usize> {
    let mut wanted: Vec<usize> = (0..todos.len())
        .filter(|at| {
            let todo = &todos[*at];
            let hidden = todo.done || todo.snoozed || (query.unread && todo.read);
            let least = query.priority.map_or(0, u8::from);
            let source = query.source.as_ref();
            !hidden
                && todo.priority >= least
                && source.is_none_or(|source| source.0 == SOURCES[todo.source])
                && (query.tag.is_none() || todo.tagged)
        })
        .collect();
    let by_source = query.by == Grouping::Source;
    wanted.sort_by_key(|at| {
        let todo = &todos[*at];
        (
            !todo.pinned,
            if by_source && !todo.pinned {
                todo.source
            } else {
                0
            },
            todo.due.is_none(),
            todo.due,
            Reverse(todo.priority),
            todo.age,
            Reverse(*at),
        )
    });
    wanted
}

fn groups_of(todos: &[TodoView], by: Grouping) -> Vec<GroupCount> {
    let mut groups: Vec<GroupCount> = Vec::new();
    for todo in todos {
        let source = (by == Grouping::Source && !todo.pinned).then(|| todo.source.clone());
        match groups.last_mut() {
            Some(last) if last.group == todo.group && last.source == source => last.count += 1,
            _ => groups.push(GroupCount {
                group: todo.group,
                source,
                count: 1,
            }),
        }
    }
    groups
}

fn queries() -> impl Strategy<Value = Query> {
    (
        prop_oneof![Just(Grouping::Due), Just(Grouping::Source)],
        any::<bool>(),
        prop::option::weighted(0.3, 1..=5i64),
        prop::option::weighted(0.4, 0..SOURCES.len()),
        prop::bool::weighted(0.2),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(by, unread, priority, source, tagged, search)| Query {
            by,
            unread,
            priority: priority.map(Priority::nearest),
            source: source.map(|source| SourceId(SOURCES[source].to_owned())),
            tag: tagged.then(|| "legal".to_owned()),
            search: if search {
                "sign".to_owned()
            } else {
                String::new()
            },
            ..Query::default()
        })
}

/// Something that changes where to-dos stand.
fn change() -> impl Strategy<Value = Edit> {
    let key = || (1..9i64).prop_map(|key| vec![TodoKey(key)]);
    let draft = (0..8u8, prop::option::of(-60..120i64), 1..=5i64, any::<u8>()).prop_map(
        |(id, due, priority, bits)| Draft {
            id: Some(id.to_string()),
            title: format!("Sign {}", bits % 3),
            due: due.map(|hours| start() + SignedDuration::from_hours(hours)),
            priority: Priority::nearest(priority),
            read: (bits & 4 > 0).then_some(bits & 8 > 0),
            status: (bits & 16 > 0).then_some(if bits & 32 > 0 {
                Status::Done
            } else {
                Status::Open
            }),
            ..Draft::default()
        },
    );
    let change = prop_oneof![
        6 => draft.prop_map(|draft| Change::Upsert(Box::new(draft))),
        1 => (0..8u8).prop_map(|id| Change::MarkRead(id.to_string())),
        1 => (0..8u8).prop_map(|id| Change::Remove(id.to_string())),
        1 => (0..8u8, any::<bool>()).prop_map(|(id, done)| Change::SetStatus {
            id: id.to_string(),
            status: if done { Status::Done } else { Status::Cancelled },
        }),
    ];
    prop_oneof![
        6 => (change, 0..SOURCES.len()).prop_map(|(change, source)| Edit::Arrived {
            source: SourceId(SOURCES[source].to_owned()),
            changes: vec![change],
            cursor: Cursor::Stays,
            event_id: None,
            opening: false,
        }),
        1 => (key(), any::<bool>()).prop_map(|(todos, read)| Edit::Read { todos, read }),
        1 => (key(), any::<bool>()).prop_map(|(todos, done)| Edit::Done { todos, done }),
        1 => (key(), any::<bool>()).prop_map(|(todos, pinned)| Edit::Pin { todos, pinned }),
        1 => (key(), any::<bool>()).prop_map(|(todos, on)| Edit::Snooze {
            todos,
            until: on.then(|| start() - SignedDuration::from_hours(1)),
        }),
        1 => Just(Edit::ReadAll),
        1 => Just(Edit::Clock),
        1 => (0..=SOURCES.len()).prop_map(|some| {
            Edit::Sources(SOURCES[..some].iter().map(|id| entry(id)).collect())
        }),
    ]
}

fn start() -> Timestamp {
    "2026-11-22T02:00:00Z".parse().unwrap()
}

/// Source, pinned, span, priority, read, and how many.
type Tally = (i64, bool, i64, i64, bool, i64);

/// What is counted, and what there is.
fn tallies(room: &Room) -> [Vec<Tally>; 2] {
    let database = rusqlite::Connection::open(room.path()).unwrap();
    [
        "SELECT source, pinned, span, priority, read, count FROM tallies WHERE count <> 0
         ORDER BY 1, 2, 3, 4, 5",
        "SELECT source, pinned, ifnull(due >> 26, 1 << 40), priority, read, count(*) FROM todos
         WHERE status = 0 AND snoozed IS NULL AND removed = 0
         GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
    ]
    .map(|sql| {
        let mut rows = database.prepare(sql).unwrap();
        let rows = rows.query_map([], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
            ))
        });
        rows.unwrap().map(Result::unwrap).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_counted_is_what_there_is_whatever_happens(
        batches in prop::collection::vec(prop::collection::vec(change(), 1..12), 1..12),
    ) {
        let mut room = Room::new();
        room.commit(&[Edit::Sources(SOURCES.map(entry).to_vec())]);
        for batch in batches {
            room.commit(&batch);
            let [counted, there] = tallies(&room);
            prop_assert_eq!(counted, there, "after {:?}", batch);
        }
    }

    #[test]
    fn every_page_and_every_position_is_as_a_plain_sort_has_it(
        todos in todos(),
        queries in prop::collection::vec(queries(), 6),
        size in 1..9u32,
    ) {
        let mut room = Room::new();
        fill(&mut room, &todos);
        let reader = room.reader();
        let now = room.zoned();
        for query in queries {
            let expected = expected(&todos, &query);
            let page = |offset, limit| -> Listing {
                reader.list(&Query { offset, limit, ..query.clone() }, &now).unwrap()
            };
            let whole = page(0, 500);
            let titles: Vec<_> = expected.iter().map(|at| format!("Sign {at}")).collect();
            let got: Vec<_> = whole.todos.iter().map(|todo| todo.title.clone()).collect();
            prop_assert_eq!(&got, &titles, "{:?}", &query);
            prop_assert_eq!(whole.total as usize, expected.len());
            prop_assert_eq!(&whole.groups, &groups_of(&whole.todos, query.by));
            let mut pages = Vec::new();
            for offset in (0..whole.total).step_by(size as usize) {
                pages.extend(page(offset, size).todos);
            }
            prop_assert_eq!(&pages, &whole.todos, "{:?}", &query);
            for at in 0..todos.len() {
                let place = expected.iter().position(|known| *known == at);
                let told = reader.position(&query, TodoKey(at as i64 + 1), &now).unwrap();
                prop_assert_eq!(told.map(|place| place as usize), place, "{} {:?}", at, &query);
            }
        }
    }
}

fn room_with(todos: &[(&str, &str)]) -> Room {
    let mut room = Room::new();
    room.commit(&[Edit::Sources(SOURCES.map(entry).to_vec())]);
    for (source, title) in todos {
        room.commit(&[Edit::Arrived {
            source: SourceId((*source).to_owned()),
            changes: vec![Change::Upsert(Box::new(Draft {
                id: Some((*title).to_owned()),
                title: (*title).to_owned(),
                ..Draft::default()
            }))],
            cursor: Cursor::Stays,
            event_id: None,
            opening: false,
        }]);
    }
    room
}

fn by_source() -> Query {
    Query {
        by: Grouping::Source,
        ..Query::default()
    }
}

#[test]
fn by_source_pinned_ones_come_first_and_then_the_sources_in_the_users_order() {
    let mut room = room_with(&[("alpha", "a"), ("mid", "m"), ("zoo", "z"), ("mid", "pin")]);
    let todos = vec![room.key("pin")];
    room.commit(&[Edit::Pin {
        todos,
        pinned: true,
    }]);
    assert_eq!(room.titles(by_source()), ["pin", "z", "a", "m"]);
    let list = room.list(by_source());
    assert_eq!(
        (list[0].group, list[1].group),
        (Group::Pinned, Group::Source)
    );
    let listing = room
        .inbox
        .list(
            &Query {
                limit: 1,
                ..by_source()
            },
            &room.zoned(),
        )
        .unwrap();
    let groups: Vec<_> = listing
        .groups
        .iter()
        .map(|group| {
            (
                group.group,
                group.source.as_ref().map(|id| id.0.as_str()),
                group.count,
            )
        })
        .collect();
    assert_eq!(
        groups,
        [
            (Group::Pinned, None, 1),
            (Group::Source, Some("zoo"), 1),
            (Group::Source, Some("alpha"), 1),
            (Group::Source, Some("mid"), 1),
        ]
    );
}

#[test]
fn another_order_of_the_sources_is_another_order_of_the_list_for_a_reader_too() {
    let mut room = room_with(&[("alpha", "a"), ("zoo", "z")]);
    let reader = room.reader();
    let query = Query {
        limit: 10,
        ..by_source()
    };
    let titles = |room: &Room| -> Vec<String> {
        let listing = reader.list(&query, &room.zoned()).unwrap();
        listing.todos.into_iter().map(|todo| todo.title).collect()
    };
    assert_eq!(titles(&room), ["z", "a"]);
    room.commit(&[Edit::Sources(["alpha", "zoo", "mid"].map(entry).to_vec())]);
    assert_eq!(titles(&room), ["a", "z"]);
}

#[test]
fn done_and_snoozed_ones_have_their_positions_too() {
    let mut room = room_with(&[("zoo", "a"), ("zoo", "b"), ("zoo", "c"), ("zoo", "d")]);
    let keys = ["a", "b", "c", "d"].map(|title| room.key(title));
    for (at, key) in keys.iter().enumerate().take(2) {
        room.now += SignedDuration::from_mins(1);
        let todos = vec![*key];
        room.commit(&[Edit::Done { todos, done: true }]);
        let until: Timestamp = room.now + SignedDuration::from_hours(3 - at as i64);
        let todos = vec![keys[at + 2]];
        room.commit(&[Edit::Snooze {
            todos,
            until: Some(until),
        }]);
    }
    let reader = room.reader();
    let position = |query: &Query, key| reader.position(query, key, &room.zoned()).unwrap();
    let done = Query {
        done: true,
        ..Query::default()
    };
    let snoozed = Query {
        snoozed: true,
        ..Query::default()
    };
    assert_eq!(room.titles(done.clone()), ["b", "a"]);
    assert_eq!(room.titles(snoozed.clone()), ["d", "c"]);
    assert_eq!(
        keys.map(|key| position(&done, key)),
        [Some(1), Some(0), None, None]
    );
    assert_eq!(
        keys.map(|key| position(&snoozed, key)),
        [None, None, Some(1), Some(0)]
    );
}

#[test]
fn a_todo_that_is_not_there_has_no_position() {
    let room = room_with(&[("zoo", "a")]);
    let reader = room.reader();
    let position = reader.position(&Query::default(), TodoKey(4711), &room.zoned());
    assert_eq!(position.unwrap(), None);
}

#[test]
fn an_inbox_of_the_first_version_is_brought_up_to_date_with_its_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../../src/inbox/schema.sql"))
        .unwrap();
    old.execute_batch(
        "INSERT INTO sources (key, id, name) VALUES (1, 'zoo', 'Zoo');
         INSERT INTO todos (source, id, title, priority, due, status, read, created)
         VALUES (1, 'a', 'a', 3, NULL, 0, 0, 0), (1, 'b', 'b', 3, 5, 0, 1, 0),
            (1, 'c', 'c', 3, NULL, 1, 0, 0);
         PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(old);
    let mut inbox = Inbox::open(&path).unwrap();
    let now: Timestamp = "2026-11-22T02:00:00Z".parse().unwrap();
    inbox
        .commit(&[Edit::Sources(vec![entry("zoo")])], now)
        .unwrap();
    let query = Query {
        limit: 10,
        ..by_source()
    };
    let listing = inbox
        .list(&query, &now.to_zoned(jiff::tz::TimeZone::UTC))
        .unwrap();
    let titles: Vec<_> = listing
        .todos
        .iter()
        .map(|todo| todo.title.as_str())
        .collect();
    assert_eq!(
        (titles.as_slice(), listing.total),
        (["b", "a"].as_slice(), 2)
    );
    assert_eq!(inbox.summary().unwrap().unread(), 1);
}
