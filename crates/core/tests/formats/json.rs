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
            },
            Skip {
                at: "/keepalive".to_owned(),
                is: None,
            },
        ],
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
