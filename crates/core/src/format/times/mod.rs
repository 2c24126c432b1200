//! Times as servers write them. A time without a zone is that of the zone given, and a date alone
//! is a whole day.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};
use serde_json::Value;

/// When something is: a moment, or a day without a time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum When {
    Moment(Timestamp),
    Day(Date),
}

/// Returns when something is due: a day is over at its last second.
pub(super) fn due(value: &Value, zone: &TimeZone) -> Option<Timestamp> {
    match read(value, zone)? {
        When::Moment(moment) => Some(moment),
        When::Day(day) => moment(day.at(23, 59, 59, 0), zone),
    }
}

/// Returns when something was: a day from its beginning.
pub(super) fn was(value: &Value, zone: &TimeZone) -> Option<Timestamp> {
    match read(value, zone)? {
        When::Moment(moment) => Some(moment),
        When::Day(day) => moment(day.at(0, 0, 0, 0), zone),
    }
}

/// Returns whether a whole text is nothing but a clock: `2027-01-31 17:00:00`, `The server time is
/// …`.
pub(super) fn is_clock(text: &str) -> bool {
    const AROUND: [&str; 22] = [
        "the",
        "server",
        "current",
        "local",
        "time",
        "date",
        "timestamp",
        "is",
        "now",
        "at",
        "it",
        "utc",
        "server's",
        "服务器",
        "当前",
        "系统",
        "现在",
        "时间",
        "时间是",
        "为",
        "是",
        "戳",
    ];
    if text.len() > 120 {
        return false;
    }
    let mut rest = text.trim().trim_end_matches(['.', '!', '。']);
    loop {
        let before = rest;
        rest = rest.trim_start_matches([' ', ':', '：', ',']);
        for word in AROUND {
            let start = rest.get(..word.len()).unwrap_or_default();
            let is_word = start.eq_ignore_ascii_case(word)
                && !(word.is_ascii()
                    && rest[word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()));
            if is_word {
                rest = &rest[word.len()..];
                break;
            }
        }
        if rest == before {
            break;
        }
    }
    !rest.is_empty()
        && (text_when(rest, &TimeZone::UTC).is_some()
            || TimeWords::read(rest).is_some_and(|words| words.is_time_alone()))
}

fn read(value: &Value, zone: &TimeZone) -> Option<When> {
    match value {
        Value::String(text) => text_when(text, zone),
        Value::Number(number) => unix(number.as_f64()?).map(When::Moment),
        Value::Array(parts) => array(parts, zone),
        Value::Object(fields) => {
            if let Some(inner) = fields.get("$date") {
                return read(inner, zone);
            }
            let inner = fields.get("dateTime").or_else(|| fields.get("date"));
            if let Some(Value::String(text)) = inner {
                // Microsoft, Google and PHP name the zone beside it.
                let named = fields.get("timeZone").or_else(|| fields.get("timezone"));
                let named = named.and_then(|name| TimeZone::get(name.as_str()?).ok());
                return text_when(text, named.as_ref().unwrap_or(zone));
            }
            if fields.contains_key("year") {
                // Java's, without the module that knows them.
                let names = [
                    "year",
                    "monthValue",
                    "dayOfMonth",
                    "hour",
                    "minute",
                    "second",
                ];
                let parts = names.iter().map_while(|name| fields.get(*name).cloned());
                return array(&parts.collect::<Vec<_>>(), zone);
            }
            let seconds = fields.get("seconds").or_else(|| fields.get("_seconds"))?;
            unix(seconds.as_f64()?).map(When::Moment)
        }
        _ => None,
    }
}

/// Java's `LocalDateTime` and `LocalDate` as Jackson writes them.
fn array(parts: &[Value], zone: &TimeZone) -> Option<When> {
    let part = |at: usize| parts.get(at).map_or(Some(0), |part| part.as_i64());
    if !(3..=7).contains(&parts.len()) {
        return None;
    }
    let day = date(part(0)?, part(1)?, part(2)?)?;
    if parts.len() == 3 {
        return Some(When::Day(day));
    }
    let time = time(part(3)?, part(4)?, part(5)?)?;
    moment(day.to_datetime(time), zone).map(When::Moment)
}

fn text_when(text: &str, zone: &TimeZone) -> Option<When> {
    let text = text.trim();
    if text.is_empty() || text.len() > 120 {
        return None;
    }
    if let Ok(number) = text.parse::<f64>() {
        return digits(text, zone).or_else(|| unix(number).map(When::Moment));
    }
    if let Some(ticks) = text.trim_start_matches(['/', '\\']).strip_prefix("Date(") {
        // Of old .NET; the offset after it only says where it was written.
        let number = ticks.split(')').next()?;
        let end = number.find(['+', '-']).filter(|at| *at > 0);
        let millis: i64 = number[..end.unwrap_or(number.len())].parse().ok()?;
        return sensible(Timestamp::from_millisecond(millis).ok()?).map(When::Moment);
    }
    // A zone in brackets (RFC 9557) says nothing that the offset before it does not say.
    let (text, named) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
        Some((text, name)) => (text.trim(), TimeZone::get(name).ok()),
        None => (text, None),
    };
    if let Ok(moment) = text.parse::<Timestamp>() {
        return sensible(moment).map(When::Moment);
    }
    let words = TimeWords::read(text)?;
    words.when(named.as_ref().unwrap_or(zone))
}

