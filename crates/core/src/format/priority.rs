//! How much something matters, in the words and codes that are usual.

use belldot_wire::Priority;
use serde_json::Value;

use crate::format::names;

/// 1 to 5, a usual word, or an object with a name for it.
pub(super) fn read(value: &Value) -> Option<Priority> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|number| number as i64))
            .map(Priority::nearest),
        Value::String(text) => of_text(text.trim()),
        Value::Object(fields) => ["name", "label", "text", "title", "value"]
            .iter()
            .find_map(|name| read(fields.get(*name).filter(|value| !value.is_object())?)),
        _ => None,
    }
}

fn of_text(text: &str) -> Option<Priority> {
    if text.len() > 64 {
        return None;
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(Priority::nearest(number));
    }
    if !text.is_ascii() {
        return chinese(text);
    }
    // The words of `1 - Critical`, `PRIORITY_HIGH`, `very low`.
    let parts = names::parts(text);
    let of_word = parts.iter().find_map(|part| of_word(part));
    of_word
        .or_else(|| code(&parts.concat()))
        .map(Priority::nearest)
}

fn of_word(word: &str) -> Option<i64> {
    Some(match word {
        "lowest" | "min" | "trivial" | "debug" => 1,
        "low" | "minor" | "info" | "information" | "informational" => 2,
        "normal" | "default" | "medium" | "moderate" | "notice" | "standard" | "regular" => 3,
        "high" | "major" | "important" | "warning" | "warn" | "error" => 4,
        "highest" | "max" | "urgent" | "critical" | "crit" | "blocker" | "emergency" | "emerg"
        | "alert" | "fatal" | "immediate" | "asap" | "severe" => 5,
        _ => return None,
    })
}

/// `P0` and `P1` are the most urgent, `P3` is usual; so are `S1`, `SEV-1`, `prio2`.
fn code(text: &str) -> Option<i64> {
    let digits = ["priority", "prio", "severity", "sev", "p", "s"]
        .iter()
        .find_map(|start| text.strip_prefix(start))?;
    let number: i64 = digits.parse().ok().filter(|_| digits.len() == 1)?;
    Some(match number {
        0 | 1 => 5,
        2 => 4,
        3 => 3,
        4 => 2,
        _ => 1,
    })
}

fn chinese(text: &str) -> Option<Priority> {
    let has = |some: &[&str]| some.iter().any(|word| text.contains(word));
    let number = if text.chars().count() > 10 {
        return None;
    } else if has(&["不紧急", "不急", "不重要", "较低"]) {
        2
    } else if has(&["最低"]) {
        1
    } else if has(&[
        "紧急", "特急", "加急", "急件", "最高", "特提", "非常", "严重", "立即",
    ]) || text == "急"
    {
        5
    } else if has(&["重要", "高", "平急"]) {
        4
    } else if has(&["低", "次要"]) {
        2
    } else if has(&["普通", "一般", "正常", "中", "常规", "平件", "默认"]) {
        3
    } else {
        return None;
    };
    Some(Priority::nearest(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_and_codes() {
        for (number, values) in [
            (
                5,
                vec![
                    json!("紧急"),
                    json!("特急"),
                    json!("P0"),
                    json!("p1"),
                    json!("Blocker"),
                    json!("SEV-1"),
                    json!("1 - Critical"),
                    json!({"name":"Highest"}),
                    json!(9),
                ],
            ),
            (
                4,
                vec![
                    json!("高"),
                    json!("重要"),
                    json!("P2"),
                    json!("Major"),
                    json!("HIGH"),
                    json!("PRIORITY_HIGH"),
                    json!("4"),
                ],
            ),
            (
                3,
                vec![
                    json!("普通"),
                    json!("中"),
                    json!("一般"),
                    json!("P3"),
                    json!("Medium"),
                    json!("3 - Moderate"),
                ],
            ),
            (
                2,
                vec![json!("低"), json!("不急"), json!("P4"), json!("Minor")],
            ),
            (
                1,
                vec![json!("最低"), json!("P5"), json!("Trivial"), json!(-3)],
            ),
        ] {
            for value in values {
                assert_eq!(read(&value).map(u8::from), Some(number), "{value}");
            }
        }
        for value in [
            json!("soon"),
            json!(null),
            json!([1]),
            json!("P12"),
            json!("项目一"),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }
}
