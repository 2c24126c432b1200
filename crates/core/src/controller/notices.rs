//! What was said, and what still holds.

use std::collections::BTreeMap;

/// What was said, and what still holds.
#[derive(Debug, Default)]
pub(super) struct Notices {
    /// Conditions that hold, by name, with their sentences.
    pub on: BTreeMap<String, String>,
    /// Sentences that the windows were not told yet.
    pub fresh: Vec<String>,
    /// Sentences, by name, whose toasts wait for the end of a quiet time.
    pub held: BTreeMap<String, String>,
}

impl Notices {
    pub fn is_on(&self, name: &str) -> bool {
        self.on.contains_key(name)
    }

    /// A condition no longer holds; it may be said again.
    pub fn over(&mut self, name: &str) {
        self.on.remove(name);
        self.held.remove(name);
    }

    /// Returns the names and sentences whose toasts waited.
    pub fn held(&mut self) -> BTreeMap<String, String> {
        std::mem::take(&mut self.held)
    }

    /// Returns the sentences to tell the windows now.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.fresh)
    }

    /// Tells again what still holds: a window just opened.
    pub fn repeat(&mut self) {
        let standing = self.on.values().filter(|text| !self.fresh.contains(text));
        let standing: Vec<String> = standing.cloned().collect();
        self.fresh.extend(standing);
    }
}
