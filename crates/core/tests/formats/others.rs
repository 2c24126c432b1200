//! Formats of servers that others wrote, by the bytes of their own documentation.

use belldot_core::format::{Cursor, Format, Seen};
use url::Url;

use crate::wire::{changes, cursor, decoded, seen, table};

#[test]
fn ntfy() {
    table(
        &Format::Ntfy,
        &[
            (
                "event: open\ndata: {\"id\":\"weSj9RtNkj\",\"time\":1635528898,\"event\":\"open\",\"topic\":\"mytopic\"}\n\n",
                &[],
            ),
            (
                "data: {\"id\":\"p0M5y6gcCY\",\"time\":1635528909,\"event\":\"message\",\"topic\":\"mytopic\",\"message\":\"Hi!\"}\n\n",
                &[
                    r#"{"id":"p0M5y6gcCY","title":"Hi!","sender":"mytopic","created":"2021-10-29T17:35:09Z"}"#,
                ],
            ),
            (
                "event: keepalive\ndata: {\"id\":\"VNxNIg5fpt\",\"time\":1635528928,\"event\":\"keepalive\",\"topic\":\"test\"}\n\n",
                &[],
            ),
            (
                concat!(
                    r#"data: {"id":"a1","time":1635528909,"expires":1735528909,"event":"message","topic":"alerts","#,
                    r#""title":"Unauthorized access","message":"Remote access\nfrom 10.0.0.1","priority":5,"#,
                    r#""tags":["warning","skull"],"click":"https://example.com/alerts","#,
                    r#""actions":[{"id":"x","action":"view","label":"Open","url":"https://example.com"}],"#,
                    r#""attachment":{"name":"a.jpg","url":"https://example.com/a.jpg"}}"#,
                    "\n\n",
                ),
                &[concat!(
                    r#"{"id":"a1","title":"Unauthorized access","body":"Remote access\nfrom 10.0.0.1","#,
                    r#""url":"https://example.com/alerts","priority":5,"tags":["warning","skull"],"#,
                    r#""sender":"alerts","created":"2021-10-29T17:35:09Z"}"#,
                )],
            ),
        ],
    );
}

