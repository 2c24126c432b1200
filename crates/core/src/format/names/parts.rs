//! The parts of a name.

/// The most bytes of a name that is looked at.
const LONGEST: usize = 80;

/// Returns the parts of a name in lower case; none for what is too long to be a name.
pub(in crate::format) fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    if name.len() > LONGEST {
        return parts;
    }
    let chars: Vec<char> = name.chars().collect();
    let mut part = String::new();
    let mut take = |part: &mut String| {
        if !part.is_empty() {
            parts.push(std::mem::take(part));
        }
    };
    for (at, char) in chars.iter().copied().enumerate() {
        if !char.is_alphanumeric() {
            take(&mut part);
            continue;
        }
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1);
        let begins = before.is_some_and(|before| {
            let up = char.is_uppercase();
            (up && (before.is_lowercase() || before.is_ascii_digit()))
                || (up && before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
                || char.is_ascii() != before.is_ascii()
        });
        if begins {
            take(&mut part);
        }
        part.extend(char.to_lowercase());
    }
    take(&mut part);
    joined(parts)
}

/// Joins `to` and `do`, and splits `taskname`, which is written without a separator.
fn joined(parts: Vec<String>) -> Vec<String> {
    const ENDS: [&str; 15] = [
        "title", "subject", "content", "message", "name", "date", "time", "status", "priority",
        "count", "type", "link", "url", "num", "id",
    ];
    const BEGINS: [&str; 8] = [
        "due", "end", "create", "created", "unread", "event", "read", "msg",
    ];
    let mut whole: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts {
        match whole.last().map(String::as_str) {
            Some("to") if part == "do" || part == "dos" => {
                whole.pop();
                whole.push(format!("to{part}"));
                continue;
            }
            Some("dead") if part == "line" => {
                whole.pop();
                whole.push("deadline".to_owned());
                continue;
            }
            Some("time") if part == "stamp" => {
                whole.pop();
                whole.push("timestamp".to_owned());
                continue;
            }
            _ => (),
        }
        let seam = ENDS.iter().find_map(|end| {
            let begin = part.strip_suffix(end)?;
            (is_thing(begin) || BEGINS.contains(&begin)).then_some((begin.to_owned(), *end))
        });
        match seam {
            Some((begin, end)) => whole.extend([begin, end.to_owned()]),
            None => whole.push(part),
        }
    }
    whole
}

/// Returns whether a part names something that can wait for a person.
pub(in crate::format) fn is_thing(part: &str) -> bool {
    const THINGS: [&str; 36] = [
        "todo",
        "task",
        "notice",
        "notification",
        "notify",
        "message",
        "msg",
        "item",
        "issue",
        "ticket",
        "alert",
        "alarm",
        "approval",
        "order",
        "announcement",
        "reminder",
        "event",
        "mail",
        "email",
        "work",
        "job",
        "case",
        "process",
        "flow",
        "workflow",
        "doc",
        "document",
        "bill",
        "form",
        "matter",
        "activity",
        "request",
        "incident",
        "inbox",
        "memo",
        "wf",
    ];
    let single = part.strip_suffix('s').unwrap_or(part);
    THINGS.contains(&part)
        || THINGS.contains(&single)
        || matches!(
            part,
            "activities" | "待办" | "任务" | "通知" | "消息" | "公告" | "待办列表"
        )
}
