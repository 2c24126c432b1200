//! When it is quiet, and until when.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use belldot_core::settings::{Day, QuietHours};
use jiff::{Zoned, civil};

fn hours(from: i8, to: i8, days: &[Day]) -> QuietHours {
    QuietHours {
        enabled: true,
        from: civil::time(from, 0, 0, 0),
        to: civil::time(to, 0, 0, 0),
        days: days.to_vec(),
        ..QuietHours::default()
    }
}

/// A time in Berlin, where the clocks change.
fn at(text: &str) -> Zoned {
    format!("{text}[Europe/Berlin]").parse().unwrap()
}

fn end(quiet: &QuietHours, now: &str) -> Option<String> {
    let now = at(now);
    let end = quiet.end(&now)?.to_zoned(now.time_zone().clone());
    Some(end.strftime("%m-%d %H:%M").to_string())
}

#[test]
fn hours_within_a_day_begin_at_their_first_moment_and_end_before_their_last() {
    let quiet = hours(12, 14, &[]);
    for (now, expected) in [
        ("2026-11-23T11:59:59", false),
        ("2026-11-23T12:00:00", true),
        ("2026-11-23T13:59:59", true),
        ("2026-11-23T14:00:00", false),
    ] {
        assert_eq!(quiet.is_quiet(&at(now)), expected, "{now}");
    }
    assert_eq!(end(&quiet, "2026-11-23T13:00:00").unwrap(), "11-23 14:00");
    assert_eq!(end(&quiet, "2026-11-23T15:00:00"), None);
}

#[test]
fn hours_over_midnight_are_quiet_on_both_sides_of_it() {
    let quiet = hours(20, 8, &[]);
    assert_eq!(end(&quiet, "2026-11-23T21:00:00").unwrap(), "11-24 08:00");
    assert_eq!(end(&quiet, "2026-11-24T07:59:00").unwrap(), "11-24 08:00");
    assert!(!quiet.is_quiet(&at("2026-11-24T12:00:00")));
}

#[test]
fn a_quiet_day_joins_the_nights_around_it() {
    // Friday evening to Monday morning.
    let quiet = hours(20, 8, &[Day::Saturday, Day::Sunday]);
    assert_eq!(end(&quiet, "2026-11-27T20:00:00").unwrap(), "11-30 08:00");
    assert_eq!(end(&quiet, "2026-11-28T12:00:00").unwrap(), "11-30 08:00");
}

#[test]
fn the_same_time_twice_means_whole_days_alone() {
    let quiet = hours(0, 0, &[Day::Sunday]);
    assert!(!quiet.is_quiet(&at("2026-11-23T00:00:00")));
    assert_eq!(end(&quiet, "2026-11-29T00:00:00").unwrap(), "11-30 00:00");
}

#[test]
fn every_day_quiet_has_no_end() {
    use Day::*;
    let quiet = hours(
        0,
        0,
        &[
            Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday,
        ],
    );
    assert!(quiet.is_quiet(&at("2026-11-23T12:00:00")));
    assert_eq!(quiet.end(&at("2026-11-23T12:00:00")), None);
}

#[test]
fn a_night_in_which_the_clocks_change_still_ends_at_its_time() {
    let quiet = hours(22, 7, &[]);
    // An hour less, and an hour more.
    assert_eq!(end(&quiet, "2026-03-28T23:00:00").unwrap(), "03-29 07:00");
    assert_eq!(end(&quiet, "2026-10-24T23:00:00").unwrap(), "10-25 07:00");
    // Half past two does not exist in that night.
    let until_half_past_two = QuietHours {
        to: civil::time(2, 30, 0, 0),
        ..quiet
    };
    assert_eq!(
        end(&until_half_past_two, "2026-03-28T23:00:00").unwrap(),
        "03-29 03:30"
    );
}

#[test]
fn without_quiet_hours_it_is_never_quiet() {
    let quiet = QuietHours {
        enabled: false,
        ..hours(0, 23, &[Day::Monday])
    };
    assert!(!quiet.is_quiet(&at("2026-11-23T12:00:00")));
}
