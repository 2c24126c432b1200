//! What a name says of a to-do, by its last part and what stands before it.

use crate::format::names::parts::is_thing;

/// What a field says of a to-do, by its name. The number ranks names for the same thing: the
/// lowest is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::format) enum Role {
    /// The title of the to-do.
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

/// Returns what a field of this name says.
pub(in crate::format) fn role(parts: &[String]) -> Option<Role> {
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let mut parts = &parts[..];
    // Custom fields of Salesforce end in `__c`.
    if let [start @ .., "c"] = parts
        && !start.is_empty()
    {
        parts = start;
    }
    if let [one] = parts
        && !one.is_ascii()
    {
        return chinese(one);
    }
    if let ["is" | "has" | "was" | "b", flag @ ..] = parts
        && !flag.is_empty()
    {
        parts = flag;
    }
    flag(parts)
        .or_else(|| time(parts))
        .or_else(|| count(parts))
        .or_else(|| said(parts))
}

fn flag(parts: &[&str]) -> Option<Role> {
    let (parts, is_flag) = match parts {
        [start @ .., "flag" | "flg"] if !start.is_empty() => (start, true),
        [start @ .., "status" | "state"] if matches!(start, ["read" | "seen" | "view"]) => {
            (start, true)
        }
        _ => (parts, false),
    };
    let last = *parts.last()?;
    let alone = parts.len() == 1 || is_flag || is_thing(parts[0]);
    Some(match last {
        "read" | "seen" | "viewed" | "view" if alone && (is_flag || last != "view") => {
            Role::Read(0)
        }
        "unread" | "unseen" if is_flag => Role::Unread(0),
        "done" => Role::Done(0),
        "completed" | "complete" | "finished" | "finish" | "resolved" | "handled" | "processed"
            if alone =>
        {
            Role::Done(1)
        }
        "closed" if alone => Role::Done(2),
        "deleted" | "delete" | "del" | "removed" | "withdrawn" | "revoked" | "recalled"
            if alone && (is_flag || last.ends_with(['d', 'n'])) =>
        {
            Role::Deleted
        }
        "urgent" | "important" if parts.len() == 1 || is_flag => Role::Urgent,
        _ => return None,
    })
}

fn time(parts: &[&str]) -> Option<Role> {
    let [start @ .., last] = parts else {
        return None;
    };
    let is_time = matches!(
        *last,
        "at" | "time" | "date" | "on" | "datetime" | "by" | "day" | "timestamp"
    );
    let of = start.last().copied().unwrap_or_default();
    let planned = parts.iter().any(|part| {
        matches!(
            *part,
            "plan"
                | "planned"
                | "expect"
                | "expected"
                | "estimated"
                | "require"
                | "required"
                | "target"
                | "limit"
        )
    });
    Some(match (of, *last) {
        (_, "due" | "deadline") => Role::Due(0),
        _ if parts.contains(&"deadline") || parts.contains(&"due") => Role::Due(0),
        (
            "end" | "finish" | "complete" | "completion" | "close" | "limit" | "target" | "plan",
            _,
        ) if is_time && (planned || of == "end") => Role::Due(2),
        ("handle" | "respond" | "reply" | "do" | "finish" | "complete", "by" | "before") => {
            Role::Due(2)
        }
        ("", "until") => Role::Due(3),
        ("expire" | "expires" | "expired" | "expiry" | "expiration" | "valid", _) if is_time => {
            Role::Due(4)
        }
        ("", "expires" | "expiry") => Role::Due(5),
        ("create" | "created" | "creation" | "creat", _) if is_time && *last != "by" => {
            Role::Created(0)
        }
        ("", "created") => Role::Created(0),
        (
            "publish" | "published" | "send" | "sent" | "push" | "post" | "posted" | "notice"
            | "occurred" | "start" | "received" | "receive" | "event" | "raised" | "fired" | "sys"
            | "submit" | "apply",
            _,
        ) if is_time && *last != "by" => Role::Created(2),
        ("gmt", "create" | "created") => Role::Created(0),
        ("", "published" | "time" | "timestamp" | "date" | "ts" | "datetime") => Role::Created(4),
        ("read" | "seen" | "viewed", _) if is_time => Role::ReadAt,
        ("completed" | "closed" | "resolved" | "done" | "finished", "at" | "on") => Role::DoneAt,
        (
            "deleted" | "removed" | "withdrawn" | "revoked" | "cancelled" | "canceled",
            "at" | "on",
        ) => Role::DeletedAt,
        _ => return None,
    })
}

