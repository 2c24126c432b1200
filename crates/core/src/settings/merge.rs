//! Writes settings into a file that a person may have edited, keeping comments and order.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

use crate::settings::{quiet, schema::Settings};

/// The tables of the settings that are not values by themselves.
pub(crate) const SECTIONS: [&str; 6] = [
    "general",
    "notifications",
    "notifications.quiet",
    "notifications.sounds",
    "inbox",
    "network",
];

impl Settings {
    /// Returns the settings as the text of a file.
    ///
    /// # Errors
    /// Where TOML has no way to write them.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        text(self)
    }
}

/// Returns the settings as TOML.
fn text(settings: &Settings) -> Result<String, toml::ser::Error> {
    toml::to_string_pretty(&table(settings)?)
}

/// Returns the settings as a TOML table. TOML has no null: that no priority breaks the quiet hours
/// is a word there.
pub(crate) fn table(settings: &Settings) -> Result<toml::Table, toml::ser::Error> {
    let mut table = toml::Table::try_from(settings)?;
    let quiet = table
        .get_mut("notifications")
        .and_then(|notifications| notifications.get_mut("quiet"));
    if let Some(quiet) = quiet.and_then(toml::Value::as_table_mut) {
        quiet
            .entry("except")
            .or_insert_with(|| quiet::NOTHING.into());
    }
    Ok(table)
}

/// Returns the settings as TOML, with the comments of the old text.
pub(super) fn with_comments_of(
    old: &str,
    settings: &Settings,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let new = text(settings)?;
    let Ok(mut document) = old.parse::<DocumentMut>() else {
        return Ok(new);
    };
    merge(
        document.as_table_mut(),
        new.parse::<DocumentMut>()?.into_table(),
    );
    Ok(document.to_string())
}

fn merge(old: &mut dyn TableLike, new: Table) {
    let gone: Vec<String> = old
        .iter()
        .map(|(key, _)| key.to_owned())
        .filter(|key| !new.contains_key(key))
        .collect();
    for key in gone {
        old.remove(&key);
    }
    for (key, item) in new {
        match old.get_mut(&key) {
            None => {
                old.insert(&key, item);
            }
            Some(place) => replace(place, item),
        }
    }
}

fn replace(old: &mut Item, new: Item) {
    match (old, new) {
        (Item::ArrayOfTables(old), Item::ArrayOfTables(new)) => merge_by_id(old, new),
        (Item::Value(old), Item::Value(mut new)) if !new.is_inline_table() => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        // What stands in one line can hold nothing but values: lists of tables, too.
        (Item::Value(old), Item::Table(new)) if old.is_inline_table() => {
            let mut new = Value::InlineTable(new.into_inline_table());
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        (old, new) => match (old.as_table_like_mut(), new.into_table()) {
            (Some(old), Ok(new)) => merge(old, new),
            (_, Ok(new)) => *old = Item::Table(new),
            (_, Err(new)) => *old = new,
        },
    }
}

/// Sources stand in the new order; each keeps its own comments.
fn merge_by_id(old: &mut ArrayOfTables, new: ArrayOfTables) {
    let id = |table: &Table| table.get("id").and_then(Item::as_str).map(str::to_owned);
    let merged: ArrayOfTables = new
        .into_iter()
        .map(
            |table| match old.iter().find(|earlier| id(earlier) == id(&table)) {
                None => table,
                Some(earlier) => {
                    let mut earlier = earlier.clone();
                    // The place in the old document would undo the new order.
                    earlier.set_position(None);
                    merge(&mut earlier, table);
                    earlier
                }
            },
        )
        .collect();
    *old = merged;
}