#[test]
fn messages_of_one_ntfy_sequence_update_clear_and_delete_one_todo() {
    let message = |id: &str, event: &str, text: &str| {
        format!(
            r#"data: {{"id":"{id}","time":1,"event":"{event}","topic":"t","sequence_id":"s1","message":"{text}"}}"#
        ) + "\n\n"
    };
    let wire = [
        message("a", "message", "Build started"),
        message("b", "message", "Build finished"),
        message("c", "message_clear", ""),
        message("d", "message_delete", ""),
    ]
    .concat();
    let all = changes(&Format::Ntfy, &wire);
    assert!(
        all[0].starts_with(r#"{"id":"s1","title":"Build started""#),
        "{all:?}"
    );
    assert!(
        all[1].starts_with(r#"{"id":"s1","title":"Build finished""#),
        "{all:?}"
    );
    assert_eq!(all[2..], ["read s1", "remove s1"]);
    assert_eq!(cursor(&Format::Ntfy, &wire), Cursor::Since("d".to_owned()));
}

#[test]
fn ntfys_cursor_is_the_last_messages_id_and_never_that_of_a_keepalive() {
    let wire = concat!(
        "data: {\"id\":\"m1\",\"time\":1,\"event\":\"message\",\"topic\":\"t\",\"message\":\"x\"}\n\n",
        "event: keepalive\ndata: {\"id\":\"k1\",\"time\":2,\"event\":\"keepalive\",\"topic\":\"t\"}\n\n",
    );
    for format in [Format::Ntfy, Format::Auto] {
        let cursors: Vec<_> = decoded(&format, wire)
            .into_iter()
            .map(|decoded| decoded.cursor)
            .collect();
        assert_eq!(cursors[0], Cursor::Since("m1".to_owned()));
        assert!(!matches!(cursors[1], Cursor::Since(_)), "{cursors:?}");
    }
}

#[test]
fn ntfy_is_asked_for_what_it_still_has_and_then_for_what_came_since() {
    let url = Url::parse("https://ntfy.example/t/sse?poll=0").unwrap();
    let address = |since| Format::Ntfy.address(&url, since).map(String::from);
    assert_eq!(
        address(None).unwrap(),
        "https://ntfy.example/t/sse?poll=0&since=all"
    );
    assert_eq!(
        address(Some("m1")).unwrap(),
        "https://ntfy.example/t/sse?poll=0&since=m1"
    );
    let chosen = Url::parse("https://ntfy.example/t/sse?since=10m").unwrap();
    assert_eq!(Format::Ntfy.address(&chosen, None), None);
    assert_eq!(
        Format::Ntfy.address(&chosen, Some("m1")).unwrap().as_str(),
        "https://ntfy.example/t/sse?since=m1"
    );
    assert_eq!(Format::Auto.address(&url, None), None);
}

#[test]
fn mercure() {
    let wire = concat!(
        ":\n\n",
        "event: message\nid: urn:uuid:e1ee88e2-0000-0000-0000-000000000000\n",
        "data: {\"@id\":\"https://example.com/books/1\",\"title\":\"Book 1\",\"status\":\"checked out\"}\n\n",
    );
    table(
        &Format::Mercure,
        &[(
            wire,
            &[r#"{"id":"https://example.com/books/1","title":"Book 1"}"#],
        )],
    );
    assert_eq!(
        cursor(&Format::Mercure, wire),
        Cursor::Id("urn:uuid:e1ee88e2-0000-0000-0000-000000000000".to_owned())
    );
    // An update that has no title is shown as it is.
    let wire = "id: urn:uuid:1\ndata: {\"status\": \"checked out\"}\n\n";
    assert!(changes(&Format::Mercure, wire)[0].contains("checked out"));
}

#[test]
fn django_eventstream_speaks_of_its_stream_and_its_error_is_no_place_to_go_on_from() {
    let wire = concat!(
        "event: stream-open\ndata:\n\n",
        "event: message\nid: 7\ndata: {\"id\":1,\"title\":\"Sign\"}\n\n",
        "event: stream-error\nid: error\ndata: {\"condition\":\"forbidden\",\"text\":\"Permission denied\"}\n\n",
    );
    let all = decoded(&Format::Auto, wire);
    assert_eq!(all[2].said.as_deref(), Some("Permission denied"));
    assert_eq!(cursor(&Format::Auto, wire), Cursor::Id("7".to_owned()));
    assert_eq!(changes(&Format::Auto, wire).len(), 1);
}

#[test]
fn home_assistant() {
    table(
        &Format::HomeAssistant,
        &[
            ("data: ping\n\n", &[]),
            (
                concat!(
                    r#"data: {"event_type":"state_changed","data":{"entity_id":"binary_sensor.door","old_state":null,"#,
                    r#""new_state":{"entity_id":"binary_sensor.door","state":"on","#,
                    r#""attributes":{"friendly_name":"Front door"}}},"origin":"LOCAL","#,
                    r#""time_fired":"2026-11-22T02:00:00.000000+00:00","context":{"id":"01"}}"#,
                    "\n\n",
                ),
                &[concat!(
                    r#"{"id":"binary_sensor.door","title":"Front door: on","sender":"binary_sensor.door","#,
                    r#""created":"2026-11-22T02:00:00Z"}"#,
                )],
            ),
            (
                concat!(
                    r#"data: {"event_type":"ios.notification","data":{"title":"Laundry","message":"The machine is done"},"#,
                    r#""time_fired":"2026-11-22T02:00:00Z"}"#,
                    "\n\n",
                ),
                &[concat!(
                    r#"{"title":"Laundry","body":"The machine is done","sender":"ios.notification","#,
                    r#""created":"2026-11-22T02:00:00Z"}"#,
                )],
            ),
            (
                "data: {\"event_type\":\"homeassistant_started\",\"data\":{},\"time_fired\":\"2026-11-22T02:00:00Z\"}\n\n",
                &[
                    r#"{"title":"homeassistant_started","sender":"homeassistant_started","created":"2026-11-22T02:00:00Z"}"#,
                ],
            ),
        ],
    );
}

#[test]
fn wikimedia() {
    let wire = concat!(
        ":ok\n\nevent: message\n",
        r#"id: [{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":1532031066001}]"#,
        "\n",
        r#"data: {"$schema":"/mediawiki/recentchange/1.0.0","meta":{"uri":"https://en.wikipedia.org/wiki/Bell","#,
        r#""id":"b7d26b2f","dt":"2026-11-22T02:00:00Z","domain":"en.wikipedia.org","stream":"mediawiki.recentchange"},"#,
        r#""id":1,"type":"edit","title":"Bell","comment":"typo","user":"Ringer","wiki":"enwiki"}"#,
        "\n\n",
    );
    table(
        &Format::Wikimedia,
        &[(
            wire,
            &[concat!(
                r#"{"id":"b7d26b2f","title":"Bell","body":"typo","url":"https://en.wikipedia.org/wiki/Bell","#,
                r#""tags":["edit","enwiki"],"sender":"Ringer","created":"2026-11-22T02:00:00Z"}"#,
            )],
        )],
    );
    assert_eq!(
        cursor(&Format::Wikimedia, wire),
        Cursor::Id(
            r#"[{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":1532031066001}]"#
                .to_owned()
        )
    );
    let canary = r#"data: {"$schema":"/x/1","meta":{"domain":"canary","stream":"s"},"title":"T"}"#;
    assert_eq!(
        seen(&Format::Wikimedia, &format!("{canary}\n\n")),
        Seen::Nothing
    );
}

#[test]
fn cloudevents() {
    table(
        &Format::CloudEvents,
        &[
            (
                concat!(
                    r#"data: {"specversion":"1.0","type":"com.example.todo","source":"/erp","id":"A234-1234","#,
                    r#""time":"2026-11-22T02:00:00Z","datacontenttype":"application/json","#,
                    r#""data":{"id":"17","title":"Sign","priority":4}}"#,
                    "\n\n",
                ),
                &[
                    r#"{"id":"17","title":"Sign","priority":4,"sender":"/erp","created":"2026-11-22T02:00:00Z"}"#,
                ],
            ),
            (
                concat!(
                    r#"data: {"specversion":"1.0","type":"com.example.note","source":"/erp","id":"2","#,
                    r#""data":{"message":"Disk full"}}"#,
                    "\n\n",
                ),
                &[r#"{"id":"/erp 2","title":"Disk full","sender":"/erp"}"#],
            ),
            (
                "data: {\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"/erp\",\"id\":\"3\",\"data\":\"Hello\"}\n\n",
                &[r#"{"id":"/erp 3","title":"Hello","sender":"/erp"}"#],
            ),
            (
                "data: {\"specversion\":\"1.0\",\"type\":\"com.example.deleted\",\"source\":\"/erp\",\"id\":\"4\",\"subject\":\"file.txt\"}\n\n",
                &[r#"{"id":"/erp 4","title":"file.txt","sender":"/erp"}"#],
            ),
        ],
    );
    assert_eq!(
        seen(&Format::CloudEvents, "data: {\"title\":\"x\"}\n\n"),
        Seen::NotUnderstood
    );
}
