//! Belldot's own protocol, and plain text.

use belldot_core::format::{Change, Cursor, Format, Seen};

use crate::wire::{changes, cursor, decoded, seen, table};

#[test]
fn the_whole_todo_of_our_own_protocol() {
    table(
        &Format::Todo,
        &[(
            concat!(
                "event: todo\nid: 42\n",
                r#"data: {"id":"018f","title":"Sign","body":"Two lines\nof text","#,
                r#""url":"https://todo.example/1","priority":5,"due":"2026-11-23T09:00:00+08:00","#,
                r#""status":"open","read":false,"tags":["legal","urgent"],"sender":"Wang Lei","#,
                r#""created":"2026-11-22T01:02:03.456789Z","updated":"2026-11-22T01:02:03Z"}"#,
                "\n\n",
            ),
            &[concat!(
                r#"{"id":"018f","title":"Sign","body":"Two lines\nof text","#,
                r#""url":"https://todo.example/1","priority":5,"due":"2026-11-23T01:00:00Z","#,
                r#""status":"open","read":false,"tags":["legal","urgent"],"sender":"Wang Lei","#,
                r#""created":"2026-11-22T01:02:03.456Z"}"#,
            )],
        )],
    );
}

#[test]
fn an_unread_count_is_a_number_or_an_object() {
    table(
        &Format::Todo,
        &[
            ("event: unread\ndata: 5\n\n", &["unread 5"]),
            ("event: unread\ndata: {\"count\": 7}\n\n", &["unread 7"]),
            ("event: unread\ndata: {\"unread\": 8}\n\n", &["unread 8"]),
        ],
    );
}

#[test]
fn fields_of_a_wrong_type_are_dropped_and_the_todo_stays() {
    table(
        &Format::Todo,
        &[(
            concat!(
                "event: todo\n",
                r#"data: {"id":7,"title":"Sign","body":5,"url":{},"priority":"soon","due":"tomorrow","#,
                r#""status":"maybe","read":"yes","tags":"a, b","sender":[1],"created":true}"#,
                "\n\n",
            ),
            &[r#"{"id":"7","title":"Sign","tags":["a","b"]}"#],
        )],
    );
}

#[test]
fn what_is_no_todo_is_counted() {
    for data in [
        "{broken",
        "null",
        "[]",
        "42",
        "{}",
        r#"{"id":"1"}"#,
        r#"{"id":"1","title":"  "}"#,
    ] {
        assert_eq!(
            seen(&Format::Todo, &format!("event: todo\ndata: {data}\n\n")),
            Seen::NotUnderstood
        );
    }
    assert_eq!(
        seen(&Format::Todo, "event: unread\ndata: many\n\n"),
        Seen::NotUnderstood
    );
}

#[test]
fn a_later_protocols_events_and_signs_of_life_are_nothing() {
    for kind in ["ping", "keepalive", "todo-archived"] {
        assert_eq!(
            seen(&Format::Todo, &format!("event: {kind}\ndata: {{}}\n\n")),
            Seen::Nothing
        );
    }
}

#[test]
fn the_farewell_of_a_full_server_is_no_todo_in_any_format() {
    for format in [Format::Auto, Format::Todo, Format::Text, Format::Mercure] {
        assert_eq!(
            changes(&format, "data: Too many connections\n\n"),
            Vec::<String>::new()
        );
    }
    // With a type, or in other words, it is somebody's text.
    assert_eq!(
        changes(&Format::Text, "event: note\ndata: Too many connections\n\n").len(),
        1
    );
}

#[test]
fn the_first_line_of_a_text_is_the_title_and_the_rest_the_body() {
    table(
        &Format::Text,
        &[
            ("data: Hello\n\n", &[r#"{"title":"Hello"}"#]),
            (
                "data: Hello\ndata:\ndata: World\ndata: again\n\n",
                &[r#"{"title":"Hello","body":"World\nagain"}"#],
            ),
            ("data:   Hello  \n\n", &[r#"{"title":"Hello"}"#]),
            ("data: {\"a\":1}\n\n", &[r#"{"title":"{\"a\":1}"}"#]),
            ("data: 42\n\n", &[r#"{"title":"42"}"#]),
            ("data:\n\n", &[]),
            ("event: ping\ndata: x\n\n", &[]),
        ],
    );
}

#[test]
fn texts_without_an_id_are_todos_of_their_own_however_alike() {
    let all = changes(&Format::Text, "data: Hello\n\ndata: Hello\n\n");
    assert_eq!(all, [r#"{"title":"Hello"}"#; 2]);
}

#[test]
fn a_text_has_no_id_and_is_told_from_others_by_its_words_whatever_its_event_is_called() {
    let words = |wire: &str| match decoded(&Format::Text, wire)[0].changes[0].clone() {
        Change::Upsert(draft) => {
            assert_eq!(draft.id, None, "{wire}");
            draft.words.unwrap()
        }
        change => panic!("{change:?}"),
    };
    let hello = words("id: 5\ndata: Hello\n\n");
    assert_eq!(hello, words("id: 6\ndata: Hello\n\n"));
    assert_eq!(hello, words("data: Hello\n\n"));
    assert_ne!(hello, words("data: Hello \n\n"), "word for word");
    assert_ne!(hello, words("event: note\ndata: Hello\n\n"));
}

#[test]
fn the_cursor_is_the_last_event_id_byte_for_byte() {
    assert_eq!(
        cursor(&Format::Text, "id:  a b \ndata: x\n\n"),
        Cursor::Id(" a b ".to_owned())
    );
    assert_eq!(
        cursor(&Format::Todo, "id: 7\nevent: ping\ndata: x\n\n"),
        Cursor::Id("7".to_owned())
    );
}
