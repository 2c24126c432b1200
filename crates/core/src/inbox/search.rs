//! Finds to-dos by words and parts of words, Chinese ones too.
//!
//! The index knows every three characters in a row (FTS5 `trigram`). A shorter word is looked up
//! among these by how they begin, for which every text ends in two line feeds. To-dos that are
//! not indexed yet are looked through one by one.

use rusqlite::{Connection, params, types::Value};

use crate::inbox::{error::InboxError, filter::Filter};

/// The most to-dos that a search finds, the newest first.
const MOST: usize = 500;

/// How many to-dos one call of [`index_some`] takes on.
const SOME: i64 = 64;

/// The most words of a search that are looked at.
const WORDS: usize = 8;

/// A word that this many of the newest to-dos have, out of [`SAMPLE`], is found sooner by looking
/// through them than through the index.
const FREQUENT: usize = 100;
const SAMPLE: i64 = 1_000;

/// What a search found.
pub(super) struct Hits {
    pub keys: Vec<i64>,
    /// There are more than these.
    pub more: bool,
}

/// Returns the newest to-dos that have every word of the search and pass the filter.
pub(super) fn hits(
    connection: &Connection,
    filter: &Filter,
    search: &str,
) -> Result<Hits, InboxError> {
    let words: Vec<SearchTerm> = search
        .split_whitespace()
        .take(WORDS)
        .map(SearchTerm::new)
        .collect();
    let looked_through = with_text_conditions(filter, &words);
    let mut keys = match find_in_index(connection, filter, &words)? {
        Some(indexed) => {
            let waiting = format!(
                "SELECT todos.key FROM unindexed CROSS JOIN todos ON todos.key = unindexed.todo
                 WHERE {} ORDER BY todos.key DESC LIMIT {}",
                looked_through.sql,
                MOST + 1
            );
            let mut keys = self::keys(connection, &waiting, &looked_through)?;
            keys.extend(indexed);
            keys
        }
        None => {
            let all = format!(
                "SELECT todos.key FROM todos NOT INDEXED WHERE {} ORDER BY todos.key DESC LIMIT {}",
                looked_through.sql,
                MOST + 1
            );
            self::keys(connection, &all, &looked_through)?
        }
    };
    keys.sort_unstable_by(|a, b| b.cmp(a));
    let more = keys.len() > MOST;
    keys.truncate(MOST);
    Ok(Hits { keys, more })
}

/// Indexes some to-dos that are not yet; whether there are more.
pub(super) fn index_some(connection: &Connection) -> Result<bool, InboxError> {
    let transaction = connection.unchecked_transaction()?;
    let mut last = None;
    {
        let mut waiting = transaction.prepare_cached(
            "SELECT todo, concat_ws(char(10), title, sender, tags, body, char(10))
             FROM unindexed JOIN todos ON key = todo ORDER BY todo LIMIT ?1",
        )?;
        let mut index = transaction
            .prepare_cached("INSERT OR REPLACE INTO search (rowid, text) VALUES (?1, ?2)")?;
        let mut rows = waiting.query([SOME])?;
        while let Some(row) = rows.next()? {
            let key: i64 = row.get(0)?;
            index.execute(params![key, row.get_ref(1)?.as_str().unwrap_or_default()])?;
            last = Some(key);
        }
    }
    if let Some(last) = last {
        transaction
            .prepare_cached("DELETE FROM unindexed WHERE todo <= ?1")?
            .execute([last])?;
    }
    transaction.commit()?;
    if last.is_none() {
        // The work is done: what the cache holds may be needed elsewhere.
        connection.execute_batch("PRAGMA shrink_memory")?;
    }
    Ok(last.is_some())
}

/// A word to find.
struct SearchTerm {
    text: String,
    is_short: bool,
}

impl SearchTerm {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            is_short: text.chars().count() < 3,
        }
    }

    /// Returns the word as a string of an FTS5 expression.
    fn quoted(text: &str) -> String {
        format!("\"{}\"", text.replace('"', "\"\""))
    }
}

