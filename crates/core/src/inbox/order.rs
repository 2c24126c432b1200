//! In which order the to-dos of a query stand, and how many of each group there are.

use std::{cell::RefCell, collections::HashMap};

use jiff::Zoned;
use rusqlite::{Connection, OptionalExtension, ToSql};

use crate::{
    inbox::{
        InboxError, TodoKey,
        list::{self, Days, Filter},
        tallies::Tallies,
    },
    page::{Group, GroupCount, Grouping, Query},
    source::SourceId,
};

/// The order of the last list, for as long as it holds: whoever turns pages asks for the same.
pub(super) type Kept = RefCell<Option<Order>>;

/// So long, in milliseconds, an overdue to-do may still be counted as of today.
const HOLDS: i64 = 10_000;

/// The to-dos of a query in their order.
#[derive(Debug)]
pub(super) struct Order {
    pub days: Days,
    pub total: u32,
    pub groups: Vec<GroupCount>,
    /// A search found more than these.
    pub more: bool,
    /// The query, without a page.
    query: Query,
    filter: Filter,
    version: i64,
    way: Way,
}

/// How to get at a page.
#[derive(Debug)]
enum Way {
    /// By the tallies.
    Tallies(Tallies),
    /// By the order of an index.
    Index(&'static Index),
    /// They are all here.
    Keys(Vec<i64>),
}

/// An index that has to-dos in the order of a list without groups.
#[derive(Debug)]
struct Index {
    forward: &'static str,
    backward: &'static str,
    /// What stands before the to-do `:key`.
    before: &'static str,
}

const DONE: Index = Index {
    forward: "closed DESC, todos.key DESC",
    backward: "closed, todos.key",
    before: "closed >= :at AND (closed > :at OR key > :key)",
};

const SNOOZED: Index = Index {
    forward: "snoozed, todos.key",
    backward: "snoozed DESC, todos.key DESC",
    before: "snoozed <= :at AND (snoozed < :at OR key < :key)",
};

impl Order {
    /// The order that was kept, if it still holds, or a new one.
    pub fn of(
        connection: &Connection,
        query: &Query,
        now: &Zoned,
        kept: Option<&Kept>,
    ) -> Result<Self, InboxError> {
        let days = Days::of(now);
        let query = Query {
            offset: 0,
            limit: 0,
            ..query.clone()
        };
        // Changes with every commit of another connection.
        let version = connection
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        if let Some(kept) = kept.and_then(RefCell::take)
            && kept.version == version
            && kept.query == query
            && kept.days.tomorrow == days.tomorrow
            && (0..HOLDS).contains(&(days.now.0 - kept.days.now.0))
        {
            return Ok(kept);
        }
        let (filter, more) = Filter::of(connection, &query)?;
        let mut order = Self {
            days,
            total: 0,
            groups: Vec::new(),
            more,
            filter,
            version,
            way: Way::Keys(Vec::new()),
            query,
        };
        order.work_out(connection)?;
        Ok(order)
    }

