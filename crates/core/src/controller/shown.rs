//! What was shown last.

use jiff::{SignedDuration, Timestamp};

use crate::{bell::Bell, inbox::Latest, page::News};

/// What was shown last.
#[derive(Debug, Default)]
pub(super) struct LastShown {
    pub todos_changed: bool,
    pub settings_changed: bool,
    pub bell: Option<Bell>,
    /// The to-dos in its menu.
    pub latest: Vec<Latest>,
    pub news: Option<News>,
    pub next: Option<Timestamp>,
    /// Something waits for the next frame.
    pub waits: bool,
}

impl LastShown {
    pub fn deadline(&self) -> Option<Timestamp> {
        self.next.filter(|_| self.waits)
    }

    pub fn shift(&mut self, back: SignedDuration) {
        if let Some(next) = &mut self.next {
            *next -= back;
        }
    }
}
