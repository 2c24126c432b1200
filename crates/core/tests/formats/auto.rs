//! `auto` decides by what it sees.

use belldot_core::format::{Format, Seen};

use crate::wire::{changes, seen, table};

#[test]
fn our_own_protocol() {
    table(
        &Format::Auto,
        &[
            (
                "event: todo\nid: 1\ndata: {\"id\":\"a\",\"title\":\"Sign\",\"status\":\"done\"}\n\n",
                &[r#"{"id":"a","title":"Sign","status":"done"}"#],
            ),
            ("event: unread\ndata: 5\n\n", &["unread 5"]),
        ],
    );
}

#[test]
fn a_server_of_twenty_lines() {
    table(
        &Format::Auto,
        &[
            ("data: Hello\n\n", &[r#"{"title":"Hello"}"#]),
            (
                "data: 2026-11-22 10:00:01 build finished\n\n",
                &[r#"{"title":"2026-11-22 10:00:01 build finished"}"#],
            ),
        ],
    );
}

#[test]
fn json_by_the_usual_names() {
    table(
        &Format::Auto,
        &[
            (
                concat!(
                    r#"data: {"id":17,"subject":"Approve","description":"Travel","link":"https://erp.example/17","#,
                    r#""severity":"high","due_date":"2026-12-01","state":"pending","labels":["travel"],"#,
                    r#""author":{"name":"Chen Jing"},"created_at":"2026-11-22T08:00:00Z"}"#,
                    "\n\n",
                ),
                &[concat!(
                    r#"{"id":"17","title":"Approve","body":"Travel","url":"https://erp.example/17","#,
                    r#""priority":4,"due":"2026-12-01T23:59:59Z","status":"open","tags":["travel"],"#,
                    r#""sender":"Chen Jing","created":"2026-11-22T08:00:00Z"}"#,
                )],
            ),
            (
                "data: {\"message\":\"Disk full\"}\n\n",
                &[r#"{"title":"Disk full"}"#],
            ),
            (
                "data: {\"title\":\"Call\",\"done\":true}\n\n",
                &[r#"{"title":"Call","status":"done"}"#],
            ),
            (
                "data: {\"type\":\"created\",\"payload\":{\"id\":\"9\",\"title\":\"Call\"}}\n\n",
                &[r#"{"id":"9","title":"Call"}"#],
            ),
            (
                "data: [{\"title\":\"A\"},{\"title\":\"B\"}]\n\n",
                &[r#"{"title":"A"}"#, r#"{"title":"B"}"#],
            ),
        ],
    );
}

#[test]
fn a_server_that_sends_only_a_number() {
    table(
        &Format::Auto,
        &[
            ("data: 5\n\n", &["unread 5"]),
            ("data: {\"unread\":5}\n\n", &["unread 5"]),
            ("data: {\"unread_count\":\"6\"}\n\n", &["unread 6"]),
            ("data: {\"count\":7,\"user\":\"me\"}\n\n", &["unread 7"]),
        ],
    );
}

#[test]
fn signs_of_life_are_no_todos() {
    for wire in [
        "data: ping\n\n",
        "data: \"ping\"\n\n",
        "data:\n\n",
        "data: null\n\n",
        "event: ping\ndata: 1\n\n",
        "event: keep-alive\ndata:\n\n",
        "event: stream-open\ndata:\n\n",
        "event: heartbeat\ndata: {\"time\":1}\n\n",
        "data: {\"type\":\"ping\"}\n\n",
        "data: {\"type\":\"connected\",\"client\":\"c-1\"}\n\n",
        "event: update\ndata: </stream>\n\n",
    ] {
        assert_eq!(changes(&Format::Auto, wire), Vec::<String>::new(), "{wire}");
    }
}

#[test]
fn what_nobody_understands_is_shown_as_it_is() {
    table(
        &Format::Auto,
        &[
            ("data: {broken\n\n", &[r#"{"title":"{broken"}"#]),
            ("data: {\"a\":1}\n\n", &[r#"{"title":"{\"a\":1}"}"#]),
            (
                "event: todo\ndata: {\"broken\n\n",
                &[r#"{"title":"{\"broken"}"#],
            ),
            ("data: [1,2]\n\n", &[r#"{"title":"[1,2]"}"#]),
        ],
    );
}

#[test]
fn quoted_strings_lose_their_quotes() {
    // FastAPI.
    table(
        &Format::Auto,
        &[(
            ": ping\r\n\r\ndata: \"Hello \\u4f60\\u597d\"\r\n\r\n",
            &[r#"{"title":"Hello 你好"}"#],
        )],
    );
}

#[test]
fn other_servers_are_recognised() {
    for (expected, wire) in [
        (
            Seen::Ntfy,
            r#"data: {"id":"p0M5y6gcCY","time":1635528909,"event":"message","topic":"t","message":"Hi!"}"#,
        ),
        (
            Seen::CloudEvent,
            r#"data: {"specversion":"1.0","id":"1","source":"/a","type":"t","data":{"title":"x"}}"#,
        ),
        (
            Seen::Wikimedia,
            r#"data: {"$schema":"/x/1","meta":{"stream":"s","domain":"d"},"title":"T"}"#,
        ),
        (
            Seen::HomeAssistant,
            r#"data: {"event_type":"call_service","data":{"message":"x"},"time_fired":"2026-11-22T00:00:00Z"}"#,
        ),
        (Seen::Json, r#"data: {"subject":"x"}"#),
        (Seen::Text, "data: x"),
    ] {
        assert_eq!(
            seen(&Format::Auto, &format!("{wire}\n\n")),
            expected,
            "{wire}"
        );
    }
}

#[test]
fn spring_and_rails_write_their_fields_in_any_order_and_without_spaces() {
    table(
        &Format::Auto,
        &[
            (
                "event:update\nid:1\ndata:{\"id\":1,\"title\":\"Sign\"}\n\n",
                &[r#"{"id":"1","title":"Sign"}"#],
            ),
            (
                "retry: 1000\nevent: note\nid: 2\ndata: {\"id\":2,\"title\":\"Pay\"}\n\n",
                &[r#"{"id":"2","title":"Pay"}"#],
            ),
        ],
    );
}

#[test]
fn nchan() {
    let wire = ": hi\n\nevent: todo\nid: 1450755280:0\ndata: hello\n\nevent: ping\ndata:\n\n: 410: 410 Gone\n\n";
    let all = changes(&Format::Auto, wire);
    assert_eq!(all.len(), 1);
    assert!(all[0].contains(r#""title":"hello""#), "{all:?}");
}
