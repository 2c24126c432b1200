//! What a list of to-dos is asked for by, and what it is answered with.

use belldot_wire::{Priority, Status};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{model::TodoKey, source::SourceId};

/// Which to-dos to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Query {
    /// Words or a part of a word to find.
    pub search: String,
    /// Only unread ones.
    pub unread: bool,
    /// Only this priority or above.
    #[ts(type = "number | null")]
    pub priority: Option<Priority>,
    /// Only this source.
    pub source: Option<SourceId>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// Done ones instead of open ones, the latest first and without groups.
    pub done: bool,
    /// Snoozed ones instead, the next to come back first and without groups.
    #[ts(as = "Option<bool>", optional)]
    pub snoozed: bool,
    /// How open ones are grouped.
    #[ts(as = "Option<Grouping>", optional)]
    pub by: Grouping,
    /// How many to skip.
    pub offset: u32,
    /// How many to return, at most 500.
    pub limit: u32,
}

/// How open to-dos are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum Grouping {
    /// Pinned, overdue, today, later, no date.
    #[default]
    Due,
    /// Pinned, then each source in the user's order.
    Source,
}

/// An answer to a [`Query`], in the page's order: by group as [`Grouping`] says; within a group
/// by due, then priority, then newest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Listing {
    /// The to-dos asked for.
    pub todos: Vec<TodoView>,
    /// How many there are in all.
    pub total: u32,
    /// A search found more than these: the newest are listed.
    pub more: bool,
    /// How many of each group there are in all, in the order of the list.
    pub groups: Vec<GroupCount>,
}

/// How many to-dos a group has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct GroupCount {
    /// The group.
    pub group: Group,
    /// Which source, where the group is one.
    #[ts(optional)]
    pub source: Option<SourceId>,
    /// How many.
    pub count: u32,
}

/// By when to-dos are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum Group {
    /// Pinned to the top by the user.
    Pinned,
    /// Due in the past.
    Overdue,
    /// Due today, in the user's time zone.
    Today,
    /// Due after today.
    Later,
    /// No due date.
    NoDate,
    /// Of one source.
    Source,
}

/// One to-do as a row shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TodoView {
    /// Its key in this inbox.
    pub key: TodoKey,
    /// Its source.
    pub source: SourceId,
    /// What the user calls the source.
    pub source_name: String,
    /// One line.
    pub title: String,
    /// Plain text.
    pub body: Option<String>,
    /// `http` or `https`, or absent.
    pub url: Option<String>,
    /// 1 lowest to 5 highest.
    pub priority: Priority,
    /// When it is due.
    #[ts(type = "string | null")]
    pub due: Option<Timestamp>,
    /// Which group it stands in.
    pub group: Group,
    /// Open, done or cancelled.
    pub status: Status,
    /// Whether it was seen.
    pub read: bool,
    /// Labels.
    pub tags: Vec<String>,
    /// Who asks.
    pub sender: Option<String>,
    /// When it arrived or was created.
    #[ts(type = "string")]
    pub created: Timestamp,
    /// Out of sight until then.
    #[ts(type = "string | null")]
    pub snoozed_until: Option<Timestamp>,
    /// Pinned to the top by the user.
    pub pinned: bool,
}
