//! What a server should not send.

use belldot_core::{
    format::{self, Change, Draft, Format},
    input::Event,
};
use serde_json::json;

fn draft(fields: serde_json::Value) -> Draft {
    let event = Event {
        kind: "todo".to_owned(),
        data: fields.to_string(),
        id: String::new(),
        own_id: false,
    };
    match format::decode(&Format::Todo, &event).changes.pop() {
        Some(Change::Upsert(draft)) => *draft,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_long_title_is_cut_between_words_and_goes_on_in_the_body() {
    let title = "word ".repeat(200);
    let draft = draft(json!({ "id": "1", "title": title, "body": "More." }));
    assert!(draft.title.chars().count() <= 500 && draft.title.ends_with("word"));
    let body = draft.body.unwrap();
    assert_eq!(
        format!("{} {body}", draft.title),
        format!("{}\n\nMore.", title.trim_end())
    );
}

#[test]
fn a_title_of_a_mebibyte_is_a_title_of_500_characters() {
    for letter in ["x", "字", "🔔"] {
        let draft = draft(json!({ "id": "1", "title": letter.repeat(1 << 20) }));
        assert_eq!(draft.title, letter.repeat(500));
        assert!(draft.body.unwrap().len() <= 64 * 1024);
    }
}

#[test]
fn a_body_of_a_mebibyte_is_cut_at_64_kibibytes_between_characters() {
    for letter in ["x", "字", "🔔"] {
        let draft = draft(json!({ "id": "1", "title": "Sign", "body": letter.repeat(1 << 20) }));
        let body = draft.body.unwrap();
        assert!(
            body.len() <= 64 * 1024 && body.len() > 64 * 1024 - 4,
            "{}",
            body.len()
        );
    }
}

#[test]
fn ten_thousand_tags_are_thirty_two() {
    let tags: Vec<String> = (0..10_000)
        .map(|tag| format!("tag {tag} {}", "x".repeat(500)))
        .collect();
    let draft = draft(json!({ "id": "1", "title": "Sign", "tags": tags }));
    assert_eq!(draft.tags.len(), 32);
    assert!(draft.tags.iter().all(|tag| tag.chars().count() <= 64));
}

#[test]
fn control_characters_and_turned_text_are_taken_out() {
    let draft = draft(json!({
        "id": "1",
        "title": "a\u{0}b\u{7}c\u{1b}[31m\u{202e}dlrow\u{202c}\u{2066}x\u{2069}\u{feff}",
        "body": "one\r\ntwo\u{2028}three\u{85}four\tfive\u{202e}",
        "sender": "Bo\u{202e}b\n",
        "tags": ["\u{202e}", "a\u{7}"],
    }));
    assert_eq!(draft.title, "abc[31mdlrowx");
    assert_eq!(draft.body.as_deref(), Some("one\ntwo\nthree\nfour\tfive"));
    assert_eq!(draft.sender.as_deref(), Some("Bob"));
    assert_eq!(draft.tags, ["a"]);
}

#[test]
fn letters_of_every_script_and_joined_emoji_stay() {
    let title = "שלום مرحبا 你好 👩‍👩‍👧 e\u{301}";
    assert_eq!(draft(json!({ "id": "1", "title": title })).title, title);
}

#[test]
fn only_web_addresses_may_be_opened() {
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "\u{1}javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "vbscript:x",
        "ftp://example.com/",
        "belldot://todo/1",
        "https://",
        "http:",
        "//example.com/",
        "/relative",
        "https://[::1",
    ] {
        assert_eq!(
            draft(json!({ "id": "1", "title": "Sign", "url": url })).url,
            None,
            "{url}"
        );
    }
    assert_eq!(
        draft(json!({ "id": "1", "title": "Sign", "url": " https://example.com/ü?a=b#c " }))
            .url
            .as_deref(),
        Some("https://example.com/%C3%BC?a=b#c")
    );
    let long = format!("https://example.com/{}", "x".repeat(10_000));
    assert_eq!(
        draft(json!({ "id": "1", "title": "Sign", "url": long })).url,
        None
    );
}

#[test]
fn a_name_that_looks_like_another_is_shown_as_it_is_resolved() {
    let draft = draft(json!({ "id": "1", "title": "Sign", "url": "https://аpple.com/" }));
    assert_eq!(draft.url.as_deref(), Some("https://xn--pple-43d.com/"));
}

#[test]
fn impossible_dates_are_dropped() {
    for due in [
        json!("+099999-01-01T00:00:00Z"),
        json!("99999-01-01T00:00:00Z"),
        json!("2026-02-30T00:00:00Z"),
        json!("2026-13-01"),
        json!("soon"),
        json!("-9999-01-01T00:00:00Z"),
        json!(1e300),
        json!(-1),
        json!(u64::MAX),
        json!([]),
    ] {
        assert_eq!(
            draft(json!({ "id": "1", "title": "Sign", "due": due })).due,
            None,
            "{due}"
        );
    }
}

#[test]
fn priorities_outside_of_one_to_five_are_the_nearest() {
    for (given, kept) in [(-7, 1), (0, 1), (1, 1), (5, 5), (9, 5), (i64::MAX, 5)] {
        let draft = draft(json!({ "id": "1", "title": "Sign", "priority": given }));
        assert_eq!(u8::from(draft.priority), kept);
    }
}

#[test]
fn an_id_of_a_mebibyte_still_names_one_todo() {
    let id = |last: char| format!("{}{last}", "x".repeat(1 << 20));
    let ids: Vec<_> = ['a', 'a', 'b']
        .map(|last| {
            draft(json!({ "id": id(last), "title": "Sign" }))
                .id
                .unwrap()
        })
        .into();
    assert!(ids[0].len() <= 512);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}

#[test]
fn markup_is_text() {
    let title = "<b>Sign</b><script>alert(1)</script>";
    assert_eq!(draft(json!({ "id": "1", "title": title })).title, title);
}

#[test]
fn json_nested_a_hundred_thousand_deep_does_no_harm() {
    let data = "[".repeat(100_000);
    let event = Event {
        kind: "message".to_owned(),
        data,
        id: String::new(),
        own_id: false,
    };
    assert_eq!(format::decode(&Format::Auto, &event).changes.len(), 1);
}

#[test]
fn a_title_or_a_name_of_which_nothing_is_seen_is_none() {
    for unseen in [
        "\u{200b}\u{200b}",
        "\u{3164}",
        "\u{ad}",
        "\u{2800}",
        "\u{200e}\u{61c}",
        "\u{e0020}",
    ] {
        let named = draft(
            json!({ "id": "1", "title": unseen, "body": "Sign the lease", "sender": unseen, "tags": [unseen] }),
        );
        assert_eq!(named.title, "Sign the lease", "{unseen:?}");
        assert_eq!(named.sender, None, "{unseen:?}");
        assert!(named.tags.is_empty(), "{unseen:?}");
    }
}
