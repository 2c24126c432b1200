//! Merges settings that were changed in two places at once: in the window, and in the file by hand.

use toml::{Table, Value};

use crate::settings::{merge, schema::Settings};

/// Settings with both changes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Merged {
    /// What they are now.
    pub settings: Settings,
    /// Some key was changed to different values; the window's stands.
    pub conflict: bool,
}

/// Merges two changes of the same settings, key by key; sources are matched by their id. `None`
/// where the result is not valid.
pub(crate) fn merge(base: &Settings, ours: &Settings, theirs: &Settings) -> Option<Merged> {
    let [base, ours, theirs] = [base, ours, theirs].map(|settings| {
        let mut table = merge::table(settings).ok()?;
        let sources = table.remove("sources");
        let order = by_id(&mut table, sources);
        Some((table, order))
    });
    let ((base, base_order), (ours, our_order), (theirs, their_order)) = (base?, ours?, theirs?);
    let order = if our_order == base_order {
        their_order.iter().chain(&our_order)
    } else {
        our_order.iter().chain(&their_order)
    };
    let mut conflict = false;
    let mut merged = tables(Some(&base), &ours, &theirs, &mut conflict);
    let mut sources = match merged.remove(SOURCES) {
        Some(Value::Table(sources)) => sources,
        _ => Table::new(),
    };
    let in_order = order.filter_map(|id| sources.remove(id)).collect();
    merged.insert("sources".to_owned(), Value::Array(in_order));
    Some(Merged {
        settings: merged.try_into().ok()?,
        conflict,
    })
}

/// A name that no setting has.
const SOURCES: &str = "sources by id";

/// Puts the sources into the table, each under its id; the ids in order.
fn by_id(table: &mut Table, sources: Option<Value>) -> Vec<String> {
    let mut order = Vec::new();
    let mut all = Table::new();
    if let Some(Value::Array(sources)) = sources {
        for source in sources {
            let id = source.get("id").and_then(Value::as_str).unwrap_or_default();
            order.push(id.to_owned());
            all.insert(id.to_owned(), source);
        }
    }
    table.insert(SOURCES.to_owned(), Value::Table(all));
    order
}

fn tables(base: Option<&Table>, ours: &Table, theirs: &Table, conflict: &mut bool) -> Table {
    let keys = ours
        .keys()
        .chain(theirs.keys().filter(|key| !ours.contains_key(*key)));
    let merged = keys.filter_map(|key| {
        let base = base.and_then(|base| base.get(key));
        let value = values(base, ours.get(key), theirs.get(key), conflict)?;
        Some((key.clone(), value))
    });
    merged.collect()
}

fn values(
    base: Option<&Value>,
    ours: Option<&Value>,
    theirs: Option<&Value>,
    conflict: &mut bool,
) -> Option<Value> {
    if ours == base || ours == theirs {
        return theirs.cloned();
    }
    if theirs == base {
        return ours.cloned();
    }
    if let (Some(Value::Table(ours)), Some(Value::Table(theirs))) = (ours, theirs) {
        let base = base.and_then(Value::as_table);
        return Some(Value::Table(tables(base, ours, theirs, conflict)));
    }
    *conflict = true;
    ours.cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, SourceId};

    fn source(id: &str) -> Source {
        let url = "https://todo.example/events".parse().unwrap();
        Source::new(SourceId(id.to_owned()), id, url)
    }

    fn with(sources: &[&str]) -> Settings {
        Settings {
            sources: sources.iter().map(|id| source(id)).collect(),
            ..Settings::default()
        }
    }

    fn ids(settings: &Settings) -> Vec<&str> {
        settings
            .sources
            .iter()
            .map(|source| source.id.0.as_str())
            .collect()
    }

    #[test]
    fn what_only_one_changed_is_as_that_one_has_it() {
        let base = with(&["work"]);
        let mut ours = base.clone();
        ours.notifications.private = true;
        let mut theirs = with(&["work", "home"]);
        theirs.notifications.quiet.enabled = true;
        let merged = merge(&base, &ours, &theirs).unwrap();
        assert!(!merged.conflict);
        assert_eq!(ids(&merged.settings), ["work", "home"]);
        let notifications = merged.settings.notifications;
        assert!(notifications.private && notifications.quiet.enabled);
    }

    #[test]
    fn two_changes_of_one_source_come_together() {
        let base = with(&["work"]);
        let (mut ours, mut theirs) = (base.clone(), base.clone());
        ours.sources[0].name = "Office".to_owned();
        theirs.sources[0].allow_plain_http = true;
        let merged = merge(&base, &ours, &theirs).unwrap();
        let source = &merged.settings.sources[0];
        assert!(source.name == "Office" && source.allow_plain_http && !merged.conflict);
    }

    #[test]
    fn of_two_values_for_one_key_ours_stands_and_it_is_told() {
        let base = with(&["work"]);
        let (mut ours, mut theirs) = (base.clone(), base.clone());
        ours.sources[0].name = "Office".to_owned();
        theirs.sources[0].name = "Firm".to_owned();
        let merged = merge(&base, &ours, &theirs).unwrap();
        assert_eq!(merged.settings.sources[0].name, "Office");
        assert!(merged.conflict);
    }

    #[test]
    fn a_source_that_one_removed_is_gone_and_an_order_that_one_changed_holds() {
        let base = with(&["a", "b", "c"]);
        let merged = merge(&base, &with(&["a", "c"]), &with(&["a", "b", "c", "d"])).unwrap();
        assert_eq!(ids(&merged.settings), ["a", "c", "d"]);
        let merged = merge(&base, &with(&["c", "b", "a"]), &with(&["a", "b"])).unwrap();
        assert_eq!(ids(&merged.settings), ["b", "a"]);
    }
}
