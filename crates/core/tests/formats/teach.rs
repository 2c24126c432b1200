//! A mapping by example.

use belldot_core::{
    format::{Format, JsonMap, Lesson, Part, Seen, Skip, teach},
    source::{Source, SourceId},
};

use crate::wire::{changes, events, seen};

/// An envelope whose names say nothing.
const UNKNOWN: &str = concat!(
    r#"data: {"code":0,"biz":{"by":"Legal","zzz":[{"k1":"A-1","k2":"Sign the contract","k3":"2027-01-31T17:00:00Z"},"#,
    r#"{"k1":"A-2","k2":"Pay the bill","k3":"2027-02-01T17:00:00Z"}]}}"#,
    "\n\n",
);

fn part(part: Part, at: &str) -> Lesson {
    Lesson::Part {
        at: at.to_owned(),
        part,
    }
}

fn each(at: &str) -> Lesson {
    Lesson::Each { at: at.to_owned() }
}

/// What a person means who says all this of the first event.
fn taught(format: &Format, wire: &str, lessons: &[Lesson]) -> Format {
    let events = events(wire);
    lessons.iter().fold(format.clone(), |format, lesson| {
        teach(&format, &events, 0, lesson)
    })
}

fn map(format: Format) -> JsonMap {
    match format {
        Format::Json(map) => map,
        other => panic!("{other:?} is no map"),
    }
}

/// What is left out by a person who says so of that event.
fn left_out(wire: &str, which: usize) -> Vec<Skip> {
    map(teach(
        &Format::Auto,
        &events(wire),
        which,
        &Lesson::LeaveOut,
    ))
    .skip
}

#[test]
fn an_unknown_envelope_with_a_list_is_right_after_three_lessons() {
    let format = taught(
        &Format::Auto,
        UNKNOWN,
        &[
            each("/biz/zzz"),
            part(Part::Title, "/biz/zzz/0/k2"),
            part(Part::Id, "/biz/zzz/0/k1"),
        ],
    );
    assert_eq!(
        changes(&format, UNKNOWN),
        [
            r#"{"id":"A-1","title":"Sign the contract"}"#,
            r#"{"id":"A-2","title":"Pay the bill"}"#,
        ]
    );
}

#[test]
fn who_names_the_title_of_one_thing_in_a_list_means_all_of_them() {
    let format = taught(
        &Format::Auto,
        UNKNOWN,
        &[
            part(Part::Title, "/biz/zzz/1/k2"),
            part(Part::Id, "/biz/zzz/0/k1"),
            part(Part::Due, "/biz/zzz/1/k3"),
        ],
    );
    let map = map(format.clone());
    assert_eq!(map.each.as_deref(), Some("/biz/zzz"));
    assert_eq!(map.title.as_deref(), Some("/k2"));
    assert_eq!(
        changes(&format, UNKNOWN)[0],
        r#"{"id":"A-1","title":"Sign the contract","due":"2027-01-31T17:00:00Z"}"#
    );
}

