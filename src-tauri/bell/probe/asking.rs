//! How an address is asked.

use std::time::Duration;

use belldot_core::source::Source;
use belldot_stream::Client;
use reqwest::header::HeaderMap;

use crate::ntfy::is_ntfy;

/// How to ask.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The way to the servers.
    pub client: Client,
    /// What to send along: credentials, and a source's further headers.
    pub headers: HeaderMap,
    /// Whether there are credentials among them.
    pub signed_in: bool,
    /// Whether they may go over plain http to another machine.
    pub allow_plain_http: bool,
    /// What means that the server is full, where it is not the usual text.
    pub full_text: Option<String>,
    /// Whether `Last-Event-ID` is how to go on; ntfy has a way of its own.
    pub by_last_event_id: bool,
    /// What of the settings is used, in words.
    pub used: Vec<String>,
    /// How long to wait.
    pub patience: Patience,
}

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of the answer.
    pub head: Duration,
    /// How long to listen.
    pub listen: Duration,
    /// For what is sent again to a second connection.
    pub replay: Duration,
    /// After so many events it was long enough.
    pub events: usize,
}

impl Asking {
    /// Without any credentials, with the patience of the settings.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            headers: HeaderMap::new(),
            signed_in: false,
            allow_plain_http: false,
            full_text: None,
            by_last_event_id: true,
            used: Vec::new(),
            patience: Patience::SETTINGS,
        }
    }

    /// Takes over how a source's stream differs from others; its headers are the caller's.
    pub fn take(&mut self, source: &Source) {
        self.allow_plain_http = source.allow_plain_http;
        self.full_text = source.full_text.clone();
        self.by_last_event_id = !is_ntfy(source);
    }
}

impl Patience {
    /// For somebody who waits in front of the settings.
    pub const SETTINGS: Self = Self {
        head: Duration::from_secs(10),
        listen: Duration::from_secs(5),
        replay: Duration::from_secs(2),
        events: 5,
    };

    /// For somebody who wants to know more.
    pub fn listening(listen: Duration) -> Self {
        Self {
            head: listen.max(Duration::from_secs(15)),
            listen,
            replay: Duration::from_secs(3),
            events: usize::MAX,
        }
    }
}
