//! What the names of fields mean. A name is taken apart into lower-case parts, so that
//! `noticeTitle`, `NOTICE_TITLE` and `notice-title` are one name: a title, and whose.

mod container;
mod parts;
mod role;

pub(super) use container::{Container, container};
pub(super) use parts::{is_thing, parts};
pub(super) use role::{Role, role};

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
