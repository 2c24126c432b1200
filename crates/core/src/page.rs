//! What the page and the settings window get to see.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    format::{Excerpt, Seen},
    model::{Event, TodoKey},
    source::{SourceId, StreamState},
};

pub use crate::{
    inbox::{Group, GroupCount, Grouping, Listing, Query, TodoView},
    policy::Locked,
};

/// What changed, for the open windows; they ask again for what they show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct News {
    /// How many unread to-dos wait.
    pub unread: u64,
    /// Whether any to-do changed since the last news.
    pub todos_changed: bool,
    /// Whether the settings changed since the last news.
    pub settings_changed: bool,
    /// Every source with its state.
    pub sources: Vec<SourceView>,
    /// Paused until then, or until resumed.
    pub pause: Option<PauseView>,
    /// Sentences that the user should see once: disk full, no keyring, a refused change.
    pub notices: Vec<String>,
}

/// A pause of all streams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PauseView {
    /// Until when; absent: until resumed.
    #[ts(type = "string | null")]
    pub until: Option<Timestamp>,
}

/// A source as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SourceView {
    /// The id of the source.
    pub id: SourceId,
    /// What the user calls it.
    pub name: String,
    /// What its stream is doing.
    pub state: StreamState,
    /// The state in words, in the user's language, without the name.
    pub words: String,
    /// Messages may be missing since then: the server cannot replay.
    #[ts(type = "string | null")]
    pub missing_since: Option<Timestamp>,
    /// What its last event that said anything turned out to be.
    #[ts(optional)]
    pub seen: Option<Seen>,
    /// Its events that could not be understood since its stream was started, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub not_understood: Option<NotUnderstood>,
}

/// Events that could not be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct NotUnderstood {
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
    /// The latest that look different, the newest last.
    pub latest: Vec<Excerpt>,
}

impl NotUnderstood {
    /// The most that are named.
    const MOST: usize = 5;

    /// Adds one; of those that look alike only the newest is kept.
    pub(crate) fn add(&mut self, event: Excerpt) {
        self.count = self.count.saturating_add(1);
        let is_alike = |known: &Excerpt| {
            known.kind == event.kind
                && match (&known.outline, &event.outline) {
                    (None, None) => known.words == event.words,
                    (known, new) => known == new,
                }
        };
        self.latest.retain(|known| !is_alike(known));
        if self.latest.len() == Self::MOST {
            self.latest.remove(0);
        }
        self.latest.push(event);
    }
}

/// What the page asks for; answered by [`News`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "kebab-case")]
#[ts(export)]
pub enum Action {
    /// Mark as read or unread.
    Read {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// Whether they are read from then on.
        read: bool,
    },
    /// Mark everything as read.
    ReadAll,
    /// Done, or open again.
    Done {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// Whether they are done from then on.
        done: bool,
    },
    /// Out of sight until then; `null` ends it.
    Snooze {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// The end of the snooze; `null` ends it now.
        #[ts(type = "string | null")]
        until: Option<Timestamp>,
    },
    /// Pinned to the top, or no longer.
    Pin {
        /// The keys of the to-dos.
        todos: Vec<TodoKey>,
        /// Whether they are pinned from then on.
        pinned: bool,
    },
    /// The user knows that some of a source's to-dos may be missing.
    Acknowledge {
        /// The id of the source.
        source: SourceId,
    },
    /// Try a source now.
    TryAgain {
        /// The id of the source.
        source: SourceId,
    },
    /// Close every stream until then; `null`: until resumed.
    Pause {
        /// The end of the pause; `null`: until it is resumed.
        #[ts(type = "string | null")]
        until: Option<Timestamp>,
    },
    /// End the pause.
    Resume,
}

/// What was found at an address that is to become a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ProbeReport {
    /// What it is.
    pub found: Found,
    /// A sentence that says what it is and what to do, in the user's language.
    pub sentence: String,
    /// What was tried, in order.
    pub steps: Vec<ProbeStep>,
    /// The first events as they would become to-dos: their titles.
    pub first: Vec<String>,
    /// The first events as they came, to look at with a format.
    pub samples: Vec<Sample>,
    /// The address that was asked, as it was understood; absent where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub url: Option<String>,
    /// The address to use instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub instead: Option<String>,
}

