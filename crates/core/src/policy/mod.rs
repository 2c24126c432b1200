//! What an administrator fixed for this machine: `policy.toml`.
//!
//! A policy that is broken fails closed: a slip in one line must not unlock thousands of machines.
//! A key that this version does not know is named and skipped, so that a newer policy holds here.

mod error;
mod trust;

use std::{path::Path, sync::Arc};

use serde::{Deserialize, Serialize};
use toml::{Table, Value};
use ts_rs::TS;

use crate::{
    policy::error::UnknownKey,
    settings::{
        General, Network, Notifications, Retention, Settings, file,
        merge::{self, SECTIONS},
    },
    source::Source,
};

pub use error::PolicyError;

/// What an administrator fixed. It overrides the settings of the user, whose file keeps what the
/// user wrote. The default fixes nothing.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    reason: Option<String>,
    /// The fixed settings, each a value at its path.
    fixed: Vec<(Vec<String>, Value)>,
    sources: Vec<Source>,
    only_these_sources: bool,
    /// Keys that this version does not know, in sentences for the log and the user.
    unknown: Vec<UnknownKey>,
    broken: Option<Arc<PolicyError>>,
}

/// Settings that an administrator fixed for this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Locked {
    /// What is fixed, as in the file: `general.autostart`; a source as a whole: `sources.work`.
    pub paths: Vec<String>,
    /// Why, in the administrator's words.
    pub reason: Option<String>,
}

/// The file as it is written.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PolicyFile {
    reason: Option<String>,
    only_these_sources: bool,
    general: General,
    notifications: Notifications,
    inbox: Retention,
    network: Network,
    sources: Vec<Source>,
}

impl Policy {
    /// Reads the policy. A file that is not there fixes nothing. One that cannot be used, or that
    /// others than an administrator may write, fixes everything: [`Policy::is_broken`].
    pub fn load(path: impl AsRef<Path>) -> Self {
        read(path.as_ref()).unwrap_or_else(|error| Self {
            broken: Some(Arc::new(error)),
            ..Self::default()
        })
    }

    /// Returns whether there is a policy that cannot be used: then no source of the user runs and
    /// no setting can be changed.
    pub fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// Returns why it is broken, if it is.
    pub(crate) fn error(&self) -> Option<&PolicyError> {
        self.broken.as_deref()
    }

    /// Returns the keys that were skipped.
    pub(crate) fn unknown_keys(&self) -> &[UnknownKey] {
        &self.unknown
    }

    /// Returns whether sources of the user that are in no effect may be kept in their file.
    pub fn hides_sources(&self) -> bool {
        self.is_broken() || self.only_these_sources
    }

    /// Returns the settings in effect where the user wants these.
    #[must_use]
    pub fn apply(&self, settings: Settings) -> Settings {
        if self.is_broken() {
            return Settings {
                sources: Vec::new(),
                ..settings
            };
        }
        let mut settings = self.with_fixed(settings);
        let own = std::mem::take(&mut settings.sources);
        let own = own.into_iter().filter(|_| !self.only_these_sources);
        // A source that both have is placed as the user has it, with the policy's values.
        let own: Vec<Source> = own
            .map(|source| self.source(&source).cloned().unwrap_or(source))
            .collect();
        let missing = self.sources.iter();
        let missing = missing.filter(|source| own.iter().all(|own| own.id != source.id));
        let missing: Vec<Source> = missing.cloned().collect();
        settings.sources = missing.into_iter().chain(own).collect();
        settings
    }

    /// Returns what the window for the settings shows as fixed.
    pub fn locked(&self) -> Locked {
        if self.is_broken() {
            let all = ["general", "notifications", "inbox", "network", "sources"];
            return Locked {
                paths: all.map(str::to_owned).to_vec(),
                reason: None,
            };
        }
        let fixed = self.fixed.iter().map(|(path, _)| path.join("."));
        let all = self.only_these_sources.then(|| "sources".to_owned());
        let sources = self.sources.iter();
        let sources = sources.map(|source| format!("sources.{}", source.id.0));
        Locked {
            paths: fixed.chain(all).chain(sources).collect(),
            reason: self.reason.clone(),
        }
    }

