//! Listening to a stream for a while, as a source would.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use belldot_stream::{
    Cause, Config, Event, ProxyFault, Step, StreamState, Subscription, TlsFault, Update,
};
use reqwest::StatusCode;
use tokio::{
    net::TcpStream,
    time::{interval, timeout},
};
use url::Url;

use super::{
    asking::Asking,
    other_scheme::speaks_http_instead,
    wire::{Tap, Wire},
};

/// How many of the first events are kept, to be shown.
const FIRST: usize = 5;
/// How long a bare connection may take that tells a silent server from none.
const CONNECTION: Duration = Duration::from_secs(3);
/// The usual port of a proxy that speaks SOCKS (RFC 1928, section 3).
const SOCKS: u16 = 1080;
/// How often to look whether it was long enough.
const LOOK: Duration = Duration::from_millis(50);

/// What was heard.
#[derive(Clone, Debug)]
pub struct Heard {
    pub outcome: ListenOutcome,
    pub wire: Wire,
    /// The first events.
    pub events: Vec<Event>,
    /// For how long the stream was listened to.
    pub listened: Duration,
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenOutcome {
    /// There is a stream, and it was left open.
    Open,
    /// There was a stream, which ended.
    Ended(Cause),
    /// The server said that it is full.
    Full,
    /// The request was taken, and nothing came back.
    Unanswered,
    /// There is no stream.
    Failed(Cause),
}

impl Heard {
    /// Whether there is, or was, an event stream.
    pub fn is_stream(&self) -> bool {
        matches!(self.outcome, ListenOutcome::Open | ListenOutcome::Ended(_))
    }
}

/// Tries the stream from this cursor, once, and listens for as long as `asking` says, or until
/// `enough`.
pub async fn listen(
    url: &Url,
    asking: &Asking,
    cursor: &str,
    enough: impl Fn(&Wire, usize) -> bool,
) -> Heard {
    let tap = Tap::new(asking.client.clone());
    let mut subscription = Subscription::start(config(url, asking, cursor, &tap));
    let start = Instant::now();
    let mut opened: Option<Instant> = None;
    let mut events = Vec::new();
    let mut proxy_refused = None;
    let mut on_its_way = false;
    let mut look = interval(LOOK);
    let outcome = loop {
        let update = tokio::select! {
            update = subscription.next() => update,
            _ = look.tick() => {
                let over = match opened {
                    Some(at) if at.elapsed() >= asking.patience.listen => Some(ListenOutcome::Open),
                    Some(_) if tap.look(|wire| enough(wire, events.len())) => Some(ListenOutcome::Open),
                    None if start.elapsed() >= asking.patience.head => {
                        Some(match proxy_refused.take() {
                            Some(cause) => ListenOutcome::Failed(cause),
                            None if on_its_way => ListenOutcome::Unanswered,
                            None => no_answer(url, asking).await,
                        })
                    }
                    _ => None,
                };
                match over {
                    Some(outcome) => break outcome,
                    None => continue,
                }
            }
        };
        match update {
            Some(Update::State(StreamState::Open { .. })) => opened = Some(Instant::now()),
            Some(Update::State(StreamState::Connecting { step })) => {
                on_its_way = step == Step::Head
            }
            Some(Update::State(StreamState::Full { .. })) => break ListenOutcome::Full,
            // Another attempt is under way, and then says which sign-in the proxy wants.
            Some(Update::State(StreamState::Waiting { cause, .. }))
                if wants_proxy_sign_in(&cause) =>
            {
                proxy_refused = Some(cause);
            }
            Some(Update::State(
                StreamState::Waiting { cause, .. } | StreamState::Stopped { cause },
            )) => {
                break match opened {
                    Some(_) => ListenOutcome::Ended(cause),
                    None => ListenOutcome::Failed(cause),
                };
            }
            Some(Update::Event(event)) if events.len() < FIRST => events.push(event),
            Some(_) => {}
            None => break ListenOutcome::Failed(Cause::Ended),
        }
    };
    subscription.handle().close().await;
    Heard {
        outcome,
        wire: tap.wire(),
        events,
        listened: opened.map(|at| at.elapsed()).unwrap_or_default(),
    }
}

fn wants_proxy_sign_in(cause: &Cause) -> bool {
    matches!(cause, Cause::Proxy(ProxyFault::Refused(status))
        if *status == StatusCode::PROXY_AUTHENTICATION_REQUIRED)
}

/// Tells a server that takes connections and says nothing from one that is not there, or that
/// waits for plain http where TLS begins.
async fn no_answer(url: &Url, asking: &Asking) -> ListenOutcome {
    let proxy = asking.client.proxy_to(url).await;
    let to = proxy.as_ref().unwrap_or(url);
    let host = to.host_str().unwrap_or_default();
    let host = host.trim_matches(['[', ']']);
    let port = to.port_or_known_default().unwrap_or(SOCKS);
    let connection = TcpStream::connect((host, port));
    match timeout(CONNECTION, connection).await {
        Ok(Ok(_)) if speaks_http_instead(url, asking).await => {
            ListenOutcome::Failed(Cause::Tls(TlsFault::NotTls))
        }
        Ok(Ok(_)) => ListenOutcome::Unanswered,
        Ok(Err(_)) | Err(_) => ListenOutcome::Failed(Cause::Timeout),
    }
}

fn config(url: &Url, asking: &Asking, cursor: &str, tap: &Tap) -> Config {
    let mut config = Config::new(url.clone());
    config.headers = asking.headers.clone();
    config.allow_plain_credentials = asking.allow_plain_http;
    config.last_event_id = cursor.to_owned();
    config.transport = Some(Arc::new(tap.clone()));
    if let Some(text) = &asking.full_text {
        config.policy.full_text = text.clone();
    }
    config
}
