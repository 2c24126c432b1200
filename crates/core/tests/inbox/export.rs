//! The inbox as JSON and as an iCalendar file.

use belldot_core::{
    format::Draft,
    inbox::{Edit, Export},
};
use belldot_wire::Priority;
use serde_json::Value;

use crate::room::{Room, draft};

fn office() -> Room {
    let mut room = Room::new();
    room.add(Draft {
        body: Some("Two lines,\nwith; signs \\ and \"quotes\"".to_owned()),
        url: Some("https://todo.example/1".to_owned()),
        priority: Priority::HIGHEST,
        due: Some("2026-11-23T01:00:00Z".parse().unwrap()),
        tags: vec!["legal".to_owned(), "a, b".to_owned()],
        sender: Some("Wang Lei".to_owned()),
        created: Some("2026-11-20T01:00:00Z".parse().unwrap()),
        ..draft("1", "合同 & contract")
    });
    room.add(draft("2", "Pay"));
    room.done("Pay");
    room.add(Draft {
        id: None,
        ..draft("", "No id")
    });
    room
}

fn exported(room: &Room, kind: Export) -> String {
    let mut out = Vec::new();
    assert_eq!(room.reader().export(kind, &mut out, room.now).unwrap(), 3);
    String::from_utf8(out).unwrap()
}

#[test]
fn json_has_every_todo_whole() {
    let all: Value = serde_json::from_str(&exported(&office(), Export::Json)).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 3);
    let first = &all[0];
    for (name, value) in [
        ("source", "work"),
        ("id", "1"),
        ("title", "合同 & contract"),
        ("body", "Two lines,\nwith; signs \\ and \"quotes\""),
        ("due", "2026-11-23T01:00:00Z"),
        ("status", "open"),
        ("created", "2026-11-20T01:00:00Z"),
    ] {
        assert_eq!(first[name], value, "{name}");
    }
    assert_eq!(first["priority"], 5);
    assert_eq!(
        (&all[1]["status"], &all[1]["closed"]),
        (&"done".into(), &"2026-11-22T02:00:00Z".into())
    );
}

#[test]
fn an_empty_inbox_is_an_empty_array() {
    let mut out = Vec::new();
    assert_eq!(
        Room::new()
            .reader()
            .export(Export::Json, &mut out, jiff::Timestamp::UNIX_EPOCH)
            .unwrap(),
        0
    );
    assert_eq!(
        serde_json::from_slice::<Value>(&out).unwrap(),
        Value::Array(vec![])
    );
}

#[test]
fn the_calendar_has_a_vtodo_for_each() {
    let text = exported(&office(), Export::Calendar);
    assert!(
        text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
            && text.ends_with("END:VCALENDAR\r\n")
    );
    assert!(
        text.split("\r\n")
            .all(|line| line.len() <= 75 && !line.contains('\n')),
        "{text}"
    );
    let unfolded = text.replace("\r\n ", "");
    let todos: Vec<&str> = unfolded.split("BEGIN:VTODO\r\n").skip(1).collect();
    assert_eq!(todos.len(), 3);
    for line in [
        "UID:work:1",
        "SUMMARY:合同 & contract",
        "DESCRIPTION:Two lines\\,\\nwith\\; signs \\\\ and \"quotes\"",
        "URL:https://todo.example/1",
        "PRIORITY:1",
        "DUE:20261123T010000Z",
        "STATUS:NEEDS-ACTION",
        "CATEGORIES:legal,a\\, b",
        "CREATED:20261120T010000Z",
        "DTSTAMP:20261122T020000Z",
    ] {
        assert!(
            todos[0].split("\r\n").any(|found| found == line),
            "{line} in {}",
            todos[0]
        );
    }
    assert!(
        todos[1].contains("STATUS:COMPLETED\r\n")
            && todos[1].contains("COMPLETED:20261122T020000Z")
    );
    assert!(
        todos[2].contains("UID:work:3"),
        "without an id, the inbox's own key"
    );
}

#[test]
fn no_todo_breaks_out_of_its_place_in_the_calendar() {
    let mut room = Room::new();
    room.add(Draft {
        body: Some("x\nEND:VTODO\nBEGIN:VEVENT".to_owned()),
        tags: vec!["END:VTODO".to_owned()],
        ..draft("a\r\nEND:VTODO", "END:VTODO")
    });
    let mut out = Vec::new();
    room.reader()
        .export(Export::Calendar, &mut out, room.now)
        .unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(
        text.lines().filter(|line| *line == "END:VTODO").count(),
        1,
        "{text}"
    );
    assert!(!text.lines().any(|line| line == "BEGIN:VEVENT"));
}

#[test]
fn todos_of_removed_sources_are_not_exported() {
    let mut room = office();
    room.commit(&[Edit::Sources(vec![])]);
    let mut out = Vec::new();
    assert_eq!(
        room.reader()
            .export(Export::Json, &mut out, room.now)
            .unwrap(),
        0
    );
}
