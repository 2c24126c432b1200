//! To-dos as companies send them.

use serde_json::{Value, json};

/// The to-do with this number, as a sender would post it: some are due, in two languages.
pub fn sample_todo(at: u64) -> Value {
    const KINDS: [&str; 4] = [
        "Contract to countersign",
        "Please review invoice",
        "审批第三季度差旅报销",
        "合同审批：请签字",
    ];
    let due = at
        .is_multiple_of(3)
        .then(|| format!("2026-12-{:02}T09:00:00Z", 1 + at % 28));
    json!({
        "title": format!("{} {at}", KINDS[(at % 4) as usize]),
        "body": format!(
            "Supplier {}, department {}; see the attached pages and answer by Friday.",
            at % 977,
            at % 31
        ),
        "url": format!("https://todo.example/items/{at}"),
        "priority": 1 + at % 5,
        "due": due,
        "tags": ["legal"],
        "sender": format!("Desk {}", at % 50),
    })
}
