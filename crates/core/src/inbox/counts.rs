//! The open to-dos, counted by what decides where they stand in a list.
//!
//! A page deep in a list of 100,000 to-dos would make SQLite walk over all rows before it. So the
//! database keeps a table of counts (`tallies`): how many visible to-dos there are of each source,
//! pinned or not, per bucket of due times and per priority. Whole buckets are skipped by their
//! counts, and an index is entered where the page begins.
//!
//! # Example
//!
//! A due time belongs to the bucket `due >> 26`: 2^26 milliseconds, about 18.6 hours. A list by due
//! time with these buckets, in the order of the list, has 39 to-dos:
//!
//! | group of buckets | key of the bucket | to-dos | places in the list |
//! | --- | --- | --- | --- |
//! | pinned, with a due time | 26,000 | 2 | 0 and 1 |
//! | not pinned, with a due time | 26,000 | 4 | 2 to 5 |
//! | not pinned, with a due time | 26,002 | 10 | 6 to 15 |
//! | not pinned, without a due time | -5 (priority 5) | 3 | 16 to 18 |
//! | not pinned, without a due time | -3 (priority 3) | 20 | 19 to 38 |
//!
//! The page of 10 at offset 10 begins in the third bucket, at its fifth to-do, since 2 + 4 come
//! before it. It takes the last 6 of that bucket, and 4 of the next group, which stand in one range
//! of the index although they are of two buckets. Two queries read it:
//!
//! ```text
//! … WHERE pinned = 0 AND (due IS NULL) = 0 AND due >= 26002 << 26      LIMIT 6 OFFSET 4
//! … WHERE pinned = 0 AND (due IS NULL) = 1 AND due IS NULL AND priority <= 5  LIMIT 4 OFFSET 0
//! ```

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Row};

use crate::{
    inbox::{
        error::InboxError,
        filter::{self, Days, Filter},
        query::{Group, GroupCount, Grouping, Query},
        row::Millis,
        sources,
    },
    model::TodoKey,
    source::SourceId,
};

/// The bucket of what has no due time (see `tallies.sql`).
const NO_DUE: i64 = 1 << 40;

/// A bucket of due times is 2 to the power of this milliseconds long.
const BUCKET_BITS: u32 = 26;

/// How many open to-dos stand in each bucket of a list, in the order of the list.
#[derive(Debug)]
pub(super) struct Counts {
    buckets: BTreeMap<Bucket, u32>,
    /// The sources in the user's order, each with its key, where the list is grouped by them.
    sources: Vec<(i64, SourceId)>,
    /// Only this source.
    only: Option<i64>,
    unread: bool,
}

/// A part of a list whose to-dos follow each other in an index. Ordered as the list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bucket {
    group: BucketGroup,
    /// With a due time `due >> 26`; without one the priority as a negative number, so that the
    /// highest priority comes first.
    key: i64,
}

/// Buckets whose to-dos follow each other in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct BucketGroup {
    unpinned: bool,
    /// The place of the source, where the list is grouped by sources.
    place: Option<usize>,
    dateless: bool,
}

/// A part of a page: to-dos of one group, from a bucket on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct IndexRange {
    first: Bucket,
    /// How many of them, from the beginning of the bucket, come before the page.
    skip: u32,
    limit: u32,
}

impl Counts {
    /// Returns the counts for a query for open to-dos without a search.
    pub fn of(connection: &Connection, query: &Query) -> Result<Self, InboxError> {
        let only = match &query.source {
            None => None,
            Some(source) => Some(sources::source_key(connection, source)?),
        };
        let sources = match query.by {
            Grouping::Due => Vec::new(),
            Grouping::Source => sources::sources(connection)?,
        };
        let places: HashMap<i64, usize> = sources
            .iter()
            .enumerate()
            .map(|(place, (key, _))| (*key, place))
            .collect();
        let mut counts = Self {
            buckets: BTreeMap::new(),
            sources,
            only,
            unread: query.unread,
        };
        let mut statement = connection.prepare_cached(
            "SELECT pinned, source, span, priority, count FROM tallies
             WHERE count > 0 AND priority >= ?1 AND read <= ?2 AND (?3 IS NULL OR source = ?3)",
        )?;
        let least = query.priority.map_or(0, u8::from);
        let mut rows = statement.query((least, !query.unread, only))?;
        while let Some(row) = rows.next()? {
            let unpinned = !row.get::<_, bool>(0)?;
            let place = places.get(&row.get(1)?).filter(|_| unpinned).copied();
            let bucket = Bucket::of(unpinned, place, row.get(2)?, row.get(3)?);
            *counts.buckets.entry(bucket).or_default() += row.get::<_, u32>(4)?;
        }
        Ok(counts)
    }

    /// Returns how many to-dos there are.
    pub fn total(&self) -> u32 {
        self.buckets.values().sum()
    }

