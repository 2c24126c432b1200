//! Finds to-dos by words and parts of words, Chinese ones too.

use rusqlite::{Connection, ToSql, params};

use crate::inbox::InboxError;

/// How many to-dos one call of [`index_some`] takes on.
const SOME: i64 = 500;

/// Adds the condition that a to-do has every word of the search.
pub(super) fn add_to(
    sql: &mut String,
    values: &mut Vec<(&'static str, Box<dyn ToSql>)>,
    _connection: &Connection,
    search: &str,
) -> Result<(), InboxError> {
    const NAMES: [&str; 8] = [
        ":word0", ":word1", ":word2", ":word3", ":word4", ":word5", ":word6", ":word7",
    ];
    for (name, word) in NAMES.into_iter().zip(search.split_whitespace()) {
        sql.push_str(&format!(
            " AND (title LIKE {name} ESCAPE '\\' OR body LIKE {name} ESCAPE '\\'
                OR sender LIKE {name} ESCAPE '\\' OR tags LIKE {name} ESCAPE '\\')"
        ));
        let word = word
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        values.push((name, Box::new(format!("%{word}%"))));
    }
    Ok(())
}

/// Indexes some to-dos that are not yet; whether there are more.
pub(super) fn index_some(connection: &Connection) -> Result<bool, InboxError> {
    let transaction = connection.unchecked_transaction()?;
    let mut last = None;
    {
        let mut waiting = transaction.prepare_cached(
            "SELECT todo, concat_ws(char(10), title, sender, tags, body)
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
        transaction.execute("DELETE FROM unindexed WHERE todo <= ?1", [last])?;
    }
    transaction.commit()?;
    Ok(last.is_some())
}
