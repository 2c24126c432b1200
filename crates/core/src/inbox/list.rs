//! Lists of to-dos, in the page's order.

use std::cell::RefCell;

use belldot_wire::Priority;
use jiff::{ToSpan, Zoned};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, types::Value};

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

/// The counts of the last list, for as long as they hold: whoever turns pages asks for the same.
pub(super) type Counted = RefCell<Option<Counts>>;

/// The to-dos asked for. With `counted`, which is of use to readers only, the counts are not made
/// again for every page.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    now: &Zoned,
    counted: Option<&Counted>,
) -> Result<Listing, InboxError> {
    let (filter, more) = Filter::of(connection, query)?;
    let counts = match counted {
        None => Counts::make(connection, filter, query, Days::of(now))?,
        Some(counted) => Counts::keep(connection, filter, query, Days::of(now), counted)?,
    };
    let limit = query
        .limit
        .min(MOST)
        .min(counts.total.saturating_sub(query.offset));
    let todos = if limit == 0 {
        Vec::new()
    } else {
        counts.page(connection, query, limit)?
    };
    let (total, groups) = (counts.total, counts.groups.clone());
    if let Some(counted) = counted {
        counted.replace(Some(counts));
    }
    Ok(Listing {
        todos,
        total,
        groups,
        more,
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

/// Now, and where today ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    /// The tables, `todos` among them.
    pub tables: &'static str,
    pub sql: String,
    pub values: Vec<(&'static str, Value)>,
}

impl Filter {
    /// The filter, and whether a search found more than it lets through.
    fn of(connection: &Connection, query: &Query) -> Result<(Self, bool), InboxError> {
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
        if let Some(SourceId(source)) = &query.source {
            filter.and(
                // The plus keeps SQLite from the index by id, which is not in the list's order.
                "+source = (SELECT sources.key FROM sources WHERE sources.id = :source)",
                [(":source", source.clone().into())],
            );
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
        filter.values.push((":hits", hits.keys_text().into()));
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

/// How many to-dos a filter lets through.
#[derive(Debug)]
pub(super) struct Counts {
    filter: Filter,
    days: Days,
    version: i64,
    total: u32,
    groups: Vec<GroupCount>,
}

/// So long, in milliseconds, an overdue to-do may still be counted as of today.
const HOLDS: i64 = 10_000;

impl Counts {
    /// The counts that were kept, if they still hold, or new ones.
    fn keep(
        connection: &Connection,
        filter: Filter,
        query: &Query,
        days: Days,
        counted: &Counted,
    ) -> Result<Self, InboxError> {
        // Changes with every commit of another connection.
        let version = connection
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        if let Some(kept) = counted.take()
            && kept.version == version
            && kept.filter == filter
            && kept.days.tomorrow == days.tomorrow
            && (0..HOLDS).contains(&(days.now.0 - kept.days.now.0))
        {
            return Ok(kept);
        }
        Ok(Self {
            version,
            ..Self::make(connection, filter, query, days)?
        })
    }

    fn make(
        connection: &Connection,
        filter: Filter,
        query: &Query,
        days: Days,
    ) -> Result<Self, InboxError> {
        let mut counts = Self {
            filter,
            days,
            version: 0,
            total: 0,
            groups: Vec::new(),
        };
        if query.done || query.snoozed {
            counts.total = counts.count(connection, "true")?;
            return Ok(counts);
        }
        // Written so that each is a range of the index.
        const RANGES: [(Group, &str); 5] = [
            (Group::Pinned, "pinned = 1"),
            (
                Group::Overdue,
                "pinned = 0 AND (due IS NULL) = 0 AND due < :now",
            ),
            (
                Group::Today,
                "pinned = 0 AND (due IS NULL) = 0 AND due >= :now AND due < :tomorrow",
            ),
            (
                Group::Later,
                "pinned = 0 AND (due IS NULL) = 0 AND due >= :tomorrow",
            ),
            (Group::NoDate, "pinned = 0 AND (due IS NULL) = 1"),
        ];
        for (group, range) in RANGES {
            let count = counts.count(connection, range)?;
            if count > 0 {
                counts.groups.push(GroupCount {
                    group,
                    source: None,
                    count,
                });
            }
            counts.total += count;
        }
        Ok(counts)
    }

    fn count(&self, connection: &Connection, range: &str) -> Result<u32, InboxError> {
        let sql = format!(
            "SELECT count(*) FROM {} WHERE {} AND {range}",
            self.filter.tables, self.filter.sql
        );
        let mut parameters = self.filter.parameters();
        if range.contains(":now") {
            parameters.push((":now", &self.days.now));
        }
        if range.contains(":tomorrow") {
            parameters.push((":tomorrow", &self.days.tomorrow));
        }
        Ok(connection
            .prepare_cached(&sql)?
            .query_row(&*parameters, |row| row.get(0))?)
    }

    /// One page; `limit` of these to-dos are there.
    fn page(
        &self,
        connection: &Connection,
        query: &Query,
        limit: u32,
    ) -> Result<Vec<TodoView>, InboxError> {
        let order = if query.done {
            ["closed DESC, todos.key DESC", "closed, todos.key"]
        } else if query.snoozed {
            ["snoozed, todos.key", "snoozed DESC, todos.key DESC"]
        } else {
            [
                "pinned DESC, due IS NULL, due, priority DESC, created DESC, todos.key DESC",
                "pinned, due IS NULL DESC, due DESC, priority, created, todos.key",
            ]
        };
        // Skipping takes time: the second half is counted from the end.
        let from_end = query.offset > self.total / 2;
        let offset = if from_end {
            self.total - query.offset - limit
        } else {
            query.offset
        };
        let sql = format!(
            "WITH page AS MATERIALIZED (
                SELECT todos.key FROM {} WHERE {} ORDER BY {} LIMIT :limit OFFSET :offset)
             SELECT {COLUMNS} FROM page CROSS JOIN todos ON todos.key = page.key
                CROSS JOIN sources ON sources.key = todos.source
             ORDER BY {}",
            self.filter.tables,
            self.filter.sql,
            order[usize::from(from_end)],
            order[0],
        );
        let mut parameters = self.filter.parameters();
        parameters.push((":limit", &limit));
        parameters.push((":offset", &offset));
        let todos = connection
            .prepare_cached(&sql)?
            .query_map(&*parameters, |row| view(row, &self.days))?
            .collect::<Result<_, _>>()?;
        Ok(todos)
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