fn count(parts: &[&str]) -> Option<Role> {
    let counts = |part: &&str| {
        matches!(
            *part,
            "count"
                | "num"
                | "number"
                | "total"
                | "nums"
                | "counts"
                | "size"
                | "amount"
                | "cnt"
                | "counter"
                | "quantity"
        )
    };
    let waits = |part: &&str| {
        matches!(
            *part,
            "unread" | "badge" | "unseen" | "pending" | "unhandled" | "undone"
        )
    };
    let others = parts.iter().filter(|part| !counts(part) && !waits(part));
    let others: Vec<_> = others.collect();
    let is_of_things = others.iter().all(|part| {
        is_thing(part)
            || matches!(
                **part,
                "new" | "my" | "all" | "no" | "not" | "un" | "read" | "of" | "wait" | "open"
            )
    });
    if !is_of_things {
        return None;
    }
    let has_count = parts.iter().any(counts);
    let waiting = parts
        .iter()
        .any(|part| waits(part) && (has_count || *part != "pending"));
    if waiting {
        return Some(Role::Unread(u8::from(!has_count)));
    }
    match parts {
        _ if !has_count => None,
        [start @ .., "number" | "size" | "amount"] if !start.is_empty() => None,
        ["number"] => Some(Role::Id(8)),
        [_] => Some(Role::Total(u8::from(
            parts == ["size"] || parts == ["amount"],
        ))),
        _ => Some(Role::Unread(2)),
    }
}

fn said(parts: &[&str]) -> Option<Role> {
    let [start @ .., last] = parts else {
        return None;
    };
    let of = start.last().copied().unwrap_or_default();
    let alone = start.is_empty();
    let is_one_of = |some: &[&str]| some.contains(&of);
    Some(match *last {
        "title"
            if is_one_of(&[
                "sub", "job", "user", "person", "site", "app", "author", "sender", "page", "window",
            ]) =>
        {
            return None;
        }
        "title" => Role::Title(u8::from(!alone)),
        "subject" => Role::Title(2),
        "summary" => Role::Title(3),
        "headline" | "heading" | "caption" => Role::Title(4),
        "description" | "desc" if of == "short" => Role::Title(5),
        "name" if alone || of == "display" && start.len() == 1 => Role::Name,
        "name" if is_person(of) => Role::Sender(3),
        "name" if of == "event" => Role::Kind(3),
        "name" | "label" if is_thing(of) => Role::Title(6),
        "text" | "name" | "label" | "value" | "str" | "desc" | "level" | "code" | "display"
        | "dict"
            if level(of).is_some() =>
        {
            level(of)?
        }
        "html" | "markdown" | "plain" | "md" | "txt" if !alone => return said(start),
        "message" if !is_one_of(&["commit"]) => Role::Message(0),
        "text" | "content" | "msg" if is_one_of(&["button", "link", "alt", "icon", "full"]) => {
            return None;
        }
        "text" => Role::Message(1),
        "content" | "contents" => Role::Message(2),
        "msg" | "errmsg" => Role::Message(3),
        "alert" | "notice" | "announcement" | "todo" | "task" | "reminder" | "notification"
        | "matter"
            if alone =>
        {
            Role::Message(4)
        }
        "data" | "payload" | "result" | "value" | "item" | "record" | "object" if alone => {
            Role::Message(5)
        }
        "error" | "reason" if alone => Role::Message(6),
        "body" => Role::Body(0),
        "description" | "desc" => Role::Body(1),
        "details" | "detail" => Role::Body(2),
        "remark" | "remarks" | "note" | "notes" | "comment" | "memo" | "abstract" | "digest"
        | "intro" => Role::Body(3),
        "url" | "link" | "href" | "permalink" | "uri" | "path" | "address"
            if is_one_of(&[
                "avatar",
                "icon",
                "image",
                "img",
                "photo",
                "logo",
                "picture",
                "pic",
                "thumbnail",
                "thumb",
                "api",
                "callback",
                "hook",
                "webhook",
                "base",
                "file",
                "cover",
                "head",
                "audio",
                "video",
                "unsubscribe",
                "repository",
                "git",
                "clone",
                "ssh",
                "self",
                "schema",
            ]) =>
        {
            return None;
        }
        "path" | "address" => return None,
        "url" | "link" | "href"
            if is_one_of(&[
                "html", "web", "page", "detail", "details", "jump", "pc", "click", "action",
                "target", "view",
            ]) =>
        {
            Role::Url(0)
        }
        "url" if alone => Role::Url(1),
        "link" if alone => Role::Url(2),
        "href" if alone => Role::Url(3),
        "url" | "link" | "href" | "permalink" => Role::Url(4),
        "click" if alone => Role::Url(5),
        "uri" => Role::Url(6),
        "id" if alone || of == "sys" || of == "object" => Role::Id(0),
        "uuid" | "guid" | "oid" if alone || is_thing(of) => Role::Id(1),
        "key" if alone || of == "issue" => Role::Id(2),
        "id" if is_thing(of) && of != "event" && of != "request"
            || is_one_of(&["record", "row", "data", "biz", "business", "entity"]) =>
        {
            Role::Id(4)
        }
        "no" | "code" | "key" | "sn" | "num" | "number" if !alone && is_thing(of) => Role::Id(6),
        "fingerprint" if alone => Role::Id(7),
        "id" if of == "event" => Role::Id(9),
        "status" | "state" if is_one_of(&["http", "response", "online", "connection", "power"]) => {
            return None;
        }
        _ if level(last).is_some() => level(last)?,
        "tags" | "labels" | "categories" | "keywords" => Role::Tags,
        "sender" | "from" => Role::Sender(0),
        "author" | "actor" | "creator" | "initiator" | "applicant" | "submitter" | "assigner"
        | "publisher" | "requester" | "reporter" | "originator" | "promoter" => Role::Sender(1),
        "by" if is_person(of)
            || is_one_of(&[
                "requested",
                "assigned",
                "sent",
                "submitted",
                "published",
                "opened",
                "reported",
            ]) =>
        {
            Role::Sender(1)
        }
        "user" if alone || is_person(of) => Role::Sender(2),
        "username" | "nickname" | "realname" => Role::Sender(3),
        "source" if alone => Role::Sender(5),
        "type" | "event" if alone => Role::Kind(0),
        "action" | "op" | "operation" | "kind" | "method" | "cmd" | "command" | "verb"
        | "change"
            if alone =>
        {
            Role::Kind(1)
        }
        "type" | "event" | "action" | "kind" | "operation"
            if !is_one_of(&[
                "content", "mime", "media", "file", "user", "data", "channel", "device", "task",
                "flow", "notice",
            ]) || last == &"event" =>
        {
            Role::Kind(2)
        }
        _ => return None,
    })
}