    /// The keys of a page.
    pub fn keys(
        &self,
        connection: &Connection,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<i64>, InboxError> {
        let limit = limit.min(self.total.saturating_sub(offset));
        if limit == 0 {
            return Ok(Vec::new());
        }
        match &self.way {
            Way::Tallies(tallies) => tallies.keys(connection, &self.filter, offset, limit),
            Way::Index(index) => self.page_of(index, connection, offset, limit),
            Way::Keys(keys) => {
                let page = keys.iter().skip(offset as usize).take(limit as usize);
                Ok(page.copied().collect())
            }
        }
    }

    /// Where a to-do stands.
    pub fn position(
        &self,
        connection: &Connection,
        key: TodoKey,
    ) -> Result<Option<u32>, InboxError> {
        if let Way::Keys(keys) = &self.way {
            let place = keys.iter().position(|known| *known == key.0);
            return Ok(place.map(|place| place as u32));
        }
        let sql = format!(
            "SELECT coalesce(closed, snoozed) FROM todos WHERE {} AND key = :key",
            self.filter.sql
        );
        let mut parameters = self.filter.parameters();
        parameters.push((":key", &key.0));
        let Some(at) = connection
            .prepare_cached(&sql)?
            .query_row(&*parameters, |row| row.get::<_, Option<i64>>(0))
            .optional()?
        else {
            return Ok(None);
        };
        match &self.way {
            Way::Tallies(tallies) => tallies.before(connection, &self.filter, key).map(Some),
            Way::Index(index) => {
                parameters.push((":at", &at));
                count(connection, &self.filter, index.before, &parameters).map(Some)
            }
            Way::Keys(_) => Ok(None),
        }
    }

    fn work_out(&mut self, connection: &Connection) -> Result<(), InboxError> {
        let query = &self.query;
        let is_open = !query.done && !query.snoozed;
        if !query.search.trim().is_empty() || query.tag.is_some() {
            return self.gather(connection);
        }
        if is_open {
            let tallies = Tallies::of(connection, query)?;
            self.total = tallies.total();
            self.groups = tallies.groups(connection, &self.filter, self.days)?;
            self.way = Way::Tallies(tallies);
        } else {
            self.total = count(connection, &self.filter, "true", &self.filter.parameters())?;
            self.way = Way::Index(if query.done { &DONE } else { &SNOOZED });
        }
        Ok(())
    }

    /// Takes the keys of all there are.
    fn gather(&mut self, connection: &Connection) -> Result<(), InboxError> {
        const OPEN: &str = "due IS NULL, due, priority DESC, created DESC, todos.key DESC";
        let by_source = self.query.by == Grouping::Source;
        let grouped = !self.query.done && !self.query.snoozed;
        let order = match grouped {
            false if self.query.done => DONE.forward.to_owned(),
            false => SNOOZED.forward.to_owned(),
            true if by_source => {
                format!(
                    "pinned DESC, iif(pinned, 0, (SELECT place FROM sources
                        WHERE sources.key = todos.source)), iif(pinned, 0, source), {OPEN}"
                )
            }
            true => format!("pinned DESC, {OPEN}"),
        };
        let sql = format!(
            "SELECT todos.key, due, pinned, source FROM {} WHERE {} ORDER BY {order}",
            self.filter.tables, self.filter.sql
        );
        let ids: HashMap<i64, SourceId> = list::sources(connection)?.into_iter().collect();
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(&*self.filter.parameters())?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            keys.push(row.get(0)?);
            if !grouped {
                continue;
            }
            let pinned: bool = row.get(2)?;
            let (group, source) = if by_source && !pinned {
                (Group::Source, ids.get(&row.get(3)?).cloned())
            } else {
                (self.days.group(row.get(1)?, pinned), None)
            };
            match self.groups.last_mut() {
                Some(last) if last.group == group && last.source == source => last.count += 1,
                _ => self.groups.push(GroupCount {
                    group,
                    source,
                    count: 1,
                }),
            }
        }
        drop(rows);
        drop(statement);
        self.total = keys.len() as u32;
        self.way = Way::Keys(keys);
        Ok(())
    }

    fn page_of(
        &self,
        index: &Index,
        connection: &Connection,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<i64>, InboxError> {
        // Skipping takes time: the second half is counted from the end.
        let from_end = offset > self.total / 2;
        let (order, offset) = if from_end {
            (index.backward, self.total - offset - limit)
        } else {
            (index.forward, offset)
        };
        let sql = format!(
            "SELECT key FROM todos WHERE {} ORDER BY {order} LIMIT :limit OFFSET :offset",
            self.filter.sql
        );
        let mut parameters = self.filter.parameters();
        parameters.push((":limit", &limit));
        parameters.push((":offset", &offset));
        let mut keys: Vec<i64> = connection
            .prepare_cached(&sql)?
            .query_map(&*parameters, |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        if from_end {
            keys.reverse();
        }
        Ok(keys)
    }
}

/// How many to-dos a filter lets through of those that meet a condition.
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
