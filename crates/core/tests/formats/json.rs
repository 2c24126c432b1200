//! JSON mapped by pointers.

use belldot_core::format::{Format, JsonMap, Seen, Skip};

use crate::wire::{changes, seen, table};

fn erp() -> Format {
    let at = |pointer: &str| Some(pointer.to_owned());
    Format::Json(JsonMap {
        title: at("/task/subject"),
        body: at("/task/text"),
        url: at("/links/0/href"),
        id: at("/task/no"),
        priority: at("/task/prio"),
        due: at("/task/until"),
        status: at("/task/state"),
        read: at("/task/seen"),
        tags: at("/task/groups"),
        sender: at("/task/owner/name"),
        created: at("/at"),
        count: at("/open"),
        events: vec!["task".to_owned(), "message".to_owned()],
        skip: vec![
            Skip {
                at: "/meta/domain".to_owned(),
                is: Some("canary".to_owned()),
                ..Skip::default()
            },
            Skip {
                at: "/keepalive".to_owned(),
                ..Skip::default()
            },
        ],
        ..JsonMap::default()
    })
}

#[test]
fn every_part_is_found_by_its_pointer() {
    table(
        &erp(),
        &[(
            concat!(
                r#"data: {"task":{"subject":"Sign","text":"Now","no":17,"prio":"urgent","until":1796000000,"#,
                r#""state":"closed","seen":1,"groups":[{"name":"legal"}],"owner":{"name":"Chen"}},"#,
                r#""links":[{"href":"https://erp.example/17"}],"at":1795309200123,"open":4}"#,
                "\n\n",
            ),
            &[
                concat!(
                    r#"{"id":"17","title":"Sign","body":"Now","url":"https://erp.example/17","priority":5,"#,
                    r#""due":"2026-11-30T00:53:20Z","status":"done","read":true,"tags":["legal"],"#,
                    r#""sender":"Chen","created":"2026-11-22T01:00:00.123Z"}"#,
                ),
                "unread 4",
            ],
        )],
    );
}

