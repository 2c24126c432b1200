//! What is heard with a toast.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::model::Urgency;

/// What is heard with a toast, by its urgency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Sounds {
    /// Priorities 1 and 2.
    pub low: Sound,
    /// Priorities 3 and 4.
    pub normal: Sound,
    /// Priority 5.
    pub high: Sound,
}

impl Sounds {
    /// Returns what is heard with a toast of this urgency.
    pub fn of(&self, urgency: Urgency) -> Sound {
        match urgency {
            Urgency::Low => self.low,
            Urgency::Normal => self.normal,
            Urgency::Critical => self.high,
        }
    }
}

/// A sound, by its name in the desktop's sound theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum Sound {
    /// What the desktop does by itself.
    #[default]
    Desktop,
    /// No sound.
    Silent,
    /// `message-new-instant`.
    Message,
    /// `bell`.
    Bell,
    /// `alarm-clock-elapsed`.
    Alarm,
}