/// Returns how much something matters, and how it stands.
fn level(part: &str) -> Option<Role> {
    Some(match part {
        "priority" | "prio" => Role::Priority(0),
        "importance" => Role::Priority(1),
        "severity" => Role::Priority(2),
        "urgency" | "emergency" => Role::Priority(3),
        "level" => Role::Priority(4),
        "status" => Role::Status(0),
        "state" => Role::Status(1),
        _ => return None,
    })
}

fn chinese(name: &str) -> Option<Role> {
    let has = |some: &[&str]| some.iter().any(|part| name.contains(part));
    let ends = |some: &[&str]| some.iter().any(|part| name.ends_with(part));
    Some(if has(&["截止", "到期", "期限", "限办", "限期"]) {
        Role::Due(0)
    } else if has(&["未读", "待办数", "待办总数", "待处理数"]) {
        Role::Unread(0)
    } else if ends(&["标题", "主题", "事由", "题目"]) {
        Role::Title(0)
    } else if ends(&["待办事项", "任务名称", "事项", "待办", "任务名", "流程名称"])
    {
        Role::Title(6)
    } else if ends(&[
        "发件人",
        "发送人",
        "发起人",
        "申请人",
        "创建人",
        "提交人",
        "来源",
        "发布人",
        "姓名",
        "用户名",
    ]) {
        Role::Sender(1)
    } else if name == "名称" || name == "名字" {
        Role::Name
    } else if ends(&[
        "优先级",
        "紧急程度",
        "重要程度",
        "紧急度",
        "级别",
        "等级",
        "缓急",
    ]) {
        Role::Priority(0)
    } else if ends(&["状态"]) {
        if has(&["已读", "阅读"]) {
            Role::Read(1)
        } else {
            Role::Status(0)
        }
    } else if ends(&["已读"]) {
        Role::Read(0)
    } else if ends(&["已完成", "是否完成", "已办结"]) {
        Role::Done(0)
    } else if ends(&["内容", "正文", "消息", "文本"]) {
        Role::Message(2)
    } else if ends(&["描述", "说明", "详情", "备注", "摘要"]) {
        Role::Body(1)
    } else if ends(&["链接", "网址", "跳转地址", "详情地址"]) {
        Role::Url(2)
    } else if ends(&["编号", "单号", "标识", "主键", "编码"]) {
        Role::Id(4)
    } else if ends(&["结束时间", "完成时限", "结束日期"]) {
        Role::Due(2)
    } else if ends(&["时间", "日期"]) {
        Role::Created(2)
    } else if ends(&["标签", "关键词"]) {
        Role::Tags
    } else if ends(&["数量", "总数", "数目", "条数"]) {
        Role::Total(0)
    } else if ends(&["类型", "事件", "操作", "动作"]) {
        Role::Kind(1)
    } else {
        return None;
    })
}

/// Returns whether a part names a person.
fn is_person(part: &str) -> bool {
    [
        "user",
        "nick",
        "real",
        "sender",
        "from",
        "author",
        "creator",
        "created",
        "create",
        "by",
        "assigner",
        "initiator",
        "applicant",
        "apply",
        "submitter",
        "publisher",
        "starter",
        "start",
        "owner",
        "operator",
        "promoter",
        "sponsor",
        "poster",
        "send",
        "publish",
    ]
    .contains(&part)
}
