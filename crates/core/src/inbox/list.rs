//! Lists of to-dos, in the page's order.

use belldot_wire::Priority;
use jiff::{ToSpan, Zoned};
use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use crate::{
    inbox::{
        InboxError, Latest, TodoKey,
        row::{Millis, status_of},
        search,
    },
    page::{Group, GroupCount, Listing, Query, TodoView},
    source::SourceId,
};

/// The most to-dos that one list returns.
const MOST: u32 = 500;

const COLUMNS: &str = "todos.key, sources.id, sources.name, title, body, url, priority, due, \
    status, read, tags, sender, created, snoozed, pinned";

pub(super) fn list(
    connection: &Connection,
    query: &Query,
    now: &Zoned,
) -> Result<Listing, InboxError> {
    let filter = Filter::of(connection, query)?;
    let days = Days::of(now);
    let groups = if query.done || query.snoozed {
        vec![]
    } else {
        filter.groups(connection, &days)?
    };
    let total = if groups.is_empty() {
        filter.count(connection, "")?
    } else {
        groups.iter().map(|group| group.count).sum()
    };
    let order = if query.done {
        "closed DESC, todos.key DESC"
    } else if query.snoozed {
        "snoozed, todos.key"
    } else {
        "pinned DESC, due IS NULL, due, priority DESC, created DESC, todos.key DESC"
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM todos JOIN sources ON sources.key = todos.source
         WHERE todos.key IN (
            SELECT todos.key FROM todos WHERE {} ORDER BY {order} LIMIT :limit OFFSET :offset)
         ORDER BY {order}",
        filter.sql,
    );
    let limit = query.limit.min(MOST);
    let mut values = filter.values();
    values.push((":limit", &limit));
    values.push((":offset", &query.offset));
    let todos = connection
        .prepare_cached(&sql)?
        .query_map(&*values, |row| view(row, &days))?
        .collect::<Result<_, _>>()?;
    Ok(Listing {
        todos,
        total,
        groups,
    })
}

pub(super) fn todo(
    connection: &Connection,
    key: TodoKey,
    now: &Zoned,
) -> Result<Option<TodoView>, InboxError> {
    let days = Days::of(now);
    let sql = format!(
        "SELECT {COLUMNS} FROM todos JOIN sources ON sources.key = todos.source
         WHERE todos.key = ?1"
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([key.0], |row| view(row, &days))
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

/// Where today ends.
struct Days {
    now: Millis,
    tomorrow: Millis,
}

impl Days {
    fn of(now: &Zoned) -> Self {
        let tomorrow = now
            .checked_add(1.day())
            .and_then(|tomorrow| tomorrow.start_of_day())
            .map_or(now.timestamp(), |tomorrow| tomorrow.timestamp());
        Self {
            now: now.timestamp().into(),
            tomorrow: tomorrow.into(),
        }
    }

    fn group(&self, due: Option<Millis>, pinned: bool) -> Group {
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
struct Filter {
    sql: String,
    own: Vec<(&'static str, Box<dyn ToSql>)>,
}

impl Filter {
    fn of(connection: &Connection, query: &Query) -> Result<Self, InboxError> {
        // The first conditions are word for word those of the partial indexes.
        let mut sql = if query.done {
            "status <> 0 AND removed = 0".to_owned()
        } else if query.snoozed {
            "status = 0 AND snoozed IS NOT NULL AND removed = 0".to_owned()
        } else {
            "status = 0 AND snoozed IS NULL AND removed = 0".to_owned()
        };
        let mut own: Vec<(&'static str, Box<dyn ToSql>)> = Vec::new();
        if query.unread {
            sql.push_str(" AND read = 0");
        }
        if let Some(priority) = query.priority {
            sql.push_str(" AND priority >= :priority");
            own.push((":priority", Box::new(u8::from(priority))));
        }
        if let Some(SourceId(source)) = &query.source {
            sql.push_str(" AND source = (SELECT key FROM sources WHERE id = :source)");
            own.push((":source", Box::new(source.clone())));
        }
        if let Some(tag) = &query.tag {
            sql.push_str(
                " AND EXISTS (SELECT 1 FROM json_each(tags) WHERE json_each.value = :tag)",
            );
            own.push((":tag", Box::new(tag.clone())));
        }
        search::add_to(&mut sql, &mut own, connection, &query.search)?;
        Ok(Self { sql, own })
    }

    fn values(&self) -> Vec<(&str, &dyn ToSql)> {
        self.own
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect()
    }

    fn count(&self, connection: &Connection, further: &str) -> Result<u32, InboxError> {
        let sql = format!("SELECT count(*) FROM todos WHERE {} {further}", self.sql);
        Ok(connection
            .prepare_cached(&sql)?
            .query_row(&*self.values(), |row| row.get(0))?)
    }

    fn groups(&self, connection: &Connection, days: &Days) -> Result<Vec<GroupCount>, InboxError> {
        let sql = format!(
            "SELECT CASE
                WHEN pinned THEN 0 WHEN due IS NULL THEN 4
                WHEN due < :now THEN 1 WHEN due < :tomorrow THEN 2 ELSE 3 END AS shelf, count(*)
             FROM todos WHERE {} GROUP BY shelf ORDER BY shelf",
            self.sql
        );
        let mut values = self.values();
        values.push((":now", &days.now));
        values.push((":tomorrow", &days.tomorrow));
        let groups = connection
            .prepare_cached(&sql)?
            .query_map(&*values, |row| {
                let group = match row.get(0)? {
                    0 => Group::Pinned,
                    1 => Group::Overdue,
                    2 => Group::Today,
                    3 => Group::Later,
                    _ => Group::NoDate,
                };
                Ok(GroupCount {
                    group,
                    count: row.get(1)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(groups)
    }
}

fn view(row: &Row<'_>, days: &Days) -> rusqlite::Result<TodoView> {
    let due: Option<Millis> = row.get(7)?;
    let pinned = row.get(14)?;
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
        group: days.group(due, pinned),
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
