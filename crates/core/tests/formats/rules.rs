//! The tables of `docs/formats.md` hold.

use std::{fs, path::Path};

use belldot_core::{
    format::{self, Change, Decoded, Format},
    input::Event,
};
use jiff::tz::{self, TimeZone};
use serde_json::{Value, json};

/// One row of a table: an event, and what it becomes.
struct Row {
    line: usize,
    event: Event,
    becomes: Vec<String>,
}

#[test]
fn every_row_of_the_tables_becomes_what_stands_in_its_last_column() {
    let rows = rows();
    assert!(rows.len() >= 120, "{} rows", rows.len());
    let wrong: Vec<String> = rows.iter().filter_map(wrong).collect();
    assert!(
        wrong.is_empty(),
        "{}\n{} wrong",
        wrong.join("\n"),
        wrong.len()
    );
}

fn wrong(row: &Row) -> Option<String> {
    let zone = TimeZone::fixed(tz::offset(8));
    let decoded = format::decode_in(&Format::Auto, &row.event, &zone);
    let said = said(&decoded, &row.event);
    let same = said.len() == row.becomes.len()
        && said.iter().zip(&row.becomes).all(|(said, wanted)| {
            said == wanted || json(said).is_some_and(|said| Some(said) == json(wanted))
        });
    (!same).then(|| {
        let (kind, data) = (&row.event.kind, &row.event.data);
        let wanted = row.becomes.join(" ; ");
        format!(
            "line {}: {kind} {data}\n  wanted {wanted}\n  got    {}",
            row.line,
            said.join(" ; ")
        )
    })
}

fn json(text: &str) -> Option<Value> {
    let mut value: Value = serde_json::from_str(text).ok().filter(Value::is_object)?;
    if value["priority"] == json!(3) {
        value.as_object_mut()?.remove("priority");
    }
    Some(value)
}

fn said(decoded: &Decoded, event: &Event) -> Vec<String> {
    let mut all: Vec<String> = decoded
        .changes
        .iter()
        .map(|change| match change {
            Change::Upsert(draft) if draft.title == event.data => "shown as it is".to_owned(),
            Change::Upsert(draft) => serde_json::to_string(draft).unwrap(),
            Change::SetUnread(count) => format!("unread {count}"),
            Change::MarkRead(id) => format!("read {id}"),
            Change::Remove(id) => format!("remove {id}"),
            Change::SetStatus { id, status } => {
                format!("{} {id}", json!(status).as_str().unwrap())
            }
        })
        .collect();
    all.extend(decoded.sign_in.then(|| "sign-in".to_owned()));
    all.extend(decoded.said.as_ref().map(|said| format!("says {said}")));
    if all.is_empty() {
        all.push("nothing".to_owned());
    }
    all
}

fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().enumerate().filter_map(|(at, line)| {
        let cells: Vec<&str> = line
            .strip_prefix("| ")?
            .strip_suffix(" |")?
            .split(" | ")
            .collect();
        let cells = match cells[..] {
            // An empty cell has no space of its own.
            [data, becomes] => ["", data.strip_prefix("| ")?, becomes],
            [event, data, becomes] => [event, data, becomes],
            _ => return None,
        };
        let code = |cell: &str| cell.trim().trim_matches('`').to_owned();
        if matches!(cells[0], "event" | "---") {
            return None;
        }
        let kind = code(cells[0]);
        let data = code(cells[1]);
        let becomes: Vec<String> = cells[2].split(" ; ").map(code).collect();
        let is_itself = |becomes: &String| *becomes == json!({ "title": data }).to_string();
        let becomes = becomes
            .iter()
            .map(|one| {
                if is_itself(one) {
                    "shown as it is".to_owned()
                } else {
                    one.clone()
                }
            })
            .collect();
        Some(Row {
            line: at + 1,
            event: Event {
                kind: if kind.is_empty() {
                    "message".to_owned()
                } else {
                    kind
                },
                data,
                id: String::new(),
                own_id: false,
            },
            becomes,
        })
    });
    rows.collect()
}
