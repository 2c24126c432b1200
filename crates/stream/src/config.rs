//! What a subscription needs to know.

use std::time::Duration;

use reqwest::header::HeaderMap;
use url::Url;

/// What a subscription needs to know; start from [`Config::new`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// Where the stream is.
    pub url: Url,
    /// Further request headers; credentials among them, marked sensitive.
    pub headers: HeaderMap,
    /// The last event ID to start from; empty for none. Sent back byte for byte.
    pub last_event_id: String,
    /// Timings and limits.
    pub policy: Policy,
}

impl Config {
    /// A subscription to `url` from its present moment, with the default policy.
    pub fn new(url: Url) -> Self {
        Self {
            url,
            headers: HeaderMap::new(),
            last_event_id: String::new(),
            policy: Policy::default(),
        }
    }
}

/// Timings and limits of a subscription. Further ones may come: end a literal with
/// `..Policy::default()`.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The data of an unnamed event that means that the server is full.
    pub full_text: String,
    /// Cool-down after `Full`, ± 50 %; `None`: only a person tries again.
    pub cool_down: Option<Duration>,
    /// The longest line or event kept, in bytes; a longer one is skipped and counted.
    pub max_event: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            full_text: "Too many connections".to_owned(),
            cool_down: Some(Duration::from_secs(600)),
            max_event: 1 << 20,
        }
    }
}
