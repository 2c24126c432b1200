//! Whether a field contains the to-do, by its name.

use crate::format::names::parts::is_thing;

/// How a field that holds an object, a list or JSON in a string relates to the to-do around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::format) enum Container {
    /// It is the to-do itself.
    Todo,
    /// It may be the to-do: the name says nothing.
    Unclear,
    /// A part of the to-do: looked at last.
    Part,
    /// The to-do as it was before.
    Previous,
    /// Something else: a person, a project, an address, settings.
    Unrelated,
}

pub(in crate::format) fn container(parts: &[String]) -> Container {
    const THING: [&str; 55] = [
        "text",
        "markdown",
        "created",
        "added",
        "updated",
        "changed",
        "inserted",
        "modified",
        "upserted",
        "current",
        "data",
        "result",
        "results",
        "rows",
        "row",
        "records",
        "record",
        "list",
        "payload",
        "body",
        "content",
        "contents",
        "pub",
        "publication",
        "object",
        "objects",
        "value",
        "values",
        "entries",
        "entry",
        "d",
        "params",
        "args",
        "arguments",
        "after",
        "new",
        "attributes",
        "embedded",
        "edges",
        "node",
        "nodes",
        "resource",
        "resources",
        "document",
        "fields",
        "model",
        "dto",
        "vo",
        "detail",
        "details",
        "member",
        "members",
        "response",
        "info",
        "subject",
    ];
    const PART: [&str; 24] = [
        "attachments",
        "attachment",
        "blocks",
        "sections",
        "actions",
        "buttons",
        "links",
        "comments",
        "replies",
        "children",
        "subtasks",
        "steps",
        "history",
        "changelog",
        "changes",
        "cards",
        "card",
        "elements",
        "files",
        "images",
        "errors",
        "error",
        "extra",
        "ext",
    ];
    const OTHER: [&str; 42] = [
        "user",
        "users",
        "sender",
        "from",
        "author",
        "actor",
        "assignee",
        "assignees",
        "owner",
        "creator",
        "reporter",
        "requester",
        "reviewer",
        "member",
        "person",
        "people",
        "watchers",
        "participants",
        "recipients",
        "to",
        "meta",
        "metadata",
        "headers",
        "header",
        "config",
        "settings",
        "context",
        "source",
        "schema",
        "tags",
        "labels",
        "categories",
        "project",
        "parent",
        "category",
        "department",
        "dept",
        "company",
        "team",
        "repository",
        "organization",
        "workspace",
    ];
    let Some(last) = parts.last().map(String::as_str) else {
        return Container::Unclear;
    };
    let first = parts[0].as_str();
    if matches!(first, "before" | "old" | "previous" | "prev" | "original")
        && parts.len() <= 2
        && first != "deleted"
    {
        Container::Previous
    } else if (THING.contains(&last) && !(last == "info" && parts.len() > 1))
        || parts.iter().any(|part| is_thing(part))
    {
        Container::Todo
    } else if PART.contains(&last) {
        Container::Part
    } else if OTHER.contains(&last)
        || matches!(
            last,
            "board"
                | "milestone"
                | "epic"
                | "folder"
                | "space"
                | "group"
                | "room"
                | "channel"
                | "template"
                | "account"
                | "role"
                | "tenant"
                | "page"
                | "pagination"
                | "sort"
                | "filter"
                | "links"
                | "type"
                | "status"
                | "priority"
                | "state"
                | "agent"
        )
    {
        Container::Unrelated
    } else if matches!(
        last,
        "列表" | "数据" | "结果" | "待办" | "任务" | "消息" | "通知"
    ) {
        Container::Todo
    } else {
        Container::Unclear
    }
}
