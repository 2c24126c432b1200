//! A source: one subscription that the user configured, and what its stream is doing.

use std::collections::BTreeMap;

pub use belldot_wire::{Cause, Step, StreamState};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use crate::{address, format::Format};

/// The permanent id of a source, in settings, inbox and keyring: short, lower case, no spaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export)]
pub struct SourceId(pub String);

/// One subscription that the user configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Source {
    /// Its permanent id.
    pub id: SourceId,
    /// What the user calls it.
    pub name: String,
    /// Where its stream is.
    #[serde(deserialize_with = "address::deserialize")]
    #[ts(type = "string")]
    pub url: Url,
    /// How its events become changes.
    #[serde(default)]
    pub format: Format,
    /// The zone of times that name none, by its name in the time zone database (`Asia/Shanghai`);
    /// absent: this computer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub time_zone: Option<String>,
    /// The company's own page, opened by the bell instead of Belldot's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "string | null")]
    pub page: Option<Url>,
    /// Further origins that the page's window may go to itself, exactly these: where people sign
    /// in, say (`https://login.example`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub page_origins: Vec<Url>,
    /// The data of an unnamed event that means that the server is full, where it is not
    /// `Too many connections`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_text: Option<String>,
    /// How long to leave a full server alone.
    #[serde(default)]
    pub cool_down: CoolDown,
    /// Paused until the user resumes it.
    #[serde(default)]
    pub paused: bool,
    /// Credentials may travel over plain http to another machine.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// How to sign in; the secret itself is in the keyring.
    #[serde(default, skip_serializing_if = "SignIn::is_token")]
    pub sign_in: SignIn,
    /// Further request headers, none of them secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(type = "Record<string, string>")]
    pub headers: BTreeMap<String, String>,
}

impl Source {
    /// Returns a source of which everything else has its default.
    pub fn new(id: SourceId, name: impl Into<String>, url: Url) -> Self {
        Self {
            id,
            name: name.into(),
            url,
            format: Format::default(),
            time_zone: None,
            page: None,
            page_origins: Vec::new(),
            full_text: None,
            cool_down: CoolDown::default(),
            paused: false,
            allow_plain_http: false,
            sign_in: SignIn::default(),
            headers: BTreeMap::new(),
        }
    }

    /// Returns the zone of its times that name none; `None`: this computer's.
    pub fn zone(&self) -> Option<TimeZone> {
        TimeZone::get(self.time_zone.as_deref()?).ok()
    }

    /// Returns whether its server speaks Belldot's own protocol, and so takes what the user does.
    pub fn takes_changes(&self) -> bool {
        let is_ours = || self.url.path().ends_with("/api/v1/events");
        match &self.format {
            Format::Todo => true,
            Format::Auto => is_ours(),
            // Automatic, but for what somebody said of some events.
            Format::Json(map) => map.guess && is_ours(),
            _ => false,
        }
    }
}

/// How a source signs in; the secret itself is in the keyring.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum SignIn {
    /// The secret is a Bearer token (RFC 6750).
    #[default]
    Token,
    /// The secret is the password of this user (Basic, RFC 7617).
    Basic {
        /// The user's name.
        user: String,
    },
    /// The secret is the value of this header.
    Header {
        /// The header's name.
        name: String,
    },
}

impl SignIn {
    fn is_token(&self) -> bool {
        *self == Self::Token
    }
}

/// How long to leave a full server alone, ± 50 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum CoolDown {
    /// So many minutes.
    Minutes(u32),
    /// Until a person tries again.
    Never,
}

impl Default for CoolDown {
    fn default() -> Self {
        Self::Minutes(10)
    }
}