#[test]
fn what_is_missing_is_absent() {
    table(
        &erp(),
        &[(
            "data: {\"task\":{\"subject\":\"Sign\"}}\n\n",
            &[r#"{"title":"Sign"}"#],
        )],
    );
}

#[test]
fn keepalives_canaries_and_other_event_types_are_skipped() {
    for wire in [
        "data: {\"meta\":{\"domain\":\"canary\"},\"task\":{\"subject\":\"Test\"}}\n\n",
        "data: {\"keepalive\":true}\n\n",
        "event: audit\ndata: {\"task\":{\"subject\":\"Sign\"}}\n\n",
        "data:\n\n",
    ] {
        assert_eq!(seen(&erp(), wire), Seen::Nothing, "{wire}");
    }
}

#[test]
fn an_event_with_neither_title_nor_count_is_counted_as_not_understood() {
    for wire in [
        "data: {}\n\n",
        "data: hello\n\n",
        "data: {\"task\":{\"subject\":{}}}\n\n",
    ] {
        assert_eq!(seen(&erp(), wire), Seen::NotUnderstood, "{wire}");
    }
}

#[test]
fn a_map_without_a_title_is_a_count_alone() {
    let format = Format::Json(JsonMap {
        count: Some("/inbox/unread".to_owned()),
        ..JsonMap::default()
    });
    table(
        &format,
        &[(
            "data: {\"title\":\"x\",\"inbox\":{\"unread\":12}}\n\n",
            &["unread 12"],
        )],
    );
}

#[test]
fn the_empty_pointer_is_the_whole_event_and_escapes_are_understood() {
    let title = |pointer: &str| {
        Format::Json(JsonMap {
            title: Some(pointer.to_owned()),
            ..JsonMap::default()
        })
    };
    assert_eq!(
        changes(&title(""), "data: \"Sign\"\n\n"),
        [r#"{"title":"Sign"}"#]
    );
    assert_eq!(
        changes(
            &title("/a~1b/c~0d"),
            "data: {\"a/b\":{\"c~d\":\"Sign\"}}\n\n"
        ),
        [r#"{"title":"Sign"}"#]
    );
}

#[test]
fn every_element_of_an_array_is_mapped() {
    let format = Format::Json(JsonMap {
        title: Some("/t".to_owned()),
        ..JsonMap::default()
    });
    assert_eq!(
        changes(&format, "id: 1\ndata: [{\"t\":\"A\"},{\"t\":\"A\"}]\n\n").len(),
        2
    );
}

fn listed() -> JsonMap {
    JsonMap {
        each: Some("/biz/rows".to_owned()),
        title: Some("/what".to_owned()),
        id: Some("/no".to_owned()),
        ..JsonMap::default()
    }
}

const LISTED: [&str; 2] = [
    r#"{"id":"A-1","title":"Sign"}"#,
    r#"{"id":"A-2","title":"Pay"}"#,
];

#[test]
fn each_element_of_a_list_inside_of_the_event_is_a_to_do() {
    table(
        &Format::Json(listed()),
        &[
            (
                "data: {\"code\":0,\"biz\":{\"rows\":[{\"no\":\"A-1\",\"what\":\"Sign\"},{\"no\":\"A-2\",\"what\":\"Pay\"}]}}\n\n",
                &LISTED,
            ),
            // The members of an object, where all of them are objects.
            (
                "data: {\"biz\":{\"rows\":{\"x\":{\"no\":\"A-1\",\"what\":\"Sign\"},\"y\":{\"no\":\"A-2\",\"what\":\"Pay\"}}}}\n\n",
                &LISTED,
            ),
            // One thing in place of the list.
            (
                "data: {\"biz\":{\"rows\":{\"no\":\"A-1\",\"what\":\"Sign\"}}}\n\n",
                &LISTED[..1],
            ),
            // An element of another shape does not hide the others.
            (
                "data: {\"biz\":{\"rows\":[{\"no\":\"A-1\",\"what\":\"Sign\"},7,null,{}]}}\n\n",
                &LISTED[..1],
            ),
        ],
    );
}

#[test]
fn a_list_that_is_empty_is_nothing_and_one_that_is_not_there_is_not_understood() {
    let format = Format::Json(listed());
    for (wire, expected) in [
        ("data: {\"biz\":{\"rows\":[]}}\n\n", Seen::Nothing),
        ("data: {\"biz\":{\"rows\":null}}\n\n", Seen::Nothing),
        ("data: {\"biz\":{}}\n\n", Seen::NotUnderstood),
        (
            "data: {\"biz\":{\"rows\":[{\"no\":1}]}}\n\n",
            Seen::NotUnderstood,
        ),
        ("data: hello\n\n", Seen::NotUnderstood),
    ] {
        assert_eq!(seen(&format, wire), expected, "{wire}");
    }
}

#[test]
fn a_pointer_steps_into_json_inside_of_strings_several_levels_deep() {
    let rows = r#"[{"no":"A-1","what":"Sign"},{"no":"A-2","what":"Pay"}]"#;
    let biz = serde_json::json!({ "rows": rows }).to_string();
    let event = serde_json::json!({ "biz": biz });
    let twice = serde_json::json!(event.to_string());
    for event in [event, twice] {
        assert_eq!(
            changes(&Format::Json(listed()), &format!("data: {event}\n\n")),
            LISTED,
            "{event}"
        );
    }
}

#[test]
fn a_pointer_with_a_hash_starts_at_the_whole_event() {
    let format = Format::Json(JsonMap {
        sender: Some("#/by".to_owned()),
        count: Some("/open".to_owned()),
        ..listed()
    });
    assert_eq!(
        changes(
            &format,
            "data: {\"by\":\"Legal\",\"open\":9,\"biz\":{\"rows\":[{\"no\":1,\"what\":\"Sign\"}]}}\n\n"
        ),
        [r#"{"id":"1","title":"Sign","sender":"Legal"}"#, "unread 9"]
    );
}

#[test]
fn events_are_skipped_by_type_by_text_and_by_what_is_in_them() {
    let skip = |skip: Skip| {
        Format::Json(JsonMap {
            title: Some(String::new()),
            skip: vec![skip],
            ..JsonMap::default()
        })
    };
    let kind = skip(Skip {
        kind: Some("tick".to_owned()),
        ..Skip::default()
    });
    assert_eq!(seen(&kind, "event: tick\ndata: 17\n\n"), Seen::Nothing);
    assert_eq!(changes(&kind, "data: tick\n\n"), [r#"{"title":"tick"}"#]);

    let text = skip(Skip {
        is: Some("beat * of *".to_owned()),
        ..Skip::default()
    });
    assert_eq!(seen(&text, "data: beat 3 of 5\n\n"), Seen::Nothing);
    assert_eq!(
        changes(&text, "data: beat 3\n\n"),
        [r#"{"title":"beat 3"}"#]
    );

    let both = skip(Skip {
        kind: Some("note".to_owned()),
        is: Some("hello *".to_owned()),
        ..Skip::default()
    });
    assert_eq!(
        seen(&both, "event: note\ndata: hello all\n\n"),
        Seen::Nothing
    );
    assert_eq!(changes(&both, "data: hello all\n\n").len(), 1);
}

#[test]
fn elements_are_skipped_like_events() {
    let format = Format::Json(JsonMap {
        skip: vec![Skip {
            at: "/no".to_owned(),
            is: Some("A-1".to_owned()),
            ..Skip::default()
        }],
        ..listed()
    });
    let wire = "data: {\"biz\":{\"rows\":[{\"no\":\"A-1\",\"what\":\"Sign\"},{\"no\":\"A-2\",\"what\":\"Pay\"}]}}\n\n";
    assert_eq!(changes(&format, wire), LISTED[1..]);
}

#[test]
fn a_rule_that_says_nothing_skips_nothing() {
    let format = Format::Json(JsonMap {
        skip: vec![Skip::default()],
        ..listed()
    });
    let wire = "data: {\"biz\":{\"rows\":[{\"no\":\"A-1\",\"what\":\"Sign\"}]}}\n\n";
    assert_eq!(changes(&format, wire), LISTED[..1]);
}

#[test]
fn the_empty_pointer_is_the_text_of_an_event_that_is_no_json() {
    let format = Format::Json(JsonMap {
        title: Some(String::new()),
        ..JsonMap::default()
    });
    assert_eq!(
        changes(&format, "data: Call Chen\ndata: at noon\n\n"),
        [r#"{"title":"Call Chen","body":"at noon"}"#]
    );
}

mod guessing {
    use super::*;

    fn guessing(map: JsonMap) -> Format {
        Format::Json(JsonMap { guess: true, ..map })
    }

    #[test]
    fn what_has_no_pointer_is_read_by_its_usual_name() {
        let format = guessing(JsonMap {
            title: Some("/k2".to_owned()),
            ..JsonMap::default()
        });
        table(
            &format,
            &[(
                "data: {\"k2\":\"Sign\",\"title\":\"Form 7\",\"id\":9,\"priority\":5,\"url\":\"https://erp.example/9\"}\n\n",
                &[r#"{"id":"9","title":"Sign","url":"https://erp.example/9","priority":5}"#],
            )],
        );
    }

    #[test]
    fn so_is_what_is_not_where_its_pointer_leads() {
        let format = guessing(JsonMap {
            title: Some("/k2".to_owned()),
            id: Some("/k1".to_owned()),
            ..JsonMap::default()
        });
        assert_eq!(
            changes(&format, "data: {\"title\":\"Sign\",\"id\":9}\n\n"),
            [r#"{"id":"9","title":"Sign"}"#]
        );
    }

    #[test]
    fn elements_are_guessed_from_themselves() {
        let format = guessing(JsonMap {
            each: Some("/biz/rows".to_owned()),
            ..JsonMap::default()
        });
        assert_eq!(
            changes(
                &format,
                "data: {\"title\":\"Page 1\",\"biz\":{\"rows\":[{\"id\":1,\"title\":\"Sign\"},\"Pay\"]}}\n\n"
            ),
            [r#"{"id":"1","title":"Sign"}"#, r#"{"title":"Pay"}"#]
        );
    }

    #[test]
    fn a_map_that_only_skips_leaves_everything_else_to_auto() {
        let format = guessing(JsonMap {
            skip: vec![Skip {
                is: Some("beat *".to_owned()),
                ..Skip::default()
            }],
            ..JsonMap::default()
        });
        for wire in [
            "data: {\"title\":\"Sign\",\"id\":9}\n\n",
            "data: hello\n\n",
            "event: unread\ndata: 3\n\n",
            "data: {\"zzz\":1}\n\n",
        ] {
            assert_eq!(
                changes(&format, wire),
                changes(&Format::Auto, wire),
                "{wire}"
            );
        }
        assert_eq!(seen(&format, "data: beat 3\n\n"), Seen::Nothing);
    }

    #[test]
    fn json_without_anything_of_what_was_mapped_is_not_shown_as_it_stands() {
        let format = guessing(JsonMap {
            title: Some("/k2".to_owned()),
            ..JsonMap::default()
        });
        assert_eq!(
            seen(&format, "data: {\"zzz\":[1]}\n\n"),
            Seen::NotUnderstood
        );
        assert_eq!(seen(&format, "event: ping\ndata: 1\n\n"), Seen::Nothing);
    }
}
