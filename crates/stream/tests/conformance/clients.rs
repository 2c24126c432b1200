//! The two clients, driven alike: Belldot's, and `eventsource-client` as the baseline.

use std::pin::Pin;
use std::time::Duration;

use belldot_stream::{StreamPolicy, StreamState, Subscription, Update};
use eventsource_client::{Client as _, ClientBuilder, ReconnectOptions, SSE};
use futures_util::StreamExt;
use launchdarkly_sdk_transport::HyperTransport;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::fault::config;

/// Type, data and last event ID.
pub type Seen = (String, String, String);

/// What a client that was started has dispatched, as it goes on.
pub struct Running {
    pub events: mpsc::UnboundedReceiver<Seen>,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Belldot,
    Baseline,
}

impl Which {
    pub const BOTH: [Self; 2] = [Self::Belldot, Self::Baseline];

    /// Everything that is dispatched until the first connection ends.
    pub async fn read_once(self, url: &str) -> Vec<Seen> {
        match self {
            Self::Belldot => belldot_once(url).await,
            Self::Baseline => baseline_once(url).await,
        }
    }

    /// A client that reconnects soon, for as long as it is held.
    pub fn start(self, url: &str) -> Running {
        let (sender, events) = mpsc::unbounded_channel();
        let url = url.to_owned();
        let task = match self {
            Self::Belldot => tokio::spawn(belldot(url, sender)),
            Self::Baseline => tokio::spawn(baseline(url, sender)),
        };
        Running { events, task }
    }
}

async fn belldot_once(url: &str) -> Vec<Seen> {
    let mut stream = Subscription::start(config(url));
    let mut seen = Vec::new();
    loop {
        match stream.next().await.unwrap() {
            Update::Event(event) => seen.push((event.kind, event.data, event.id)),
            Update::State(StreamState::Connecting { .. } | StreamState::Open { .. }) => {}
            Update::State(_) => return seen,
            _ => {}
        }
    }
}

async fn belldot(url: String, events: mpsc::UnboundedSender<Seen>) {
    let mut config = config(&url);
    // The server's own time is not shortened, so that it can be measured.
    config.policy = StreamPolicy {
        max_event: 1 << 20,
        ..config.policy
    };
    let mut stream = Subscription::start(config);
    while let Some(update) = stream.next().await {
        if let Update::Event(event) = update {
            let _ = events.send((event.kind, event.data, event.id));
        }
    }
}

async fn baseline_once(url: &str) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut stream = baseline_stream(url, ReconnectOptions::reconnect(false).build());
    while let Some(Ok(update)) = stream.next().await {
        if let SSE::Event(event) = update {
            seen.push((event.event_type, event.data, event.id.unwrap_or_default()));
        }
    }
    seen
}

async fn baseline(url: String, events: mpsc::UnboundedSender<Seen>) {
    let delay = Duration::from_millis(50);
    let options = ReconnectOptions::reconnect(true)
        .retry_initial(true)
        .delay(delay)
        .build();
    let mut stream = baseline_stream(&url, options);
    while let Some(update) = stream.next().await {
        if let Ok(SSE::Event(event)) = update {
            let _ = events.send((event.event_type, event.data, event.id.unwrap_or_default()));
        }
    }
}

fn baseline_stream(
    url: &str,
    options: ReconnectOptions,
) -> Pin<Box<dyn futures_util::Stream<Item = eventsource_client::Result<SSE>> + Send + Sync>> {
    let transport = HyperTransport::builder()
        .disable_proxy()
        .build_http()
        .unwrap();
    let builder = ClientBuilder::for_url(url).unwrap().reconnect(options);
    builder.build_with_transport(transport).stream()
}