    /// Returns how many there are of each group.
    pub fn groups(
        &self,
        connection: &Connection,
        filter: &Filter,
        days: Days,
    ) -> Result<Vec<GroupCount>, InboxError> {
        let mut groups = Vec::new();
        let mut add = |group, source, count| {
            if count > 0 {
                groups.push(GroupCount {
                    group,
                    source,
                    count,
                });
            }
        };
        let sum = |wanted: &dyn Fn(&BucketGroup) -> bool| -> u32 {
            let buckets = self.buckets.iter();
            let counts = buckets.filter(|(bucket, _)| wanted(&bucket.group));
            counts.map(|(_, count)| count).sum()
        };
        add(Group::Pinned, None, sum(&|group| !group.unpinned));
        if !self.sources.is_empty() {
            for (place, (_, id)) in self.sources.iter().enumerate() {
                let count = sum(&|group| group.place == Some(place));
                add(Group::Source, Some(id.clone()), count);
            }
            return Ok(groups);
        }
        let dated = sum(&|group| group.unpinned && !group.dateless);
        let overdue = self.due_before(connection, filter, days.now)?;
        let until_tomorrow = self.due_before(connection, filter, days.tomorrow)?;
        add(Group::Overdue, None, overdue);
        add(Group::Today, None, until_tomorrow - overdue);
        add(Group::Later, None, dated - until_tomorrow);
        add(
            Group::NoDate,
            None,
            sum(&|group| group.unpinned && group.dateless),
        );
        Ok(groups)
    }

    /// Returns the keys of a page, which must lie within the list.
    pub fn keys(
        &self,
        connection: &Connection,
        filter: &Filter,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<i64>, InboxError> {
        let mut keys = Vec::new();
        for range in self.ranges(offset, limit) {
            self.read(connection, filter, range, &mut keys)?;
        }
        Ok(keys)
    }

    /// Returns the ranges of the index that make up a page, which must lie within the list.
    fn ranges(&self, offset: u32, limit: u32) -> Vec<IndexRange> {
        let mut ranges = Vec::new();
        let (mut skip, mut wanted) = (offset, limit);
        let mut buckets = self.buckets.iter().peekable();
        while let Some((first, count)) = buckets.next() {
            if wanted == 0 {
                break;
            }
            if skip >= *count {
                skip -= count;
                continue;
            }
            // The buckets of a group are one range of the index.
            let mut there = *count;
            while let Some((_, count)) = buckets.next_if(|(next, _)| next.group == first.group) {
                there += count;
            }
            let limit = wanted.min(there - skip);
            ranges.push(IndexRange {
                first: *first,
                skip,
                limit,
            });
            wanted -= limit;
            skip = 0;
        }
        ranges
    }

    /// Returns how many to-dos stand before this one, which is among them.
    pub fn before(
        &self,
        connection: &Connection,
        filter: &Filter,
        key: TodoKey,
    ) -> Result<u32, InboxError> {
        let todo = connection
            .prepare_cached(
                "SELECT pinned, source, due, priority, created FROM todos WHERE key = ?1",
            )?
            .query_row([key.0], PositionKey::read)?;
        let place = self
            .sources
            .iter()
            .position(|(source, _)| *source == todo.source)
            .filter(|_| !todo.pinned);
        let bucket = Bucket::of(!todo.pinned, place, due_bucket(todo.due), todo.priority);
        let earlier: u32 = self.buckets.range(..bucket).map(|(_, n)| n).sum();
        let condition = match todo.due {
            Some(_) => {
                "due >= :from AND due <= :due AND (due < :due OR priority > :its_priority
                    OR (priority = :its_priority
                        AND (created > :created OR (created = :created AND key > :key))))"
            }
            None => {
                "due IS NULL AND priority = :its_priority AND created >= :created
                    AND (created > :created OR key > :key)"
            }
        };
        let condition = format!("{} AND {condition}", self.condition(bucket.group));
        let from = bucket.key << BUCKET_BITS;
        let mut parameters = filter.parameters();
        if todo.due.is_some() {
            parameters.push((":from", &from));
            parameters.push((":due", &todo.due));
        }
        parameters.push((":its_priority", &todo.priority));
        parameters.push((":created", &todo.created));
        parameters.push((":key", &key.0));
        let source = self.source_of(bucket.group);
        if self.only.is_none() && source.is_some() {
            parameters.push((":source", &source));
        }
        Ok(earlier + filter::count(connection, filter, &condition, &parameters)?)
    }

    /// Reads the keys of a range.
    fn read(
        &self,
        connection: &Connection,
        filter: &Filter,
        range: IndexRange,
        keys: &mut Vec<i64>,
    ) -> Result<(), InboxError> {
        let IndexRange {
            first: bucket,
            skip,
            limit,
        } = range;
        let group = bucket.group;
        let (from, condition) = if group.dateless {
            (-bucket.key, "due IS NULL AND priority <= :from")
        } else {
            (bucket.key << BUCKET_BITS, "due >= :from")
        };
        let sql = format!(
            "SELECT key FROM todos INDEXED BY {} WHERE {} AND {} AND {condition}
             ORDER BY due, priority DESC, created DESC, key DESC
             LIMIT :limit OFFSET :skip",
            self.index(group),
            filter.sql,
            self.condition(group),
        );
        let mut parameters = filter.parameters();
        parameters.push((":from", &from));
        parameters.push((":limit", &limit));
        parameters.push((":skip", &skip));
        let source = self.source_of(group);
        if self.only.is_none() && source.is_some() {
            parameters.push((":source", &source));
        }
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(&*parameters)?;
        while let Some(row) = rows.next()? {
            keys.push(row.get(0)?);
        }
        Ok(())
    }

