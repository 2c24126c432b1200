//! Lists of to-dos, in the page's order.

use belldot_wire::Priority;
use jiff::Zoned;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    inbox::{
        error::InboxError,
        filter::{Days, keys_text},
        order::{CachedOrder, ListOrder},
        query::{Group, Grouping, Listing, Query, TodoView},
        row::{Millis, status_of},
        sources::Latest,
    },
    model::TodoKey,
    source::SourceId,
};

/// The most to-dos that one list returns.
const MOST: u32 = 500;

const COLUMNS: &str = "todos.key, sources.id, sources.name, title, body, url, priority, due, \
    status, read, tags, sender, created, snoozed, pinned";

/// Returns the to-dos asked for. With `cached`, which is of use to readers only, their order is not
/// worked out again for every page.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    now: &Zoned,
    cached: Option<&CachedOrder>,
) -> Result<Listing, InboxError> {
    let order = ListOrder::of(connection, query, now, cached)?;
    let keys = order.keys(connection, query.offset, query.limit.min(MOST))?;
    let listing = Listing {
        todos: views(connection, &keys, order.days, query.by)?,
        total: order.total,
        groups: order.groups.clone(),
        more: order.more,
    };
    if let Some(cached) = cached {
        cached.replace(Some(order));
    }
    Ok(listing)
}

/// Returns where a to-do stands in the answer to a query, counted from 0.
pub(super) fn position(
    connection: &Connection,
    query: &Query,
    key: TodoKey,
    now: &Zoned,
    cached: &CachedOrder,
) -> Result<Option<u32>, InboxError> {
    let order = ListOrder::of(connection, query, now, Some(cached))?;
    let position = order.position(connection, key)?;
    cached.replace(Some(order));
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

/// Returns the latest open to-dos, newest first.
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