/// An event as it came, to look at with a format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Sample {
    /// The event type.
    pub kind: String,
    /// The data.
    pub data: String,
    /// The last event ID string after it.
    pub id: String,
}

impl From<&Event> for Sample {
    fn from(event: &Event) -> Self {
        Self {
            kind: event.kind.clone(),
            data: event.data.clone(),
            id: event.id.clone(),
        }
    }
}

impl From<Sample> for Event {
    fn from(sample: Sample) -> Self {
        Self {
            own_id: !sample.id.is_empty(),
            kind: sample.kind,
            data: sample.data,
            id: sample.id,
        }
    }
}

/// What a source's stream has been doing since the program started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StreamReport {
    /// The latest states, the newest last.
    pub history: Vec<StreamMoment>,
    /// Attempts to connect.
    #[ts(type = "number")]
    pub attempts: u64,
    /// Attempts that opened the stream.
    #[ts(type = "number")]
    pub opened: u64,
    /// Events received.
    #[ts(type = "number")]
    pub events: u64,
    /// Events in the last minute.
    #[ts(type = "number")]
    pub events_last_minute: u64,
    /// Events skipped because they were too large.
    #[ts(type = "number")]
    pub skipped: u64,
    /// Heartbeats heard.
    #[ts(type = "number")]
    pub heartbeats: u64,
    /// The usual gap between heartbeats, in seconds, once it is known.
    #[ts(type = "number | null")]
    pub heartbeat_gap: Option<u64>,
    /// Bytes received.
    #[ts(type = "number")]
    pub bytes: u64,
    /// When the server was last heard.
    #[ts(type = "string | null")]
    pub last_heard: Option<Timestamp>,
    /// The last event ID.
    pub last_id: String,
    /// The latest events as they came, to look at with a format.
    pub samples: Vec<Sample>,
    /// All of it as text to pass on, without secrets and without what the events say.
    pub text: String,
}

/// A state that a stream was in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StreamMoment {
    /// Since when.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// The state.
    pub state: StreamState,
    /// The state in words, in the user's language.
    pub words: String,
}

/// What was found at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum Found {
    /// A server that speaks Belldot's own protocol.
    Belldot,
    /// An SSE server.
    Sse,
    /// An SSE server that is full.
    Full,
    /// A server that took the request and has not answered yet; many send the head of their answer
    /// with the first event.
    Unanswered,
    /// A server that wants a sign-in.
    SignIn,
    /// A server, but not an event stream.
    NotAStream,
    /// Nothing that answers.
    Nothing,
    /// Not an address that can be asked.
    Unusable,
}

/// One step of a probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ProbeStep {
    /// What was tried, as a stable word for machines: `name`, `stream`, `heartbeat`, …
    pub code: String,
    /// The same in words.
    pub name: String,
    /// Whether it went well; `null` where it is only worth knowing.
    pub ok: Option<bool>,
    /// What came of it, in words.
    pub detail: String,
    /// What to do about it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub advice: Option<String>,
    /// How long it took, in milliseconds.
    pub millis: Option<u64>,
}

/// The settings as the settings window gets them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SettingsView {
    /// The settings.
    pub settings: crate::settings::Settings,
    /// The sources whose token is known.
    pub signed_in: Vec<SourceId>,
    /// The language in use, as a BCP 47 tag: `en` or `zh-CN`.
    pub language: String,
    /// Belldot's version.
    pub version: String,
    /// Where the settings file is.
    pub settings_path: String,
    /// Where the inbox is.
    pub inbox_path: String,
    /// Where the logs are.
    pub log_path: String,
    /// Whether the proxy's password is known.
    pub proxy_signed_in: bool,
    /// What an administrator fixed.
    pub locked: Locked,
}