/// `20270131`, `20270131170000`.
fn digits(text: &str, zone: &TimeZone) -> Option<When> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits || !matches!(text.len(), 8 | 12 | 14) || !text.starts_with("20") {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or("0").parse::<i64>().ok();
    let day = date(part(0, 4)?, part(4, 6)?, part(6, 8)?)?;
    if text.len() == 8 {
        return Some(When::Day(day));
    }
    let time = time(part(8, 10)?, part(10, 12)?, part(12, 14)?)?;
    moment(day.to_datetime(time), zone).map(When::Moment)
}

/// Returns a time since 1970 in seconds, or by its size in milli-, micro- or nanoseconds.
fn unix(number: f64) -> Option<Timestamp> {
    let millis = match number {
        1e8..1e11 => number * 1e3,
        1e11..1e14 => number,
        1e14..1e17 => number / 1e3,
        1e17..1e19 => number / 1e6,
        _ => return None,
    };
    sensible(Timestamp::from_millisecond(millis.round() as i64).ok()?)
}

/// A date and a time taken apart, in whatever order and words they stood.
#[derive(Debug, Default)]
struct TimeWords {
    numbers: Vec<(i64, usize, char)>,
    month: Option<i64>,
    time: Option<(i64, i64, i64)>,
    afternoon: Option<bool>,
    offset: Option<Offset>,
}

impl TimeWords {
    /// `None` where anything in it is no part of a time.
    fn read(text: &str) -> Option<Self> {
        let mut words = Self::default();
        let mut rest = text;
        while let Some(char) = rest.chars().next() {
            if char.is_ascii_digit() {
                rest = words.number(rest)?;
            } else if char.is_ascii_alphabetic() {
                let end = rest.find(|c: char| !c.is_ascii_alphabetic());
                let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
                words.word(word)?;
                rest = after;
            } else if matches!(char, '+' | '-' | '−') && words.time.is_some() {
                let (offset, after) = offset(rest)?;
                if words
                    .offset
                    .replace(offset)
                    .is_some_and(|o| o != Offset::UTC)
                {
                    return None;
                }
                rest = after;
            } else if char == '(' {
                // JavaScript explains its zone.
                rest = &rest[rest.find(')')? + 1..];
            } else if matches!(
                char,
                ' ' | ',' | '.' | '/' | '-' | '，' | '\u{a0}' | '\u{202f}'
            ) {
                rest = &rest[char.len_utf8()..];
            } else {
                rest = words.chinese(rest)?;
            }
        }
        Some(words)
    }

    /// Returns a number, or a time that begins with it.
    fn number<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        let (number, length, rest) = leading(text)?;
        let next = rest.chars().next();
        let is_clock = matches!(next, Some(':' | '时' | '點' | '点' | '：'));
        if !is_clock || self.time.is_some() {
            if self.numbers.len() == 3 {
                return None;
            }
            self.numbers.push((number, length, next.unwrap_or(' ')));
            let is_unit = |c: char| matches!(c, '年' | '月' | '日' | '号' | '號');
            let rest = rest.strip_prefix(is_unit).unwrap_or(rest);
            return Some(
                ["st", "nd", "rd", "th"]
                    .iter()
                    .find_map(|end| rest.strip_prefix(end))
                    .unwrap_or(rest),
            );
        }
        let mut parts = [number, 0, 0];
        let mut rest = rest.strip_prefix([':', '：', '时', '點', '点'])?;
        rest = rest.strip_prefix('整').unwrap_or(rest);
        if let Some(after) = rest.strip_prefix('半') {
            self.time = Some((number, 30, 0));
            return Some(after);
        }
        for part in &mut parts[1..] {
            let Some((number, _, after)) = leading(rest) else {
                break;
            };
            *part = number;
            rest = after;
            match rest.strip_prefix([':', '：', '分', '秒']) {
                Some(after) => rest = after,
                None => break,
            }
        }
        // Less than a second is kept by nobody.
        if let Some(fraction) = rest.strip_prefix(['.', ','])
            && fraction.starts_with(|c: char| c.is_ascii_digit())
        {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        self.time = Some((parts[0], parts[1], parts[2]));
        Some(rest)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        const MONTHS: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        const DAYS: [&str; 7] = [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ];
        let word = word.to_ascii_lowercase();
        let is_short_for = |name: &&str| name.starts_with(&*word) && word.len() >= 3;
        if let Some(at) = MONTHS.iter().position(is_short_for) {
            return self.month.replace(at as i64 + 1).is_none().then_some(());
        }
        match &*word {
            "t" | "at" | "of" | "by" => (),
            "z" | "utc" | "gmt" => self.offset = Some(Offset::UTC),
            "am" => self.afternoon = Some(false),
            "pm" => self.afternoon = Some(true),
            // Names of zones mean different ones to different people (CST): the zone given is
            // the best guess.
            "cst" | "est" | "edt" | "cdt" | "mst" | "mdt" | "pst" | "pdt" | "cet" | "cest"
            | "bst" | "ist" | "jst" | "hkt" => (),
            _ if DAYS.iter().any(is_short_for) => (),
            _ => return None,
        }
        Some(())
    }

