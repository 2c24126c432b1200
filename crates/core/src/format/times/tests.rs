//! Times in the words of many servers.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn shanghai() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

fn said(value: Value) -> String {
    due(&value, &shanghai()).map_or("none".to_owned(), |time| time.to_string())
}

#[test]
fn one_moment_in_many_words() {
    for value in [
        json!("2027-01-31T17:00:00"),
        json!("2027-01-31 17:00:00"),
        json!("2027-01-31 17:00:00.000"),
        json!("2027-01-31 17:00"),
        json!("2027/01/31 17:00:00"),
        json!("2027/1/31 17:00"),
        json!("2027.01.31 17:00"),
        json!("31.01.2027 17:00"),
        json!("31/01/2027 17:00"),
        json!("01/31/2027 5:00 PM"),
        json!("2027-01-31T09:00:00Z"),
        json!("2027-01-31T09:00:00.000000Z"),
        json!("2027-01-31 09:00:00 UTC"),
        json!("2027-01-31T17:00:00.000+0800"),
        json!("2027-01-31T17:00:00.0000000+08:00"),
        json!("2027-01-31 17:00:00 +0800"),
        json!("2027-01-31T17:00:00+08:00[Asia/Shanghai]"),
        json!("Sun, 31 Jan 2027 09:00:00 GMT"),
        json!("Sun, 31 Jan 2027 17:00:00 +0800"),
        json!("Sun Jan 31 2027 17:00:00 GMT+0800 (China Standard Time)"),
        json!("Sun Jan 31 17:00:00 CST 2027"),
        json!("Sun Jan 31 17:00:00 2027"),
        json!("January 31st, 2027 at 5:00 pm"),
        json!("2027年1月31日 17:00"),
        json!("2027年01月31日17时00分"),
        json!("2027年1月31日下午5点"),
        json!("2027年1月31日（周日）下午5:00"),
        json!("/Date(1801386000000)/"),
        json!("/Date(1801386000000+0800)/"),
        json!("20270131170000"),
        json!([2027, 1, 31, 17, 0]),
        json!([2027, 1, 31, 17, 0, 0, 0]),
        json!(1_801_386_000),
        json!(1_801_386_000_000_i64),
        json!("1801386000000"),
        json!(1_801_386_000_000_000_i64),
        json!({"$date": "2027-01-31T09:00:00Z"}),
        json!({"dateTime": "2027-01-31T09:00:00.0000000", "timeZone": "UTC"}),
        json!({"seconds": 1_801_386_000, "nanos": 0}),
    ] {
        assert_eq!(said(value.clone()), "2027-01-31T09:00:00Z", "{value}");
    }
}

#[test]
fn a_date_is_a_day_which_is_over_at_its_end() {
    for value in [
        json!("2027-01-31"),
        json!("2027/1/31"),
        json!("20270131"),
        json!("2027年1月31日"),
        json!("31 January 2027"),
        json!("Jan 31, 2027"),
        json!([2027, 1, 31]),
        json!({"date": "2027-01-31"}),
    ] {
        assert_eq!(said(value.clone()), "2027-01-31T15:59:59Z", "{value}");
        let began = was(&value, &shanghai()).unwrap();
        assert_eq!(began.to_string(), "2027-01-30T16:00:00Z", "{value}");
    }
}

#[test]
fn what_is_unclear_or_impossible_is_no_time() {
    for value in [
        json!("01/02/2027"),
        json!("1/2/2027 17:00"),
        json!("2027-02-30"),
        json!("2027-01-31 25:00"),
        json!("tomorrow"),
        json!("17:00"),
        json!("in 3 days"),
        json!("12"),
        json!(3),
        json!([2027]),
        json!([2027, 13, 1]),
        json!({}),
        json!(true),
    ] {
        assert_eq!(said(value.clone()), "none", "{value}");
    }
}

#[test]
fn a_clock_alone_is_told_from_a_text_that_begins_with_one() {
    for text in [
        "2026-11-25 10:00:01",
        "10:00:01",
        "5:00:01 PM",
        "The server time is: Wed, 25 Nov 2026 10:00:01 +0000",
        "Wed Nov 25 2026 10:00:01 GMT+0000 (Coordinated Universal Time)",
        "当前时间：2026-11-25 10:00:01",
        "2026-11-25T10:00:01.123456",
    ] {
        assert!(is_clock(text), "{text}");
    }
    for text in [
        "2026-11-22 10:00:01 build finished",
        "10:00 stand-up",
        "time to go",
        "now",
        "",
    ] {
        assert!(!is_clock(text), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in "[0-9:/.+ TZ年月日点-]{0,24}|\\PC{0,24}") {
        let _ = due(&Value::from(text.clone()), &shanghai());
        let _ = is_clock(&text);
    }

    #[test]
    fn any_moment_is_read_back(second in 0_i64..4_000_000_000) {
        let time = Timestamp::from_second(second).unwrap();
        let local = time.to_zoned(shanghai());
        for form in ["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%a, %d %b %Y %H:%M:%S %z", "%Y年%m月%d日%H时%M分%S秒"] {
            let text = local.strftime(form).to_string();
            prop_assert_eq!(due(&Value::from(text), &shanghai()), Some(time));
        }
    }
}
