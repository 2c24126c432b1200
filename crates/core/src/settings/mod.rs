//! What the user set: `settings.toml`.

mod check;
pub(crate) mod file;
pub(crate) mod merge;
mod quiet;
mod sound;
pub(crate) mod three_way;
mod wrong;

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    inbox::Retention,
    source::{Source, SourceId},
    words::Words,
};

pub use belldot_wire::{Network, Proxy, ProxyServer};
pub use file::SettingsFile;
pub use quiet::{Day, QuietHours};
pub use sound::{Sound, Sounds};
pub use wrong::Wrong;

/// Everything the user can set. Secrets are not here: they live in the OS keyring.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Settings {
    /// Language, theme, start.
    pub general: General,
    /// Toasts.
    pub notifications: Notifications,
    /// What the inbox keeps.
    #[ts(as = "Option<Retention>", optional)]
    pub inbox: Retention,
    /// The way to the servers.
    pub network: Network,
    /// The sources, in the user's order.
    pub sources: Vec<Source>,
}

/// Language, theme, start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct General {
    /// The language of every word.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// Starts with the session.
    pub autostart: bool,
}

/// The language of every word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub enum Language {
    /// As the system says.
    #[default]
    #[serde(rename = "system")]
    System,
    /// English.
    #[serde(rename = "en")]
    English,
    /// 简体中文.
    #[serde(rename = "zh-CN")]
    Chinese,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Toasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Notifications {
    /// Whether there are any.
    pub enabled: bool,
    /// Shows how many, never what.
    pub private: bool,
    /// When there are none.
    pub quiet: QuietHours,
    /// What is heard.
    pub sounds: Sounds,
}

impl Default for Notifications {
    fn default() -> Self {
        Self {
            enabled: true,
            private: false,
            quiet: QuietHours::default(),
            sounds: Sounds::default(),
        }
    }
}

impl Settings {
    /// Reads settings from the text of a file, whose path is for the error alone.
    pub fn from_toml(text: &str, path: &Path) -> Result<Self, SettingsError> {
        file::parse(text, path)
    }

    /// The settings as the text of a file.
    ///
    /// # Errors
    /// Where TOML has no way to write them.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        merge::text(self)
    }

    /// The source with this id.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == *id)
    }
}

/// Why settings could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// What stands there is no file: a pipe, a device, a folder.
    #[error("{path} is no regular file")]
    NotAFile {
        /// Which.
        path: String,
    },
    /// The administrator's policy is broken, so nothing can be changed.
    #[error("the settings are locked, since the policy of this machine is broken")]
    Locked,
    /// The file is not what it should be.
    #[error("{path}, line {line}: {message}")]
    Invalid {
        /// Which file.
        path: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Something in the file is well-formed and still cannot be.
    #[error("{path}, line {line}: {wrong}")]
    WrongInFile {
        /// Which file.
        path: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        wrong: Wrong,
    },
    /// The settings given cannot be.
    #[error("{0}")]
    Wrong(#[from] Wrong),
    /// There is no such way to the servers.
    #[error("{0}")]
    Network(String),
}

impl SettingsError {
    /// The sentence for the user: what is wrong, where, and what to do.
    pub fn say(&self, words: &Words) -> String {
        self.say_as("error-settings-invalid", words)
    }

    /// The same about a file that was to be imported; nothing came of it.
    pub fn say_of_import(&self, words: &Words) -> String {
        self.say_as("error-import-invalid", words)
    }

    /// The same, with this message for what stands in a file.
    pub(crate) fn say_as(&self, invalid: &str, words: &Words) -> String {
        let invalid = |path: &str, line: usize, detail: String| {
            // The message brings its own full stop.
            let detail = detail.trim_end_matches(['.', '。']);
            words.say(
                invalid,
                &[
                    ("path", path.into()),
                    ("line", line.into()),
                    ("detail", detail.into()),
                ],
            )
        };
        match self {
            Self::File { path, source } => words.say(
                "error-settings-file",
                &[
                    ("path", path.as_str().into()),
                    ("detail", source.to_string().into()),
                ],
            ),
            Self::NotAFile { path } => words.say(
                "error-settings-not-a-file",
                &[("path", path.as_str().into())],
            ),
            Self::Locked => words.say("error-settings-locked", &[]),
            Self::Invalid {
                path,
                line,
                message,
            } => invalid(path, *line, message.clone()),
            Self::WrongInFile { path, line, wrong } => invalid(path, *line, wrong.say(words)),
            Self::Wrong(wrong) => wrong.say(words),
            Self::Network(detail) => words.say(
                "error-settings-network",
                &[("detail", detail.as_str().into())],
            ),
        }
    }
}