    /// Returns what of changed settings the user's file is to keep: `wanted` are in effect from now
    /// on, `kept` is what it says now about what the policy fixed.
    pub(crate) fn without(&self, wanted: &Settings, kept: &Settings) -> Settings {
        let mut own = wanted.clone();
        let theirs = merge::table(kept).ok().map(Value::Table);
        let of_user = self.fixed.iter().map(|(path, _)| {
            let mut value = theirs.clone();
            for key in path {
                value = value.and_then(|value| value.get(key).cloned());
            }
            (path, value)
        });
        own = with_values(own, of_user);
        if self.only_these_sources {
            own.sources.clone_from(&kept.sources);
            return own;
        }
        own.sources = own
            .sources
            .into_iter()
            .filter_map(|source| match self.source(&source) {
                None => Some(source),
                Some(_) => kept.source(&source.id).cloned(),
            })
            .collect();
        own
    }

    fn with_fixed(&self, settings: Settings) -> Settings {
        let fixed = self.fixed.iter();
        with_values(
            settings,
            fixed.map(|(path, value)| (path, Some(value.clone()))),
        )
    }

    /// Returns the source of the policy with the same id, if there is one.
    fn source(&self, source: &Source) -> Option<&Source> {
        self.sources.iter().find(|fixed| fixed.id == source.id)
    }
}

/// Returns settings with other values at these paths; `None` stands for the default.
fn with_values<'a>(
    settings: Settings,
    values: impl Iterator<Item = (&'a Vec<String>, Option<Value>)>,
) -> Settings {
    let mut values = values.peekable();
    if values.peek().is_none() {
        return settings;
    }
    let changed = || -> Result<Settings, Box<dyn std::error::Error>> {
        let mut table = merge::table(&settings)?;
        for (path, value) in values {
            set(&mut table, path, value);
        }
        Ok(table.try_into()?)
    };
    match changed() {
        Ok(changed) => changed,
        Err(error) => {
            // Each value was read before, so this fails only if a kind of setting was missed here.
            tracing::error!(%error, "the policy does not fit the settings");
            settings
        }
    }
}

fn set(table: &mut Table, path: &[String], value: Option<Value>) {
    match (path, value) {
        ([], _) => (),
        ([key], None) => {
            table.remove(key);
        }
        ([key], Some(value)) => {
            table.insert(key.clone(), value);
        }
        ([key, rest @ ..], value) => {
            let inner = table
                .entry(key)
                .or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

fn read(path: &Path) -> Result<Policy, PolicyError> {
    let Some(text) = trust::read(path)? else {
        return Ok(Policy::default());
    };
    let (written, unknown): (PolicyFile, _) = file::read_known(&text, path)?;
    let settings = Settings {
        general: written.general,
        notifications: written.notifications,
        inbox: written.inbox,
        network: written.network,
        sources: written.sources,
    };
    file::check(&settings, &text, path)?;
    let mut fixed = Vec::new();
    let table: Table = file::read_text(&text, path)?;
    collect(&table, &mut Vec::new(), &mut fixed);
    fixed.retain(|(at, _)| unknown.iter().all(|unknown| unknown.path != *at));
    let unknown = unknown.into_iter().map(|unknown| UnknownKey {
        path: path.display().to_string(),
        line: unknown.line,
        key: unknown.path.join("."),
    });
    Ok(Policy {
        reason: written.reason,
        fixed,
        sources: settings.sources,
        only_these_sources: written.only_these_sources,
        unknown: unknown.collect(),
        broken: None,
    })
}

/// The values in the sections of the settings, each with its path.
fn collect(table: &Table, path: &mut Vec<String>, fixed: &mut Vec<(Vec<String>, Value)>) {
    for (key, value) in table {
        path.push(key.clone());
        match value {
            Value::Table(inner) if SECTIONS.contains(&path.join(".").as_str()) => {
                collect(inner, path, fixed);
            }
            // Beside the sections stand only the reason and the sources.
            _ if path.len() > 1 => fixed.push((path.clone(), value.clone())),
            _ => (),
        }
        path.pop();
    }
}
