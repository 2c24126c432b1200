//! A query as a condition of SQL. It executes nothing but a count.

use jiff::{ToSpan, Zoned};
use rusqlite::{Connection, ToSql, types::Value};

use crate::inbox::{
    error::InboxError,
    query::{Group, Query},
    row::Millis,
};

/// A query as a condition, with its values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    /// The tables, `todos` among them.
    pub tables: &'static str,
    pub sql: String,
    pub values: Vec<(&'static str, Value)>,
}

impl Filter {
    /// Builds the filter of a query, without its search. `source` is the key of the query's source,
    /// where it names one.
    pub fn of(query: &Query, source: Option<i64>) -> Self {
        // These must be literally the conditions of the partial indexes.
        let sql = if query.done {
            "status <> 0 AND removed = 0"
        } else if query.snoozed {
            "status = 0 AND snoozed IS NOT NULL AND removed = 0"
        } else {
            "status = 0 AND snoozed IS NULL AND removed = 0"
        };
        let mut filter = Self {
            tables: "todos",
            sql: sql.to_owned(),
            values: Vec::new(),
        };
        if query.unread {
            filter.sql.push_str(" AND read = 0");
        }
        if let Some(priority) = query.priority {
            let least = i64::from(u8::from(priority));
            filter.and("priority >= :priority", [(":priority", least.into())]);
        }
        if let Some(key) = source {
            filter.and("+source = :source", [(":source", key.into())]);
        }
        if let Some(tag) = &query.tag {
            filter.and(
                "EXISTS (SELECT 1 FROM json_each(tags) WHERE json_each.value = :tag)",
                [(":tag", tag.clone().into())],
            );
        }
        filter
    }

    /// Narrows the filter to these to-dos: what a search found.
    pub fn only(mut self, keys: &[i64]) -> Self {
        // In this order SQLite looks at a few hundred hits, not at every to-do.
        self.tables = "json_each(:hits) AS hit CROSS JOIN todos ON todos.key = hit.value";
        self.values.push((":hits", keys_text(keys).into()));
        self
    }

    /// Adds a condition with its values.
    pub fn and<const N: usize>(&mut self, sql: &str, values: [(&'static str, Value); N]) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    pub fn parameters(&self) -> Vec<(&str, &dyn ToSql)> {
        self.values
            .iter()
            .map(|(name, value)| (*name, value as &dyn ToSql))
            .collect()
    }
}

/// Returns how many to-dos a filter lets through of those that meet a condition.
pub(super) fn count(
    connection: &Connection,
    filter: &Filter,
    condition: &str,
    parameters: &[(&str, &dyn ToSql)],
) -> Result<u32, InboxError> {
    let sql = format!(
        "SELECT count(*) FROM todos WHERE {} AND {condition}",
        filter.sql
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(parameters, |row| row.get(0))?)
}

/// Keys as a JSON array.
pub(super) fn keys_text(keys: &[i64]) -> String {
    serde_json::to_string(keys).unwrap_or_default()
}

/// Now, and where today ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub now: Millis,
    pub tomorrow: Millis,
}

impl Days {
    pub fn of(now: &Zoned) -> Self {
        let tomorrow = now
            .checked_add(1.day())
            .and_then(|tomorrow| tomorrow.start_of_day())
            .map_or(now.timestamp(), |tomorrow| tomorrow.timestamp());
        Self {
            now: now.timestamp().into(),
            tomorrow: tomorrow.into(),
        }
    }

    pub fn group(&self, due: Option<Millis>, pinned: bool) -> Group {
        match due {
            _ if pinned => Group::Pinned,
            None => Group::NoDate,
            Some(due) if due < self.now => Group::Overdue,
            Some(due) if due < self.tomorrow => Group::Today,
            Some(_) => Group::Later,
        }
    }
}