    /// Returns how many that are not pinned are due before this time.
    fn due_before(
        &self,
        connection: &Connection,
        filter: &Filter,
        time: Millis,
    ) -> Result<u32, InboxError> {
        let group = BucketGroup {
            unpinned: true,
            place: None,
            dateless: false,
        };
        let bucket = Bucket {
            group,
            key: time.0 >> BUCKET_BITS,
        };
        let first = Bucket {
            group,
            key: i64::MIN,
        };
        let earlier: u32 = self.buckets.range(first..bucket).map(|(_, n)| n).sum();
        if !self.buckets.contains_key(&bucket) {
            return Ok(earlier);
        }
        let from = bucket.key << BUCKET_BITS;
        let condition = format!("{} AND due >= :from AND due < :time", self.condition(group));
        let mut parameters = filter.parameters();
        parameters.push((":from", &from));
        parameters.push((":time", &time));
        Ok(earlier + filter::count(connection, filter, &condition, &parameters)?)
    }

    /// Returns what the to-dos of a group have in common, written so that it is a range of an
    /// index.
    fn condition(&self, group: BucketGroup) -> String {
        let source = match self.source_of(group) {
            Some(_) => "source = :source AND ",
            None => "",
        };
        format!(
            "{source}pinned = {} AND (due IS NULL) = {}",
            u8::from(!group.unpinned),
            u8::from(group.dateless)
        )
    }

    fn index(&self, group: BucketGroup) -> &'static str {
        if self.source_of(group).is_some() {
            "todos_by_source"
        } else if self.unread {
            "todos_unread"
        } else {
            "todos_open"
        }
    }

    /// Returns the one source whose to-dos a group has.
    fn source_of(&self, group: BucketGroup) -> Option<i64> {
        let of_place = |place: usize| self.sources.get(place).map(|(key, _)| *key);
        self.only.or_else(|| group.place.and_then(of_place))
    }
}

/// Returns the bucket of a due time.
pub(super) fn due_bucket(due: Option<Millis>) -> i64 {
    due.map_or(NO_DUE, |due| due.0 >> BUCKET_BITS)
}

impl Bucket {
    fn of(unpinned: bool, place: Option<usize>, due_bucket: i64, priority: i64) -> Self {
        let dateless = due_bucket == NO_DUE;
        Self {
            group: BucketGroup {
                unpinned,
                place,
                dateless,
            },
            key: if dateless { -priority } else { due_bucket },
        }
    }
}

/// The columns that a list is sorted by.
struct PositionKey {
    pinned: bool,
    source: i64,
    due: Option<Millis>,
    priority: i64,
    created: Millis,
}

impl PositionKey {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            pinned: row.get(0)?,
            source: row.get(1)?,
            due: row.get(2)?,
            priority: row.get(3)?,
            created: row.get(4)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(pinned: bool, dateless: bool, key: i64) -> Bucket {
        let group = BucketGroup {
            unpinned: !pinned,
            place: None,
            dateless,
        };
        Bucket { group, key }
    }

    /// The list of the example above.
    fn example() -> Counts {
        let buckets = [
            (bucket(true, false, 26_000), 2),
            (bucket(false, false, 26_000), 4),
            (bucket(false, false, 26_002), 10),
            (bucket(false, true, -5), 3),
            (bucket(false, true, -3), 20),
        ];
        Counts {
            buckets: buckets.into(),
            sources: Vec::new(),
            only: None,
            unread: false,
        }
    }

    fn range(first: Bucket, skip: u32, limit: u32) -> IndexRange {
        IndexRange { first, skip, limit }
    }

    #[test]
    fn a_page_is_found_by_skipping_whole_buckets() {
        let counts = example();
        assert_eq!(counts.total(), 39);
        let expected = [
            range(bucket(false, false, 26_002), 4, 6),
            range(bucket(false, true, -5), 0, 4),
        ];
        assert_eq!(counts.ranges(10, 10), expected);
    }

    #[test]
    fn the_whole_list_is_one_range_for_each_group() {
        let expected = [
            range(bucket(true, false, 26_000), 0, 2),
            range(bucket(false, false, 26_000), 0, 14),
            range(bucket(false, true, -5), 0, 23),
        ];
        assert_eq!(example().ranges(0, 39), expected);
    }

    #[test]
    fn behind_the_end_there_is_nothing() {
        assert_eq!(example().ranges(39, 10), []);
    }

    #[test]
    fn without_a_due_time_the_highest_priority_comes_first() {
        let [urgent, normal] = [5, 3].map(|priority| Bucket::of(true, None, NO_DUE, priority));
        assert!(urgent < normal);
        let dated = Bucket::of(true, None, due_bucket(Some(Millis(i64::MAX >> 1))), 1);
        assert!(dated < urgent);
    }
}