#[test]
fn one_to_do_with_a_list_in_it_stays_one() {
    let wire = r#"data: {"title":"Sign","people":[{"n":"Chen"},{"n":"Wang"}]}"#;
    let wire = format!("{wire}\n\n");
    let format = taught(&Format::Auto, &wire, &[part(Part::Sender, "/people/0/n")]);
    assert_eq!(
        changes(&format, &wire),
        [r#"{"title":"Sign","sender":"Chen"}"#]
    );
}

#[test]
fn what_stands_beside_the_list_may_be_a_part_of_each() {
    let format = taught(
        &Format::Auto,
        UNKNOWN,
        &[
            each("/biz/zzz"),
            part(Part::Title, "/biz/zzz/0/k2"),
            part(Part::Sender, "/biz/by"),
        ],
    );
    assert_eq!(map(format.clone()).sender.as_deref(), Some("#/biz/by"));
    assert!(changes(&format, UNKNOWN)[1].contains(r#""sender":"Legal""#));
}

#[test]
fn parts_said_before_the_list_stay_where_they_are() {
    let format = taught(
        &Format::Auto,
        UNKNOWN,
        &[
            part(Part::Title, "/biz/by"),
            part(Part::Sender, "/biz/by"),
            part(Part::Id, "/biz/zzz/0/k1"),
            each("/biz/zzz"),
        ],
    );
    let map = map(format);
    assert_eq!(map.title, None, "the title was of the whole event");
    assert_eq!(map.sender.as_deref(), Some("#/biz/by"));
    assert_eq!(map.id.as_deref(), Some("/k1"));
}

#[test]
fn a_part_moves_to_the_value_that_was_said_last() {
    let wire = "data: {\"a\":\"One\",\"b\":\"Two\"}\n\n";
    let format = taught(
        &Format::Auto,
        wire,
        &[part(Part::Title, "/a"), part(Part::Title, "/b")],
    );
    assert_eq!(changes(&format, wire), [r#"{"title":"Two"}"#]);
}

#[test]
fn the_title_may_move_out_of_the_list() {
    let format = taught(
        &Format::Auto,
        UNKNOWN,
        &[
            each("/biz/zzz"),
            part(Part::Title, "/biz/zzz/0/k2"),
            part(Part::Title, "/biz/by"),
        ],
    );
    assert_eq!(changes(&format, UNKNOWN), [r#"{"title":"Legal"}"#]);
}

#[test]
fn the_same_again_takes_it_back_and_with_nothing_said_it_is_automatic() {
    let lessons = [
        each("/biz/zzz"),
        part(Part::Title, "/biz/zzz/0/k2"),
        Lesson::LeaveOut,
    ];
    for lesson in lessons {
        let format = taught(&Format::Auto, UNKNOWN, &[lesson.clone(), lesson.clone()]);
        let said = match &format {
            Format::Json(map) => map.title.clone(),
            _ => None,
        };
        assert_eq!(said, None, "{lesson:?}");
    }
    let twice = taught(
        &Format::Auto,
        UNKNOWN,
        &[each("/biz/zzz"), each("/biz/zzz")],
    );
    assert_eq!(twice, Format::Auto);
}

#[test]
fn only_what_is_wrong_needs_to_be_said() {
    let wire = r#"data: {"data":{"id":7,"title":"Form 7","k9":"Sign the contract","due":"2027-01-31T17:00:00Z"}}"#;
    let wire = format!("{wire}\n\n");
    let format = taught(&Format::Auto, &wire, &[part(Part::Title, "/data/k9")]);
    assert_eq!(
        changes(&format, &wire),
        [r#"{"id":"7","title":"Sign the contract","due":"2027-01-31T17:00:00Z"}"#]
    );
}

#[test]
fn elements_of_an_event_that_is_a_list_are_taught_as_well() {
    let wire = "data: [{\"k2\":\"Sign\"},{\"k2\":\"Pay\"}]\n\n";
    let format = taught(&Format::Auto, wire, &[part(Part::Title, "/1/k2")]);
    assert_eq!(
        changes(&format, wire),
        [r#"{"title":"Sign"}"#, r#"{"title":"Pay"}"#]
    );
}

#[test]
fn values_inside_of_strings_are_taught_as_well() {
    let wire = r#"data: {"x":"{\"rows\":[{\"k2\":\"Sign\"},{\"k2\":\"Pay\"}]}"}"#;
    let wire = format!("{wire}\n\n");
    let format = taught(&Format::Auto, &wire, &[part(Part::Title, "/x/rows/0/k2")]);
    assert_eq!(
        changes(&format, &wire),
        [r#"{"title":"Sign"}"#, r#"{"title":"Pay"}"#]
    );
}

#[test]
fn events_are_left_out_by_their_type() {
    let skip = left_out(
        "event: audit\ndata: {\"who\":\"x\"}\n\ndata: {\"title\":\"Sign\"}\n\n",
        0,
    );
    assert_eq!(skip[0].kind.as_deref(), Some("audit"));
}

#[test]
fn events_are_left_out_by_the_member_that_tells_what_they_are() {
    let wire = concat!(
        "data: {\"type\":\"stats\",\"title\":\"Load 7\",\"cpu\":7}\n\n",
        "data: {\"type\":\"task\",\"title\":\"Sign\"}\n\n",
    );
    let skip = left_out(wire, 0);
    assert_eq!(
        (skip[0].at.as_str(), skip[0].is.as_deref()),
        ("/type", Some("stats"))
    );
}

#[test]
fn events_are_left_out_by_a_member_that_to_dos_do_not_have() {
    let wire = concat!(
        "data: {\"title\":\"Load 7\",\"cpu\":7}\n\n",
        "data: {\"title\":\"Sign\"}\n\n",
    );
    let skip = left_out(wire, 0);
    assert_eq!((skip[0].at.as_str(), skip[0].is.as_deref()), ("/cpu", None));
}

#[test]
fn an_event_that_came_alone_is_left_out_by_what_it_says_and_not_for_having_an_id() {
    let skip = left_out("data: {\"id\":1,\"title\":\"Load 7\"}\n\n", 0);
    assert_eq!(
        (skip[0].at.as_str(), skip[0].is.as_deref()),
        ("/title", Some("Load *"))
    );
    let skip = left_out("data: {\"tick\":17}\n\n", 0);
    assert_eq!(
        (skip[0].at.as_str(), skip[0].is.as_deref()),
        ("/tick", None)
    );
}

#[test]
fn events_of_a_kind_are_left_out_together_and_to_dos_that_look_like_them_stay() {
    let beats = "data: {\"msg\":\"beat\",\"at\":\"10:01\"}\n\ndata: {\"msg\":\"beat\",\"at\":\"10:02\"}\n\n";
    let skip = left_out(beats, 0);
    assert_eq!(
        (skip[0].at.as_str(), skip[0].is.as_deref()),
        ("/msg", Some("beat"))
    );

    let alike = "data: {\"type\":\"task\",\"title\":\"Load 7\"}\n\ndata: {\"type\":\"task\",\"title\":\"Sign\"}\n\n";
    let skip = left_out(alike, 0);
    assert_eq!(
        (skip[0].at.as_str(), skip[0].is.as_deref()),
        ("/title", Some("Load *"))
    );
}

#[test]
fn a_text_is_left_out_whatever_its_numbers_and_others_stay() {
    let wire = "data: beat 17 at 12:30\n\ndata: Call Chen at 12:30\n\n";
    let format = teach(&Format::Auto, &events(wire), 0, &Lesson::LeaveOut);
    assert_eq!(seen(&format, "data: beat 18 at 9:05\n\n"), Seen::Nothing);
    assert_eq!(
        changes(&format, "data: Call Chen at 12:30\n\n"),
        [r#"{"title":"Call Chen at 12:30"}"#]
    );
}

#[test]
fn a_source_of_plain_text_leaves_out_as_well_and_shows_json_as_it_did() {
    let wire = "data: beat 17\n\n";
    let format = teach(&Format::Text, &events(wire), 0, &Lesson::LeaveOut);
    assert_eq!(seen(&format, wire), Seen::Nothing);
    let json = "data: {\"title\":\"x\"}\n\n";
    assert_eq!(changes(&format, json), changes(&Format::Text, json));
}

#[test]
fn leaving_out_leaves_no_to_do_of_another_kind_out() {
    for (wire, which) in [
        (
            "event: m\ndata: {\"type\":\"a\",\"title\":\"x\",\"z\":1}\n\nevent: m\ndata: {\"type\":\"a\",\"title\":\"Sign\"}\n\n",
            0,
        ),
        ("data: 1732492800123\n\ndata: Order 12\n\n", 0),
        ("data: []\n\ndata: Order 12\n\n", 0),
        ("data: null\n\ndata: Order 12\n\n", 0),
        ("data: {}\n\ndata: {\"title\":\"x\"}\n\n", 0),
    ] {
        let all = events(wire);
        let format = teach(&Format::Auto, &all, which, &Lesson::LeaveOut);
        let kept = wire.split_inclusive("\n\n").nth(1).unwrap();
        assert_eq!(
            changes(&format, kept),
            changes(&Format::Auto, kept),
            "{wire}"
        );
    }
}

#[test]
fn a_server_of_belldots_own_takes_changes_whatever_it_leaves_out() {
    let url = "https://todo.example/api/v1/events".parse().unwrap();
    let mut source = Source::new(SourceId("work".to_owned()), "Work", url);
    source.format = taught(&Format::Auto, "data: beat 17\n\n", &[Lesson::LeaveOut]);
    assert_ne!(source.format, Format::Auto);
    assert!(source.takes_changes());
}

#[test]
fn a_lesson_about_an_event_that_is_not_there_changes_nothing() {
    let all = events(UNKNOWN);
    assert_eq!(
        teach(&Format::Text, &all, 7, &Lesson::LeaveOut),
        Format::Text
    );
    for at in ["/nowhere/0/x", "no pointer", "/biz/zzz/99/k2", "/~"] {
        let format = teach(&Format::Auto, &all, 0, &part(Part::Title, at));
        let _ = changes(&format, UNKNOWN);
    }
}
