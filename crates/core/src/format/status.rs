//! Reads a status in the usual words. Numbers are ignored: what is 1 on one server is 0 on another,
//! and a to-do that is hidden by mistake is lost.

use belldot_wire::Status;
use serde_json::Value;

use crate::format::names;

/// Returns a usual word, an object with a name for it, or whether it is done.
pub(super) fn read(value: &Value) -> Option<Status> {
    match value {
        Value::Bool(true) => Some(Status::Done),
        Value::Bool(false) => Some(Status::Open),
        Value::String(text) => of_text(text.trim()),
        Value::Object(fields) => ["name", "label", "text", "title", "value"]
            .iter()
            .find_map(|name| read(fields.get(*name).filter(|value| value.is_string())?)),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<Status> {
    if text.len() > 64 {
        return None;
    }
    if !text.is_ascii() {
        return chinese(text);
    }
    match names::parts(text).join(" ").as_str() {
        "open" | "opened" | "reopened" | "new" | "todo" | "pending" | "waiting" | "active"
        | "in progress" | "inprogress" | "processing" | "needs action" | "firing"
        | "unresolved" | "unfinished" | "doing" | "incomplete" | "not started" | "notstarted"
        | "in review" | "running" | "assigned" | "backlog" => Some(Status::Open),
        "done" | "complete" | "completed" | "closed" | "resolved" | "finished" | "merged"
        | "approved" | "fixed" | "handled" | "processed" | "archived" | "solved" => {
            Some(Status::Done)
        }
        "cancelled" | "canceled" | "withdrawn" | "deleted" | "removed" | "dismissed"
        | "rejected" | "revoked" | "recalled" | "aborted" | "terminated" | "void" | "declined"
        | "obsolete" => Some(Status::Cancelled),
        _ => None,
    }
}

fn chinese(text: &str) -> Option<Status> {
    let has = |some: &[&str]| some.iter().any(|word| text.contains(word));
    if text.chars().count() > 8 {
        None
    } else if text.starts_with(['待', '未', '新'])
        || text.ends_with('中')
        || has(&["进行", "打开", "重新打开"])
    {
        Some(Status::Open)
    } else if has(&[
        "撤回", "撤销", "取消", "作废", "删除", "驳回", "拒绝", "终止", "退回", "失效",
    ]) {
        Some(Status::Cancelled)
    } else if has(&[
        "完成",
        "已办",
        "办结",
        "已处理",
        "已审",
        "通过",
        "同意",
        "关闭",
        "解决",
        "结束",
        "归档",
        "办毕",
    ]) {
        Some(Status::Done)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_and_truth_values() {
        for (status, values) in [
            (
                Status::Open,
                vec![
                    json!("待办"),
                    json!("待审批"),
                    json!("处理中"),
                    json!("未完成"),
                    json!("In Progress"),
                    json!("IN_PROGRESS"),
                    json!("to-do"),
                    json!({"name":"Open"}),
                    json!(false),
                ],
            ),
            (
                Status::Done,
                vec![
                    json!("已完成"),
                    json!("已办"),
                    json!("办结"),
                    json!("已关闭"),
                    json!("Closed"),
                    json!("审批通过"),
                    json!(true),
                ],
            ),
            (
                Status::Cancelled,
                vec![
                    json!("已取消"),
                    json!("已撤回"),
                    json!("Canceled"),
                    json!("作废"),
                ],
            ),
        ] {
            for value in values {
                assert_eq!(read(&value), Some(status), "{value}");
            }
        }
        for value in [
            json!(0),
            json!(1),
            json!("success"),
            json!("checked out"),
            json!("200"),
            json!(null),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }
}
