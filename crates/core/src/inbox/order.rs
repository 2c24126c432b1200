//! In which order the to-dos of a query stand, and how many of each group there are.
//!
//! Three strategies answer a page, by what the query asks for:
//!
//! | query | strategy | what a page costs |
//! | --- | --- | --- |
//! | open to-dos, without search and tag | [`Strategy::Counts`]: skips whole buckets (see [`Counts`]) | the page and a part of one bucket |
//! | done or snoozed ones, without search and tag | [`Strategy::Index`]: walks an index from the nearer end | at most half the list |
//! | with a search or a tag | [`Strategy::Keys`]: reads all keys once and keeps them | nothing; the first page costs them all |
//!
//! # Example
//!
//! Of 1,000 done to-dos, the page of 10 at offset 980 is asked for. From the beginning 980 rows
//! would be skipped; from the end it is 1,000 − 980 − 10 = 10:
//!
//! ```text
//! SELECT key … ORDER BY closed, todos.key LIMIT 10 OFFSET 10     -- then reversed
//! ```
//!
//! The order is cached by the reader for as long as the same query is asked, nothing was committed,
//! it is the same day, and no more than ten seconds have passed: a list that is scrolled does not
//! count anew for each page.

use std::{cell::RefCell, collections::HashMap};

use jiff::Zoned;
use rusqlite::{Connection, OptionalExtension};

use crate::{
    inbox::{
        counts::Counts,
        error::InboxError,
        filter::{Days, Filter, count},
        query::{Group, GroupCount, Grouping, Query},
        search, sources,
    },
    model::TodoKey,
    source::SourceId,
};

/// The order of the last list, for as long as it holds: whoever turns pages asks for the same.
pub(super) type CachedOrder = RefCell<Option<ListOrder>>;

/// How long a cached order holds, in milliseconds: so long an overdue to-do may still be counted as
/// of today.
const CACHED_FOR: i64 = 10_000;

/// The to-dos of a query in their order.
#[derive(Debug)]
pub(super) struct ListOrder {
    pub days: Days,
    pub total: u32,
    pub groups: Vec<GroupCount>,
    /// A search found more than these.
    pub more: bool,
    /// The query, without a page.
    query: Query,
    filter: Filter,
    version: i64,
    strategy: Strategy,
}

/// How to get at a page.
#[derive(Debug)]
enum Strategy {
    /// By the counts.
    Counts(Counts),
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

impl ListOrder {
    /// Returns the order that is cached, if it still holds, or a new one.
    pub fn of(
        connection: &Connection,
        query: &Query,
        now: &Zoned,
        cached: Option<&CachedOrder>,
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
        if let Some(cached) = cached.and_then(RefCell::take)
            && cached.version == version
            && cached.query == query
            && cached.days.tomorrow == days.tomorrow
            && (0..CACHED_FOR).contains(&(days.now.0 - cached.days.now.0))
        {
            return Ok(cached);
        }
        let source = match &query.source {
            None => None,
            Some(id) => Some(sources::source_key(connection, id)?),
        };
        let mut filter = Filter::of(&query, source);
        let mut more = false;
        if !query.search.trim().is_empty() {
            let hits = search::hits(connection, &filter, &query.search)?;
            filter = filter.only(&hits.keys);
            more = hits.more;
        }
        let mut order = Self {
            days,
            total: 0,
            groups: Vec::new(),
            more,
            filter,
            version,
            strategy: Strategy::Keys(Vec::new()),
            query,
        };
        order.choose_strategy(connection)?;
        Ok(order)
    }

    /// Returns the keys of a page.
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
        match &self.strategy {
            Strategy::Counts(counts) => counts.keys(connection, &self.filter, offset, limit),
            Strategy::Index(index) => self.page_of(index, connection, offset, limit),
            Strategy::Keys(keys) => {
                let page = keys.iter().skip(offset as usize).take(limit as usize);
                Ok(page.copied().collect())
            }
        }
    }

    /// Returns where a to-do stands.
    pub fn position(
        &self,
        connection: &Connection,
        key: TodoKey,
    ) -> Result<Option<u32>, InboxError> {
        if let Strategy::Keys(keys) = &self.strategy {
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
        match &self.strategy {
            Strategy::Counts(counts) => counts.before(connection, &self.filter, key).map(Some),
            Strategy::Index(index) => {
                parameters.push((":at", &at));
                count(connection, &self.filter, index.before, &parameters).map(Some)
            }
            Strategy::Keys(_) => Ok(None),
        }
    }

    fn choose_strategy(&mut self, connection: &Connection) -> Result<(), InboxError> {
        let query = &self.query;
        let is_open = !query.done && !query.snoozed;
        if !query.search.trim().is_empty() || query.tag.is_some() {
            return self.read_all_keys(connection);
        }
        if is_open {
            let counts = Counts::of(connection, query)?;
            self.total = counts.total();
            self.groups = counts.groups(connection, &self.filter, self.days)?;
            self.strategy = Strategy::Counts(counts);
        } else {
            self.total = count(connection, &self.filter, "true", &self.filter.parameters())?;
            self.strategy = Strategy::Index(if query.done { &DONE } else { &SNOOZED });
        }
        Ok(())
    }

    /// Takes the keys of all there are.
    fn read_all_keys(&mut self, connection: &Connection) -> Result<(), InboxError> {
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
        let ids: HashMap<i64, SourceId> = sources::sources(connection)?.into_iter().collect();
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
        self.strategy = Strategy::Keys(keys);
        Ok(())
    }

    fn page_of(
        &self,
        index: &Index,
        connection: &Connection,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<i64>, InboxError> {
        let (from_end, offset) = from_nearer_end(self.total, offset, limit);
        let order = if from_end {
            index.backward
        } else {
            index.forward
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

/// From which end of a list a page is nearer (`true`: from its last), and how many rows come before
/// it there. Skipping rows takes time.
fn from_nearer_end(total: u32, offset: u32, limit: u32) -> (bool, u32) {
    if offset > total / 2 {
        (true, total - offset - limit)
    } else {
        (false, offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_in_the_second_half_is_counted_from_the_end() {
        assert_eq!(from_nearer_end(1_000, 980, 10), (true, 10));
        assert_eq!(from_nearer_end(1_000, 990, 10), (true, 0));
        assert_eq!(from_nearer_end(1_000, 20, 10), (false, 20));
        assert_eq!(from_nearer_end(1_000, 500, 10), (false, 500));
    }
}