    fn chinese<'a>(&mut self, text: &'a str) -> Option<&'a str> {
        const BEFORE: [(&str, Option<bool>); 14] = [
            ("上午", Some(false)),
            ("凌晨", Some(false)),
            ("早上", Some(false)),
            ("早晨", Some(false)),
            ("下午", Some(true)),
            ("晚上", Some(true)),
            ("傍晚", Some(true)),
            ("中午", None),
            ("星期", None),
            ("周", None),
            ("礼拜", None),
            ("前", None),
            ("北京时间", None),
            ("（", None),
        ];
        if let Some((word, afternoon)) = BEFORE.iter().find(|(word, _)| text.starts_with(word)) {
            self.afternoon = afternoon.or(self.afternoon);
            let after = &text[word.len()..];
            let is_day = |c: char| "一二三四五六日天".contains(c);
            return Some(match *word {
                "星期" | "周" | "礼拜" => after.strip_prefix(is_day)?,
                "（" => &after[after.find('）')? + "）".len()..],
                _ => after,
            });
        }
        None
    }

    fn is_time_alone(&self) -> bool {
        self.time.is_some() && self.numbers.is_empty() && self.month.is_none()
    }

    fn when(&self, zone: &TimeZone) -> Option<When> {
        let day = self.date()?;
        let Some((hour, minute, second)) = self.time else {
            return self.offset.is_none().then_some(When::Day(day));
        };
        let hour = match (self.afternoon, hour) {
            (Some(true), 1..12) => hour + 12,
            (Some(false), 12) => 0,
            _ => hour,
        };
        let (day, hour) = match (hour, minute, second) {
            (24, 0, 0) => (day.tomorrow().ok()?, 0),
            _ => (day, hour),
        };
        let at = day.to_datetime(time(hour, minute, second)?);
        let there = self.offset.map(TimeZone::fixed);
        moment(at, there.as_ref().unwrap_or(zone)).map(When::Moment)
    }

    fn date(&self) -> Option<Date> {
        let numbers: Vec<i64> = self.numbers.iter().map(|(number, ..)| *number).collect();
        let is_year = |at: usize| {
            self.numbers
                .get(at)
                .is_some_and(|(_, length, _)| *length == 4)
        };
        match (self.month, &*numbers) {
            (Some(month), &[day, year]) if is_year(1) => date(year, month, day),
            (Some(month), &[year, day]) if is_year(0) => date(year, month, day),
            (None, &[year, month, day]) if is_year(0) => date(year, month, day),
            // The year last: only where it is clear which of the others is the month.
            (None, &[first, second, year]) if is_year(2) => {
                let dotted = self.numbers[0].2 == '.';
                match (first, second) {
                    _ if dotted || first == second => date(year, second, first),
                    (13.., _) => date(year, second, first),
                    (_, 13..) => date(year, first, second),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// Returns the number that a text begins with, how many digits it has, and what follows it.
fn leading(text: &str) -> Option<(i64, usize, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(length);
    (1..=4).contains(&length).then_some(())?;
    Some((number.parse().ok()?, length, rest))
}

/// `+08:00`, `+0800`, `+8`.
fn offset(text: &str) -> Option<(Offset, &str)> {
    let is_west = !text.starts_with('+');
    let text = text.strip_prefix(['+', '-', '−'])?;
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    let part = |digits: &str| digits.parse::<i64>().ok();
    let (hours, minutes, rest) = match length {
        1 | 2 => match rest.strip_prefix(':').and_then(leading) {
            Some((minutes, 2, rest)) => (part(digits)?, minutes, rest),
            _ => (part(digits)?, 0, rest),
        },
        4 => (part(&digits[..2])?, part(&digits[2..])?, rest),
        _ => return None,
    };
    let seconds = hours * 3600 + minutes * 60;
    let seconds = i32::try_from(if is_west { -seconds } else { seconds }).ok()?;
    Some((Offset::from_seconds(seconds).ok()?, rest))
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| *year >= 1970)?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn time(hour: i64, minute: i64, second: i64) -> Option<Time> {
    // A leap second is as good as the one before it.
    let second = if second == 60 { 59 } else { second };
    let part = |part: i64| i8::try_from(part).ok();
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

fn moment(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    sensible(at.to_zoned(zone.clone()).ok()?.timestamp())
}

/// To the millisecond, as the inbox keeps it; after 1970 and before the year 9000.
fn sensible(time: Timestamp) -> Option<Timestamp> {
    const LAST: i64 = 221_845_392_000_000;
    let millis = time.as_millisecond();
    if (0..LAST).contains(&millis) {
        Timestamp::from_millisecond(millis).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
