//! The configuration of a subscription.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use belldot_wire::Network;
use reqwest::header::HeaderMap;
use url::Url;

use crate::{Clock, Credentials, ProxyAccess, SystemClock, Transport};

/// The configuration of a subscription; start from [`Config::new`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The URL of the stream.
    pub url: Url,
    /// Further request headers; credentials among them, marked sensitive. They go to the origin
    /// of `url` only, never to where it redirects.
    pub headers: HeaderMap,
    /// The source of credentials that are fetched or renewed when needed.
    pub credentials: Option<Arc<dyn Credentials>>,
    /// Whether credentials may go over plain http to a host other than this machine.
    pub allow_plain_credentials: bool,
    /// The last event ID to start from; empty for none. Sent back byte for byte.
    pub last_event_id: String,
    /// Where requests carry the cursor.
    pub cursor: CursorPlacement,
    /// Timings and limits.
    pub policy: StreamPolicy,
    /// TLS and proxies; of no effect where a `transport` is given.
    pub network: Network,
    /// The proxy's password and the desktop's proxies; of no effect where a `transport` is given.
    pub proxy_access: ProxyAccess,
    /// Sends the requests: a [`Client`](crate::Client) that many subscriptions share. `None`: the
    /// subscription makes one of its own, from `network`
    /// and `proxy_access`.
    pub transport: Option<Arc<dyn Transport>>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// The seed of all random delays; `None`: from the system.
    pub seed: Option<u64>,
}

/// Where requests carry the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CursorPlacement {
    /// In the header `Last-Event-ID`, from the event stream's own IDs, as the standard says.
    #[default]
    Header,
    /// In a query parameter of this name (ntfy's `since`). The application sets its value by
    /// [`Handle::set_cursor`](crate::Handle::set_cursor); the stream's own IDs are not sent.
    Query(String),
}

/// Timings and limits of a subscription. Further ones may come: end a literal with
/// `..Policy::default()`.
#[derive(Clone, Debug)]
pub struct StreamPolicy {
    /// The data of an unnamed event that means that the server is full. Such an event is not
    /// delivered. Empty: no event means that.
    pub full_text: String,
    /// Cool-down after `Full`, ± 50 %; `None`: only a person tries again.
    pub cool_down: Option<Duration>,
    /// The longest line or event kept, in bytes; a longer one is skipped and counted.
    pub max_event: usize,
    /// The delay before the first retry lies around this, until the server sets a time.
    pub base: Duration,
    /// The upper limit of the delays, unless the server asks for more.
    pub ceiling: Duration,
    /// The least time between the starts of two attempts.
    pub gap: Duration,
    /// The delays after a response that trying again is unlikely to change (403, 404, …): from
    /// the lower bound, doubled up to the upper.
    pub slow: RangeInclusive<Duration>,
    /// The delay after a response that is not an event stream.
    pub foreign: RangeInclusive<Duration>,
    /// How soon to reconnect after a wake or a change of network: within this.
    pub wake: Duration,
    /// A stream that was open for as long as this, or sent anything, is not a failed attempt,
    /// however it ends.
    pub opened: Duration,
    /// A request that failed after the server had it for as long as this is followed by the first
    /// delay again: a proxy timed out while the server had nothing to send.
    pub patient: Duration,
    /// The upper limit of the delays after streams that end at once without sending anything.
    pub mute_ceiling: Duration,
    /// How long connecting may take: name resolution, TCP, TLS, proxy. Later silence counts as
    /// silence of the stream.
    pub connect_timeout: Duration,
    /// How long fetching credentials may take.
    pub credentials_timeout: Duration,
    /// How long the server may be silent.
    pub silence: Silence,
    /// How often wall clock and timers are compared.
    pub clock_check: Duration,
    /// How many redirects are followed.
    pub redirects: usize,
    /// How many updates are buffered; when the buffer is full, the socket is not read.
    pub buffer: usize,
}

/// How long the server may be silent.
#[derive(Clone, Debug)]
pub struct Silence {
    /// This many times the usual gap between its heartbeats, …
    pub gaps: u32,
    /// … but at least this.
    pub least: Duration,
    /// Without a known heartbeat interval, and before the response head: reconnects after this,
    /// without reporting a failure.
    pub without_heartbeat: Duration,
}

impl Config {
    /// Returns the configuration of a subscription to `url` without a cursor, with the default
    /// policy.
    pub fn new(url: Url) -> Self {
        Self {
            url,
            headers: HeaderMap::new(),
            credentials: None,
            allow_plain_credentials: false,
            last_event_id: String::new(),
            cursor: CursorPlacement::default(),
            policy: StreamPolicy::default(),
            network: Network::default(),
            proxy_access: ProxyAccess::default(),
            transport: None,
            clock: Arc::new(SystemClock),
            seed: None,
        }
    }
}

impl Default for StreamPolicy {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            full_text: belldot_wire::TOO_MANY_CONNECTIONS.to_owned(),
            cool_down: Some(seconds(600)),
            max_event: 1 << 20,
            base: seconds(5),
            ceiling: seconds(300),
            gap: seconds(1),
            slow: seconds(300)..=seconds(3600),
            foreign: seconds(30)..=seconds(60),
            wake: seconds(3),
            opened: seconds(5),
            patient: seconds(30),
            mute_ceiling: seconds(60),
            connect_timeout: seconds(15),
            credentials_timeout: seconds(30),
            silence: Silence::default(),
            clock_check: seconds(5),
            redirects: 5,
            buffer: 64,
        }
    }
}

impl Default for Silence {
    fn default() -> Self {
        Self {
            gaps: 3,
            least: Duration::from_secs(45),
            without_heartbeat: Duration::from_secs(15 * 60),
        }
    }
}
