//! Lists of to-dos, in the page's order.

use belldot_wire::Priority;
use jiff::{ToSpan, Zoned};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, types::Value};

use crate::{
    inbox::{
        InboxError, Latest, TodoKey,
        order::{Kept, Order},
        row::{Millis, status_of},
        search,
    },
    page::{Group, Grouping, Listing, Query, TodoView},
    source::SourceId,
};

/// The most to-dos that one list returns.
const MOST: u32 = 500;

const COLUMNS: &str = "todos.key, sources.id, sources.name, title, body, url, priority, due, \
    status, read, tags, sender, created, snoozed, pinned";

/// The to-dos asked for. With `kept`, which is of use to readers only, their order is not worked
/// out again for every page.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    now: &Zoned,
    kept: Option<&Kept>,
) -> Result<Listing, InboxError> {
    let order = Order::of(connection, query, now, kept)?;
    let keys = order.keys(connection, query.offset, query.limit.min(MOST))?;
    let listing = Listing {
        todos: views(connection, &keys, order.days, query.by)?,
        total: order.total,
        groups: order.groups.clone(),
        more: order.more,
    };
    if let Some(kept) = kept {
        kept.replace(Some(order));
    }
    Ok(listing)
}

/// Where a to-do stands in the answer to a query, counted from 0.
pub(super) fn position(
    connection: &Connection,
    query: &Query,
    key: TodoKey,
    now: &Zoned,
    kept: &Kept,
) -> Result<Option<u32>, InboxError> {
    let order = Order::of(connection, query, now, Some(kept))?;
    let position = order.position(connection, key)?;
    kept.replace(Some(order));
    Ok(position)
}

pub(super) fn todo(
    connection: &Connection,
    key: TodoKey,
    now: &Zoned,
) -> Result<Option<TodoView>, InboxError> {
    Ok(views(connection, &[key.0], Days::of(now), Grouping::Due)?.pop())
}

/// These to-dos, in this order.
fn views(
    connection: &Connection,
    keys: &[i64],
    days: Days,
    by: Grouping,
) -> Result<Vec<TodoView>, InboxError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM json_each(?1) AS wanted
            CROSS JOIN todos ON todos.key = wanted.value
            CROSS JOIN sources ON sources.key = todos.source
         ORDER BY wanted.key"
    );
    let todos = connection
        .prepare_cached(&sql)?
        .query_map([keys_text(keys)], |row| view(row, days, by))?
        .collect::<Result<_, _>>()?;
    Ok(todos)
}

/// Keys as a JSON array.
pub(super) fn keys_text(keys: &[i64]) -> String {
    serde_json::to_string(keys).unwrap_or_default()
}

pub(super) fn priority(
    connection: &Connection,
    key: TodoKey,
) -> Result<Option<Priority>, InboxError> {
    let priority: Option<i64> = connection
        .prepare_cached("SELECT priority FROM todos WHERE key = ?1")?
        .query_row([key.0], |row| row.get(0))
        .optional()?;
    Ok(priority.map(Priority::nearest))
}

pub(super) fn find(connection: &Connection, id: &str) -> Result<Option<TodoKey>, InboxError> {
    Ok(connection
        .prepare_cached(
            "SELECT todos.key FROM sources CROSS JOIN todos ON todos.source = sources.key
             WHERE todos.id = ?1 AND todos.removed = 0
             ORDER BY status <> 0, created DESC LIMIT 1",
        )?
        .query_row([id], |row| row.get(0).map(TodoKey))
        .optional()?)
}

/// The latest open to-dos, newest first.
pub(super) fn latest(connection: &Connection) -> Result<Vec<Latest>, InboxError> {
    let latest = connection
        .prepare_cached(
            "SELECT key, title, read, priority, due FROM todos INDEXED BY todos_latest
             WHERE status = 0 AND snoozed IS NULL AND removed = 0
             ORDER BY created DESC, key DESC LIMIT 5",
        )?
        .query_map([], |row| {
            Ok(Latest {
                key: TodoKey(row.get(0)?),
                title: row.get(1)?,
                read: row.get(2)?,
                priority: Priority::nearest(row.get(3)?),
                due: row.get::<_, Option<Millis>>(4)?.map(Into::into),
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(latest)
}

pub(super) fn unannounced(connection: &Connection) -> Result<Vec<TodoKey>, InboxError> {
    let keys = connection
        .prepare_cached("SELECT todo FROM unannounced ORDER BY todo")?
        .query_map([], |row| row.get(0).map(TodoKey))?
        .collect::<Result<_, _>>()?;
    Ok(keys)
}

/// The key of a source; one that no to-do has where it is not known.
pub(super) fn source_key(connection: &Connection, id: &SourceId) -> Result<i64, InboxError> {
    let key = connection
        .prepare_cached("SELECT key FROM sources WHERE id = ?1")?
        .query_row([&id.0], |row| row.get(0))
        .optional()?;
    Ok(key.unwrap_or(-1))
}

/// Every source with its key, in the user's order.
pub(super) fn sources(connection: &Connection) -> Result<Vec<(i64, SourceId)>, InboxError> {
    let sources = connection
        .prepare_cached("SELECT key, id FROM sources ORDER BY place, key")?
        .query_map([], |row| Ok((row.get(0)?, SourceId(row.get(1)?))))?
        .collect::<Result<_, _>>()?;
    Ok(sources)
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

/// A query as a condition, with its values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    /// The tables, `todos` among them.
    pub tables: &'static str,
    pub sql: String,
    pub values: Vec<(&'static str, Value)>,
}

impl Filter {
    /// The filter, and whether a search found more than it lets through.
    pub fn of(connection: &Connection, query: &Query) -> Result<(Self, bool), InboxError> {
        // Word for word the conditions of the partial indexes.
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
        if let Some(source) = &query.source {
            let key = source_key(connection, source)?;
            filter.and("+source = :source", [(":source", key.into())]);
        }
        if let Some(tag) = &query.tag {
            filter.and(
                "EXISTS (SELECT 1 FROM json_each(tags) WHERE json_each.value = :tag)",
                [(":tag", tag.clone().into())],
            );
        }
        if query.search.trim().is_empty() {
            return Ok((filter, false));
        }
        let hits = search::hits(connection, &filter, &query.search)?;
        // In this order: a few hundred hits, not every to-do, are looked at.
        filter.tables = "json_each(:hits) AS hit CROSS JOIN todos ON todos.key = hit.value";
        filter.values.push((":hits", keys_text(&hits.keys).into()));
        Ok((filter, hits.more))
    }

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

fn view(row: &Row<'_>, days: Days, by: Grouping) -> rusqlite::Result<TodoView> {
    let due: Option<Millis> = row.get(7)?;
    let pinned: bool = row.get(14)?;
    let tags: Option<String> = row.get(10)?;
    Ok(TodoView {
        key: TodoKey(row.get(0)?),
        source: SourceId(row.get(1)?),
        source_name: row.get(2)?,
        title: row.get(3)?,
        body: row.get(4)?,
        url: row.get(5)?,
        priority: Priority::nearest(row.get(6)?),
        due: due.map(Into::into),
        group: match by {
            Grouping::Source if !pinned => Group::Source,
            _ => days.group(due, pinned),
        },
        status: status_of(row.get(8)?),
        read: row.get(9)?,
        tags: tags
            .and_then(|tags| serde_json::from_str(&tags).ok())
            .unwrap_or_default(),
        sender: row.get(11)?,
        created: row.get::<_, Millis>(12)?.into(),
        snoozed_until: row.get::<_, Option<Millis>>(13)?.map(Into::into),
        pinned,
    })
}