/// Returns the filter and every word, found by looking at each to-do.
fn with_text_conditions(filter: &Filter, words: &[SearchTerm]) -> Filter {
    const NAMES: [&str; WORDS] = [
        ":word0", ":word1", ":word2", ":word3", ":word4", ":word5", ":word6", ":word7",
    ];
    let mut filter = filter.clone();
    for (name, word) in NAMES.into_iter().zip(words) {
        let pattern = word
            .text
            .replace('\\', r"\\")
            .replace('%', r"\%")
            .replace('_', r"\_");
        let sql = ["title", "sender", "tags", "body"]
            .map(|column| format!(r"{column} LIKE {name} ESCAPE '\'"))
            .join(" OR ");
        filter.and(&format!("({sql})"), [(name, format!("%{pattern}%").into())]);
    }
    filter
}

/// Returns what the index finds; `None` where looking through the to-dos is the better way.
fn find_in_index(
    connection: &Connection,
    filter: &Filter,
    words: &[SearchTerm],
) -> Result<Option<Vec<i64>>, InboxError> {
    let (short, long): (Vec<&SearchTerm>, Vec<&SearchTerm>) =
        words.iter().partition(|word| word.is_short);
    let mut expressions: Vec<String> = long
        .iter()
        .map(|word| SearchTerm::quoted(&word.text))
        .collect();
    if expressions.is_empty() {
        if are_frequent(connection, filter, words)? {
            return Ok(None);
        }
        let longest = short.iter().max_by_key(|word| word.text.len());
        let Some(beginnings) = longest
            .map(|word| trigrams_with_prefix(connection, word))
            .transpose()?
        else {
            return Ok(None);
        };
        if beginnings.is_empty() {
            return Ok(Some(Vec::new()));
        }
        expressions.push(format!("({})", beginnings.join(" OR ")));
    }
    // The index has decided on the long words; the short ones are looked for in what it found.
    let short: Vec<SearchTerm> = short
        .into_iter()
        .map(|word| SearchTerm::new(&word.text))
        .collect();
    let mut filter = with_text_conditions(filter, &short);
    filter
        .values
        .push((":match", Value::Text(expressions.join(" AND "))));
    let sql = format!(
        "SELECT search.rowid FROM search CROSS JOIN todos ON todos.key = search.rowid
         WHERE search MATCH :match AND {}
            AND NOT EXISTS (SELECT 1 FROM unindexed WHERE unindexed.todo = search.rowid)
         ORDER BY search.rowid DESC LIMIT {}",
        filter.sql,
        MOST + 1
    );
    Ok(Some(keys(connection, &sql, &filter)?))
}

/// Returns whether a fair part of the newest to-dos have these words.
fn are_frequent(
    connection: &Connection,
    filter: &Filter,
    words: &[SearchTerm],
) -> Result<bool, InboxError> {
    let mut filter = with_text_conditions(filter, words);
    filter.and(
        "todos.key > (SELECT max(key) FROM todos) - :sample",
        [(":sample", SAMPLE.into())],
    );
    let sql = format!(
        "SELECT todos.key FROM todos NOT INDEXED WHERE {}",
        filter.sql
    );
    Ok(keys(connection, &sql, &filter)?.len() >= FREQUENT)
}

/// Returns the indexed character triples that begin with a short word.
fn trigrams_with_prefix(
    connection: &Connection,
    word: &SearchTerm,
) -> Result<Vec<String>, InboxError> {
    connection.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.triples USING fts5vocab (main, search, 'row')",
    )?;
    let first = word.text.to_lowercase();
    let after = format!("{first}{}", char::MAX);
    let beginnings = connection
        .prepare_cached("SELECT term FROM temp.triples WHERE term >= ?1 AND term < ?2")?
        .query_map([first, after], |row| row.get::<_, String>(0))?
        .map(|term| term.map(|term| SearchTerm::quoted(&term)))
        .collect::<Result<_, _>>()?;
    Ok(beginnings)
}

fn keys(connection: &Connection, sql: &str, filter: &Filter) -> Result<Vec<i64>, InboxError> {
    let keys = connection
        .prepare_cached(sql)?
        .query_map(&*filter.parameters(), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(keys)
}
