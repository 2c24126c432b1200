//! What happened to a to-do, by the word for it in an event's name, a type or an action.

use belldot_wire::Status;

use crate::format::{change::Change, names};

/// What happened to a to-do that is known already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// It was deleted.
    Remove,
    /// It was done, or taken back.
    Close(Status),
    /// It was seen elsewhere.
    Read,
}

impl Operation {
    /// Returns the last such word in a name: `todo.deleted`, `TodoDeleted`, `mark_as_read`, `删除待办`.
    pub fn of(name: &str) -> Option<Self> {
        let parts = names::parts(name);
        // What happened to all of them names none.
        if parts.iter().any(|part| part == "all") {
            return None;
        }
        parts.iter().rev().find_map(|part| Self::of_part(part))
    }

    /// Returns the same as [`Self::of`], where a name may also be one of the letters that Debezium
    /// uses.
    pub fn of_code(name: &str) -> Option<Self> {
        match name {
            "d" => Some(Self::Remove),
            name => Self::of(name),
        }
    }

    /// Returns what a whole text of one word says.
    pub fn of_word(text: &str) -> Option<Self> {
        let is_word = text.len() <= 24 && text.chars().all(char::is_alphabetic);
        is_word.then(|| Self::of(text)).flatten()
    }

    /// Returns the operation that leads to this status.
    pub fn of_status(status: Status) -> Option<Self> {
        (status != Status::Open).then_some(Self::Close(status))
    }

    fn of_part(part: &str) -> Option<Self> {
        Some(match part {
            "delete" | "deleted" | "deleting" | "del" | "remove" | "removed" | "destroy"
            | "destroyed" | "erase" | "erased" | "dismiss" | "dismissed" | "drop" | "dropped" => {
                Self::Remove
            }
            "withdraw" | "withdrawn" | "withdrew" | "revoke" | "revoked" | "recall"
            | "recalled" | "cancel" | "cancelled" | "canceled" | "retract" | "retracted"
            | "abort" | "aborted" | "void" | "voided" | "terminate" | "terminated" => {
                Self::Close(Status::Cancelled)
            }
            "complete" | "completed" | "done" | "close" | "closed" | "resolve" | "resolved"
            | "finish" | "finished" | "archive" | "archived" => Self::Close(Status::Done),
            "read" | "seen" | "viewed" => Self::Read,
            _ if part.is_ascii() => return None,
            _ => return Self::of_chinese(part),
        })
    }

    fn of_chinese(part: &str) -> Option<Self> {
        let has = |some: &[&str]| some.iter().any(|word| part.contains(word));
        if part.chars().count() > 8 || has(&["未"]) {
            None
        } else if has(&["删除", "移除"]) {
            Some(Self::Remove)
        } else if has(&["撤回", "撤销", "取消", "作废", "终止"]) {
            Some(Self::Close(Status::Cancelled))
        } else if has(&["完成", "办结", "已办", "关闭", "已解决", "已处理", "结束"])
        {
            Some(Self::Close(Status::Done))
        } else if has(&["已读", "阅读"]) {
            Some(Self::Read)
        } else {
            None
        }
    }

    /// Returns the change of the to-do with this id.
    pub fn change(self, id: String) -> Change {
        match self {
            Self::Remove => Change::Remove(id),
            Self::Close(status) => Change::SetStatus { id, status },
            Self::Read => Change::MarkRead(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_stands_anywhere_in_a_name_and_in_any_tense() {
        for (operation, names) in [
            (
                Operation::Remove,
                &[
                    "todo.deleted",
                    "TodoDeleted",
                    "deleteTodo",
                    "task:removed",
                    "jira:issue_deleted",
                    "DELETE",
                    "删除",
                ][..],
            ),
            (
                Operation::Close(Status::Cancelled),
                &["notice_withdrawn", "revoke", "CANCELLED", "撤回待办"],
            ),
            (
                Operation::Close(Status::Done),
                &[
                    "todo.completed",
                    "complete-task",
                    "issue/closed",
                    "resolved",
                    "待办完成",
                ],
            ),
            (
                Operation::Read,
                &["message:read", "markAsRead", "notification.seen", "已读"],
            ),
        ] {
            for name in names {
                assert_eq!(Operation::of(name), Some(operation), "{name}");
            }
        }
    }

    #[test]
    fn other_names_change_nothing() {
        for name in [
            "todo.created",
            "update",
            "message",
            "unread",
            "thread",
            "mark_all_read",
            "reader",
            "未完成",
            "新增",
        ] {
            assert_eq!(Operation::of(name), None, "{name}");
        }
        assert_eq!(
            Operation::of_code("r"),
            None,
            "a snapshot of Debezium's is not read"
        );
        assert_eq!(Operation::of_code("d"), Some(Operation::Remove));
    }
}
