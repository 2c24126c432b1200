//! A to-do as an event tells it.

use belldot_wire::{Priority, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A to-do as an event tells it; what the server did not say is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Draft {
    /// The same id is the same to-do; without one it is told from others by `words` and by its
    /// event.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub id: Option<String>,
    /// One line.
    pub title: String,
    /// Plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub body: Option<String>,
    /// `http` or `https`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub url: Option<String>,
    /// How much it matters.
    #[ts(type = "number")]
    pub priority: Priority,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "string", optional)]
    pub due: Option<Timestamp>,
    /// Whether it still waits, where the server keeps that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub status: Option<Status>,
    /// Whether its person has seen it, where the server keeps that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub read: Option<bool>,
    /// Labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub tags: Vec<String>,
    /// Who or what asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub sender: Option<String>,
    /// When the server first took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "string", optional)]
    pub created: Option<Timestamp>,
    /// A digest of what the server said, word for word, where there is no id.
    #[serde(skip)]
    #[ts(skip)]
    pub words: Option<u64>,
}

impl Draft {
    /// Fills what it does not say from the other; its title and body stay.
    pub(super) fn complete_by(&mut self, other: &Self) {
        fn fill<T: Clone>(own: &mut Option<T>, other: &Option<T>) {
            if own.is_none() {
                own.clone_from(other);
            }
        }
        fill(&mut self.id, &other.id);
        fill(&mut self.url, &other.url);
        fill(&mut self.due, &other.due);
        fill(&mut self.status, &other.status);
        fill(&mut self.read, &other.read);
        fill(&mut self.sender, &other.sender);
        fill(&mut self.created, &other.created);
        if self.priority == Priority::default() {
            self.priority = other.priority;
        }
        if self.tags.is_empty() {
            self.tags.clone_from(&other.tags);
        }
    }
}
