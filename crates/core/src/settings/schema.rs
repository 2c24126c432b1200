//! Everything that the user can set, as plain data.

use belldot_wire::Network;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    settings::{quiet::QuietHours, retention::Retention, sound::Sounds},
    source::{Source, SourceId},
};

/// Everything that the user can set. Secrets are not here: they are in the system's keyring.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Settings {
    /// Language, theme, start.
    pub general: General,
    /// When and how toasts are shown.
    pub notifications: Notifications,
    /// What the inbox keeps.
    #[ts(as = "Option<Retention>", optional)]
    pub inbox: Retention,
    /// How servers are reached.
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

/// When and how toasts are shown.
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
    /// Returns the source with this id.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == *id)
    }
}
