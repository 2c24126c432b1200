//! What the names of fields mean. A name is taken apart into lower-case parts, so that
//! `noticeTitle`, `NOTICE_TITLE` and `notice-title` are one name: a title, and whose.

mod holds;
mod role;

pub(super) use holds::{Holds, holds};
pub(super) use role::role;

/// The most bytes of a name that is looked at.
const LONGEST: usize = 80;

/// What a field says of a to-do, by its name. The number ranks names for the same thing: the
/// lowest is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// What waits.
    Title(u8),
    /// Its name, or that of a person.
    Name,
    /// What is said: a title where there is none, else the body.
    Message(u8),
    /// More about it.
    Body(u8),
    Url(u8),
    Id(u8),
    Priority(u8),
    /// A flag: it is urgent.
    Urgent,
    Due(u8),
    Status(u8),
    /// A flag: it is done.
    Done(u8),
    /// When it was done.
    DoneAt,
    /// A flag: it was seen.
    Read(u8),
    /// When it was seen.
    ReadAt,
    /// A flag: it was taken back.
    Deleted,
    DeletedAt,
    Tags,
    Sender(u8),
    Created(u8),
    /// How many wait; or a flag that it was not seen.
    Unread(u8),
    /// How many there are of something.
    Total(u8),
    /// What kind of message this is, or what happened.
    Kind(u8),
}

/// The parts of a name in lower case; none for what is too long to be a name.
pub(super) fn parts(name: &str) -> Vec<String> {
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

/// `to`, `do` is one thing, and `taskname`, written without a seam, is two.
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

/// Whether a part names something that can wait for a person.
pub(super) fn is_thing(part: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Option<Role> {
        role(&parts(name))
    }

    #[test]
    fn names_are_compared_by_their_parts() {
        for name in [
            "noticeTitle",
            "NoticeTitle",
            "notice_title",
            "NOTICE-TITLE",
            "NOTICE_TITLE",
            "noticetitle",
        ] {
            assert_eq!(parts(name), ["notice", "title"], "{name}");
        }
        assert_eq!(parts("toDoID"), ["todo", "id"]);
        assert_eq!(parts("@id"), ["id"]);
        assert_eq!(parts("HTMLUrl2"), ["html", "url2"]);
        assert_eq!(parts(&"x".repeat(100)), Vec::<String>::new());
    }

    #[test]
    fn a_subject_before_a_name_does_not_hide_it() {
        for name in [
            "title",
            "TITLE",
            "noticeTitle",
            "flow_title",
            "taskName",
            "todo-name",
            "short_description",
            "待办标题",
            "任务名称",
        ] {
            assert!(matches!(of(name), Some(Role::Title(_))), "{name}");
        }
        for name in [
            "dueDate",
            "DUE_AT",
            "endTime",
            "deadlineAt",
            "plan_finish_time",
            "expire_time",
            "截止时间",
            "duedate",
        ] {
            assert!(
                matches!(of(name), Some(Role::Due(_))),
                "{name}: {:?}",
                of(name)
            );
        }
        for name in [
            "id",
            "_id",
            "TODO_ID",
            "taskId",
            "noticeid",
            "orderNo",
            "sys_id",
            "待办编号",
        ] {
            assert!(
                matches!(of(name), Some(Role::Id(_))),
                "{name}: {:?}",
                of(name)
            );
        }
        for name in ["msgContent", "content", "messageText"] {
            assert!(matches!(of(name), Some(Role::Message(_))), "{name}");
        }
        for name in [
            "unread",
            "UnreadCount",
            "unread_num",
            "todoCount",
            "msgTotal",
            "未读数",
        ] {
            assert!(
                matches!(of(name), Some(Role::Unread(_))),
                "{name}: {:?}",
                of(name)
            );
        }
    }

    #[test]
    fn another_things_name_is_not_the_todos() {
        for name in [
            "userId",
            "clientId",
            "projectId",
            "subtitle",
            "jobTitle",
            "channelName",
            "fileName",
            "avatarUrl",
            "assignee",
            "uid",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
        assert!(matches!(of("userName"), Some(Role::Sender(_))));
        assert!(matches!(of("readFlag"), Some(Role::Read(_))));
        assert!(matches!(of("is_done"), Some(Role::Done(_))));
        assert_eq!(of("read_at"), Some(Role::ReadAt));
        assert_eq!(of("completedAt"), Some(Role::DoneAt));
    }
}
