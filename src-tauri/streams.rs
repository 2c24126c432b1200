//! The core's port to the network: a task for each source's stream, and the outbox.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use belldot_core::{
    Input,
    input::{self, StreamUpdate},
    source::{Cause, CoolDown, Source, SourceId, StreamState},
    streams::{Delivery, Streams},
};
use belldot_stream::{Config, State, Subscription, Update};
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use tokio::{runtime::Handle, sync::mpsc};

use crate::{delivery::Courier, os::keyring::Keyring};

/// How long quitting waits for the sockets to close; a dead network cannot hold us longer.
const CLOSING: Duration = Duration::from_millis(1_500);

/// The sources' streams.
#[derive(Clone)]
pub struct Lines {
    runtime: Handle,
    inputs: flume::Sender<Input>,
    keyring: Arc<Keyring>,
    courier: Courier,
    lines: HashMap<SourceId, mpsc::UnboundedSender<Order>>,
    /// How many tasks still hold a socket.
    open: Arc<AtomicUsize>,
}

enum Order {
    TryAgain,
    Pause(bool),
    Cursor(String),
    Stop,
}

impl Lines {
    /// No stream yet.
    pub fn new(runtime: Handle, inputs: flume::Sender<Input>, keyring: Arc<Keyring>) -> Self {
        let courier = Courier::new(runtime.clone(), inputs.clone(), keyring.clone());
        Self {
            runtime,
            inputs,
            keyring,
            courier,
            lines: HashMap::new(),
            open: Arc::default(),
        }
    }

    /// Waits, for a bounded time, until every stopped stream has closed its socket.
    pub fn wait_until_closed(&self) {
        let start = Instant::now();
        while self.open.load(Ordering::Acquire) > 0 && start.elapsed() < CLOSING {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn order(&self, source: &SourceId, order: Order) {
        if let Some(line) = self.lines.get(source) {
            let _ = line.send(order);
        }
    }
}

impl Streams for Lines {
    fn start(&mut self, source: &Source, cursor: &str) {
        self.stop(&source.id);
        self.courier.know(source);
        let (orders, waiting) = mpsc::unbounded_channel();
        self.lines.insert(source.id.clone(), orders);
        let line = Line {
            source: source.clone(),
            cursor: cursor.to_owned(),
            inputs: self.inputs.clone(),
            keyring: self.keyring.clone(),
        };
        let open = Open::new(&self.open);
        self.runtime.spawn(async move {
            line.run(waiting).await;
            drop(open);
        });
    }

    fn stop(&mut self, source: &SourceId) {
        if let Some(line) = self.lines.remove(source) {
            let _ = line.send(Order::Stop);
        }
    }

    fn try_again(&mut self, source: &SourceId) {
        self.order(source, Order::TryAgain);
    }

    fn pause(&mut self, source: &SourceId, paused: bool) {
        self.order(source, Order::Pause(paused));
    }

    fn deliver(&mut self, delivery: &Delivery) {
        self.courier.deliver(delivery.clone());
    }
}

/// Counts a task that may hold a socket.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// One source's stream between the network and the controller.
struct Line {
    source: Source,
    cursor: String,
    inputs: flume::Sender<Input>,
    keyring: Arc<Keyring>,
}

impl Line {
    async fn run(self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let config = self.config().await;
        let mut subscription = Subscription::start(config);
        let handle = subscription.handle();
        loop {
            tokio::select! {
                biased;
                order = orders.recv() => match order {
                    Some(Order::TryAgain) => handle.retry_now(),
                    Some(Order::Pause(true)) => handle.pause(),
                    Some(Order::Pause(false)) => handle.resume(),
                    Some(Order::Cursor(_)) => {}
                    Some(Order::Stop) | None => break,
                },
                // A full channel stops the reading, so the socket fills and the server slows.
                sent = forward(&mut subscription, &self.source.id, &self.inputs) => {
                    if !sent {
                        break;
                    }
                }
            }
        }
        handle.close().await;
    }

    async fn config(&self) -> Config {
        let mut config = Config::new(self.source.url.clone());
        config.last_event_id = self.cursor.clone();
        config.policy.cool_down = match self.source.cool_down {
            CoolDown::Minutes(minutes) => Some(Duration::from_secs(u64::from(minutes) * 60)),
            CoolDown::Never => None,
        };
        if let Some(text) = &self.source.full_text {
            config.policy.full_text = text.clone();
        }
        let (keyring, source) = (self.keyring.clone(), self.source.id.clone());
        let token = tokio::task::spawn_blocking(move || keyring.token(&source)).await;
        if let Some(value) = token.ok().flatten().and_then(|token| bearer(&token)) {
            config.headers.insert(AUTHORIZATION, value);
        }
        config
    }
}

/// The header that carries a token; `None` where the token cannot stand in a header.
pub fn bearer(token: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// What the stream says, as the core reads it.
pub fn state(state: &State) -> StreamState {
    match state {
        State::Connecting => StreamState::Connecting,
        State::Open { since } => StreamState::Open {
            since: timestamp(*since),
        },
        State::Waiting {
            until,
            attempt,
            cause,
        } => StreamState::Waiting {
            until: timestamp(*until),
            attempt: *attempt,
            cause: words(cause),
        },
        State::Full { until } => StreamState::Full {
            until: until.map(timestamp),
        },
        State::Stopped { cause } => StreamState::Stopped {
            cause: words(cause),
        },
        State::Paused => StreamState::Paused,
    }
}

fn words(cause: &belldot_stream::Cause) -> Cause {
    Cause {
        code: cause.code().to_owned(),
        detail: cause.detail(),
    }
}

fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::MAX)
}

/// Hands one update to the controller; `false` when there is nothing more to hand.
async fn forward(
    subscription: &mut Subscription,
    source: &SourceId,
    inputs: &flume::Sender<Input>,
) -> bool {
    let Some(update) = subscription.next().await else {
        return false;
    };
    let update = match update {
        Update::State(new) => StreamUpdate::State(state(&new)),
        Update::Event(event) => StreamUpdate::Event(input::Event {
            kind: event.kind,
            data: event.data,
            id: event.id,
        }),
        _ => return true,
    };
    inputs
        .send_async(Input::Stream {
            source: source.clone(),
            update,
        })
        .await
        .is_ok()
}
