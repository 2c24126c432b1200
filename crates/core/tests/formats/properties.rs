//! Whatever a server sends: no panic, and nothing unfit to be shown.

use belldot_core::{
    format::{self, Change, Draft, Format, JsonMap, Skip},
    input::Event,
};
use proptest::prelude::*;
use serde_json::{Map, Value};

fn formats() -> Vec<Format> {
    let at = |pointer: &str| Some(pointer.to_owned());
    vec![
        Format::Auto,
        Format::Todo,
        Format::Text,
        Format::CloudEvents,
        Format::Ntfy,
        Format::Mercure,
        Format::HomeAssistant,
        Format::Wikimedia,
        Format::Json(JsonMap {
            title: at("/title"),
            id: at("/id"),
            due: at("/due"),
            count: at("/count"),
            skip: vec![Skip {
                at: "/data".to_owned(),
                is: at("x"),
            }],
            ..JsonMap::default()
        }),
    ]
}

/// Values under the names that formats look for.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        "[0-9T:+.Z-]{0,30}".prop_map(Value::from),
        "(https?|javascript|data):.{0,20}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("id"),
        Just("title"),
        Just("message"),
        Just("body"),
        Just("due"),
        Just("priority"),
        Just("tags"),
        Just("url"),
        Just("status"),
        Just("read"),
        Just("count"),
        Just("unread"),
        Just("time"),
        Just("event"),
        Just("topic"),
        Just("sequence_id"),
        Just("specversion"),
        Just("type"),
        Just("source"),
        Just("data"),
        Just("meta"),
        Just("stream"),
        Just("$schema"),
        Just("event_type"),
        Just("time_fired"),
        Just("new_state"),
        Just("state"),
        Just("entity_id"),
        Just("sender"),
        Just("created"),
        Just("attachment"),
    ];
    leaf.prop_recursive(4, 64, 12, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..12).prop_map(|fields| {
                let fields = fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(fields.collect::<Map<_, _>>())
            }),
        ]
    })
}

fn kind() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("message".to_owned()),
        Just("todo".to_owned()),
        Just("unread".to_owned()),
        Just("stream-error".to_owned()),
        ".{0,12}",
    ]
}

fn check(event: &Event) {
    for format in formats() {
        let decoded = format::decode(&format, event);
        assert_eq!(
            decoded,
            format::decode(&format, event),
            "the same event is the same again"
        );
        for change in &decoded.changes {
            if let Change::Upsert(draft) = change {
                assert_fit(draft);
            }
        }
    }
}

fn assert_fit(draft: &Draft) {
    let unfit = |text: &str| {
        text.chars().any(|c| {
            (c.is_control() && c != '\n' && c != '\t')
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c)
        })
    };
    assert!(
        !draft.title.is_empty()
            && draft.title.chars().count() <= 500
            && !draft.title.contains('\n')
    );
    let texts = [
        Some(&draft.title),
        draft.body.as_ref(),
        draft.sender.as_ref(),
    ];
    assert!(
        texts
            .into_iter()
            .flatten()
            .chain(&draft.tags)
            .all(|text| !unfit(text)),
        "{draft:?}"
    );
    assert!(
        draft
            .body
            .as_ref()
            .is_none_or(|body| !body.is_empty() && body.len() <= 64 * 1024)
    );
    assert!(draft.tags.len() <= 32);
    let is_web = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    assert!(draft.url.as_ref().is_none_or(is_web), "{draft:?}");
    assert!(
        draft
            .id
            .as_ref()
            .is_none_or(|id| !id.is_empty() && id.len() <= 600)
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_decoded_without_harm(kind in kind(), data in "\\PC{0,200}|.{0,200}", id in ".{0,20}") {
        check(&Event { kind, data, own_id: !id.is_empty(), id });
    }

    #[test]
    fn any_json_is_decoded_without_harm(kind in kind(), data in json(), id in ".{0,20}") {
        check(&Event { kind, data: data.to_string(), own_id: !id.is_empty(), id });
    }

    #[test]
    fn cut_json_is_decoded_without_harm(data in json(), cut in any::<prop::sample::Index>()) {
        let mut data = data.to_string();
        let at = data.floor_char_boundary(cut.index(data.len() + 1));
        data.truncate(at);
        check(&Event { kind: "message".to_owned(), data, id: "1".to_owned(), own_id: true });
    }

    #[test]
    fn nothing_with_a_title_is_lost_however_it_is_wrapped(
        title in "[A-Z][a-z]{3,8} the [a-z]{3,8}",
        id in 1_u32..1_000_000,
        wraps in prop::collection::vec((wrap(), any::<bool>()), 0..4),
    ) {
        let mut data = serde_json::json!({ "id": id, "title": title });
        for (wrap, packed) in wraps {
            let inner = if packed { Value::from(data.to_string()) } else { data };
            data = wrap.around(inner);
        }
        let event = Event { kind: "message".to_owned(), data: data.to_string(), id: String::new() };
        let changes = format::decode(&Format::Auto, &event).changes;
        let [Change::Upsert(draft)] = &changes[..] else {
            return Err(TestCaseError::fail(format!("{data} is {changes:?}")));
        };
        prop_assert_eq!((&draft.title, draft.id.as_deref()), (&title, Some(&*id.to_string())));
    }

    #[test]
    fn what_is_clean_stays_as_it_is(text in "[^<&]{0,80}") {
        let clean = |text: &str| {
            let event = Event { kind: "message".to_owned(), data: text.to_owned(), id: String::new() };
            match format::decode(&Format::Text, &event).changes.pop() {
                Some(Change::Upsert(draft)) => Some((draft.title, draft.body)),
                _ => None,
            }
        };
        // HTML is text afterwards, and may look like HTML again.
        if let Some((title, _)) = clean(&text) {
            // Alone, a line may speak of the stream.
            let again = clean(&title);
            prop_assert!(again.is_none() || again == Some((title, None)));
        }
    }
}

/// What servers put around a thing.
#[derive(Clone, Copy, Debug)]
enum Wrap {
    Answer,
    Result,
    Event,
    Rows,
    Method,
    Unknown,
}

fn wrap() -> impl Strategy<Value = Wrap> {
    prop_oneof![
        Just(Wrap::Answer),
        Just(Wrap::Result),
        Just(Wrap::Event),
        Just(Wrap::Rows),
        Just(Wrap::Method),
        Just(Wrap::Unknown),
    ]
}

impl Wrap {
    fn around(self, inner: Value) -> Value {
        use serde_json::json;
        match self {
            Self::Answer => json!({ "code": 200, "msg": "操作成功", "data": inner }),
            Self::Result => {
                json!({ "success": true, "message": "ok", "result": inner, "timestamp": 1_732_492_800_123_u64 })
            }
            Self::Event => json!({ "event": "todo.created", "payload": inner }),
            Self::Rows => json!({ "total": 1, "rows": [inner] }),
            Self::Method => json!({ "jsonrpc": "2.0", "method": "todo/added", "params": inner }),
            Self::Unknown => json!({ "data": { "somethingHappened": inner } }),
        }
    }
}
