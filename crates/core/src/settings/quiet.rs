//! Quiet hours: when no toast is shown.

use std::cmp::Ordering;

use belldot_wire::Priority;
use jiff::{
    Timestamp, Zoned,
    civil::{Date, Time, Weekday},
};
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

/// When no toast is shown. The bell counts on, and what came is one digest afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct QuietHours {
    /// Whether there are any.
    pub enabled: bool,
    /// From this time of each day, in the user's time zone.
    #[ts(type = "string")]
    pub from: Time,
    /// To this time; of the next day where it is before `from`. The same time: there are no such
    /// hours, only whole days.
    #[ts(type = "string")]
    pub to: Time,
    /// Days that are quiet as a whole.
    pub days: Vec<Day>,
    /// To-dos from this priority on are shown all the same; `null`: none is.
    #[ts(type = "number | null")]
    #[serde(deserialize_with = "from_priority")]
    pub except: Option<Priority>,
}

impl Default for QuietHours {
    fn default() -> Self {
        Self {
            enabled: false,
            from: Time::constant(20, 0, 0, 0),
            to: Time::constant(8, 0, 0, 0),
            days: Vec::new(),
            except: Some(Priority::HIGHEST),
        }
    }
}

/// The word in a file for: no priority is shown in quiet hours.
pub(super) const NOTHING: &str = "none";

/// Reads a priority, nothing or [`NOTHING`].
fn from_priority<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Priority>, D::Error> {
    #[derive(Deserialize)]
    #[serde(
        untagged,
        expecting = "a priority from 1 to 5 is expected, or \"none\""
    )]
    enum PriorityOrNone {
        Priority(Priority),
        NoneWord(NoneWord),
        Null,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum NoneWord {
        None,
    }
    Ok(match PriorityOrNone::deserialize(from)? {
        PriorityOrNone::Priority(priority) => Some(priority),
        PriorityOrNone::NoneWord(NoneWord::None) | PriorityOrNone::Null => None,
    })
}

/// The most quiet times in a row; more of them are taken for one without an end.
const MOST_IN_A_ROW: usize = 32;

impl QuietHours {
    /// Returns whether it is quiet at this time, in its time zone.
    pub fn is_quiet(&self, now: &Zoned) -> bool {
        self.end_of_one(now).is_some()
    }

    /// Returns when it is no longer quiet; a quiet day after a quiet night is one quiet time with
    /// it. `None`: it is not quiet, or always.
    pub fn end(&self, now: &Zoned) -> Option<Timestamp> {
        let mut end = self.end_of_one(now)?;
        for _ in 0..MOST_IN_A_ROW {
            match self.end_of_one(&end.to_zoned(now.time_zone().clone())) {
                Some(later) => end = later,
                None => return Some(end),
            }
        }
        None
    }

    /// Returns the latest end of the nights and the days that this time is in.
    fn end_of_one(&self, now: &Zoned) -> Option<Timestamp> {
        if !self.enabled {
            return None;
        }
        let today = now.date();
        let yesterday = today.yesterday().ok();
        let nights = yesterday.into_iter().chain([today]);
        let nights = nights.filter_map(|day| self.night_of(day, now));
        let ends = nights.chain(self.whole_day(today, now));
        ends.filter(|(start, end)| (*start..*end).contains(&now.timestamp()))
            .map(|(_, end)| end)
            .max()
    }

    /// Returns the hours that begin on this day. A time that the clocks skip is the one after the
    /// change.
    fn night_of(&self, day: Date, now: &Zoned) -> Option<(Timestamp, Timestamp)> {
        let last = match self.from.cmp(&self.to) {
            Ordering::Equal => return None,
            Ordering::Less => day,
            Ordering::Greater => day.tomorrow().ok()?,
        };
        let at = |day: Date, time| {
            let time = day.to_datetime(time).to_zoned(now.time_zone().clone());
            time.ok().map(|time| time.timestamp())
        };
        Some((at(day, self.from)?, at(last, self.to)?))
    }

    fn whole_day(&self, day: Date, now: &Zoned) -> Option<(Timestamp, Timestamp)> {
        let begin = |day: Date| {
            let start = day.to_zoned(now.time_zone().clone());
            start.ok().map(|start| start.timestamp())
        };
        let is_quiet = self.days.contains(&day.weekday().into());
        is_quiet.then_some((begin(day)?, begin(day.tomorrow().ok()?)?))
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
#[allow(missing_docs, reason = "they are what they are called")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}
