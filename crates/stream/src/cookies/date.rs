//! The dates of cookies, in any order and spelling (RFC 6265, 5.1.1).

use std::time::{Duration, SystemTime};

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The time that a date means; `None` where it is none. One before 1970 is 1970.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    let delimits = |c: char| !(c.is_ascii_alphanumeric() || c == ':');
    for token in text.split(delimits) {
        if time.is_none() && token.contains(':') {
            time = clock(token);
        } else if day.is_none() && (1..=2).contains(&digits(token).len()) {
            day = digits(token).parse::<i64>().ok();
        } else if month.is_none() && is_month(token).is_some() {
            month = is_month(token);
        } else if year.is_none() && (2..=4).contains(&digits(token).len()) {
            year = digits(token).parse::<i64>().ok();
        }
    }
    let ((hour, minute, second), day, month) = (time?, day?, month?);
    let year = match year? {
        year @ 70..=99 => 1900 + year,
        year @ 0..=69 => 2000 + year,
        year => year,
    };
    if !(1601..=9999).contains(&year) || !(1..=31).contains(&day) {
        return None;
    }
    let seconds = days(year, month, day) * 24 * 3600 + hour * 3600 + minute * 60 + second;
    let since_1970 = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    SystemTime::UNIX_EPOCH.checked_add(since_1970)
}

/// Days since 1970 in the Gregorian calendar; months count from 0.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // In years that start in March, the leap day is the last day.
    let (year, month) = match month {
        0 | 1 => (year - 1, month + 10),
        _ => (year, month - 2),
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let since_march = (153 * month + 2) / 5;
    const BEFORE_1970: i64 = 719_469;
    365 * year + leap_days + since_march + day - BEFORE_1970
}

/// The digits with which a token begins.
fn digits(token: &str) -> &str {
    let end = token.find(|c: char| !c.is_ascii_digit());
    &token[..end.unwrap_or(token.len())]
}

fn is_month(token: &str) -> Option<i64> {
    let name = token.get(..3)?.to_ascii_lowercase();
    let number = MONTHS.iter().position(|month| *month == name)?;
    i64::try_from(number).ok()
}

fn clock(token: &str) -> Option<(i64, i64, i64)> {
    let mut parts = token.split(':').map(|part| digits(part).parse().ok());
    let time = (parts.next()??, parts.next()??, parts.next()??);
    (time.0 < 24 && time.1 < 60 && time.2 < 60).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read() {
        let expected = httpdate::parse_http_date("Wed, 09 Jun 2021 10:18:14 GMT").unwrap();
        for text in [
            "Wed, 09 Jun 2021 10:18:14 GMT",
            "Wed, 09-Jun-2021 10:18:14 GMT",
            "Wednesday, 09-Jun-21 10:18:14 GMT",
            "Wed Jun  9 10:18:14 2021",
            "9 june 2021 10:18:14",
            "10:18:14 9/Jun/2021",
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn every_day_is_counted() {
        for (text, expected) in [
            ("01 Jan 1970 00:00:00", 0),
            ("31 Dec 1969 23:59:59", 0),
            ("28 Feb 2000 00:00:00", 951_696_000),
            ("29 Feb 2000 00:00:00", 951_782_400),
            ("01 Mar 2000 00:00:00", 951_868_800),
            ("31 Dec 2099 00:00:00", 4_102_358_400),
            ("01 Mar 2100 00:00:00", 4_107_542_400),
        ] {
            let since = parse(text).unwrap().duration_since(SystemTime::UNIX_EPOCH);
            assert_eq!(since.unwrap().as_secs(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "soon",
            "Wed, 09 Jun 2021",
            "Wed, 41 Jun 2021 10:18:14 GMT",
            "Wed, 09 Jun 2021 25:18:14 GMT",
            "Wed, 09 Jun 1600 10:18:14 GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
