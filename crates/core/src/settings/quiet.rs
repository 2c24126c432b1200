//! Quiet hours: when no toast is shown.

use belldot_wire::Priority;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// When no toast is shown. The bell counts on, and what came is one digest afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
pub struct QuietHours {
    /// Whether there are any.
    pub enabled: bool,
    /// From this time of each day, in the user's time zone.
    #[ts(type = "string")]
    pub from: Time,
    /// To this time; of the next day where it is not after `from`.
    #[ts(type = "string")]
    pub to: Time,
    /// Days that are quiet as a whole.
    pub days: Vec<Day>,
    /// To-dos from this priority on are shown all the same; `null`: none is.
    #[ts(type = "number | null")]
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
