//! The core's port to the network: a task for each source's stream, and the outbox.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use belldot_core::{
    Input,
    controller::Inputs,
    format::{SINCE, split_since},
    input::StreamUpdate,
    source::{CoolDown, Source, SourceId},
    streams::{Delivery, Streams},
};
use belldot_stream::{Client, Config, CursorPlacement, Network, Subscription, Update};
use futures_util::{FutureExt as _, future::BoxFuture};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use tokio::{
    runtime::Handle,
    sync::{broadcast, mpsc},
};
use url::Url;

use crate::{
    charset,
    http::HttpClients,
    ntfy::is_ntfy,
    os::{connectivity::ConnectivityEvent, keyring::Keyring},
    outbox_sender::OutboxSender,
    sign_in::{SignedIn, further_headers},
    stream_history::StreamHistories,
};

/// How long quitting waits for the sockets to close; a dead network cannot hold us longer.
const CLOSING: Duration = Duration::from_millis(1_500);

/// The sources' streams.
pub struct StreamSupervisor {
    runtime: Handle,
    inputs: Inputs,
    keyring: Arc<Keyring>,
    outbox: OutboxSender,
    http: HttpClients,
    streams: HashMap<SourceId, mpsc::UnboundedSender<StreamCommand>>,
    connectivity: broadcast::Sender<ConnectivityEvent>,
    closing: Closing,
    histories: StreamHistories,
}

/// What a line is told.
enum StreamCommand {
    TryAgain,
    Pause(bool),
    /// Where to go on, for a server that wants to hear it in the address.
    Since(String),
    Stop,
}

/// Knows how many streams may still hold a socket.
#[derive(Clone, Debug, Default)]
pub struct Closing(Arc<AtomicUsize>);

impl Closing {
    /// Waits, for a bounded time, until every stopped stream has closed its socket.
    pub fn wait(&self) {
        let start = Instant::now();
        while self.0.load(Ordering::Acquire) > 0 && start.elapsed() < CLOSING {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn one_more(&self) -> Open {
        self.0.fetch_add(1, Ordering::AcqRel);
        Open(self.0.clone())
    }
}

/// Counts a task that may hold a socket.
struct Open(Arc<AtomicUsize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl StreamSupervisor {
    /// No stream yet.
    pub fn new(
        runtime: Handle,
        inputs: Inputs,
        keyring: Arc<Keyring>,
        http: HttpClients,
        histories: StreamHistories,
    ) -> Self {
        let outbox = OutboxSender::new(
            runtime.clone(),
            inputs.clone(),
            keyring.clone(),
            http.clone(),
        );
        Self {
            runtime,
            inputs,
            keyring,
            outbox,
            http,
            streams: HashMap::new(),
            connectivity: broadcast::channel(8).0,
            closing: Closing::default(),
            histories,
        }
    }

    /// What the system tells of sleep and network goes there, to every stream; nobody need listen.
    pub fn connectivity(&self) -> broadcast::Sender<ConnectivityEvent> {
        self.connectivity.clone()
    }

    /// What knows when all sockets are closed.
    pub fn closing(&self) -> Closing {
        self.closing.clone()
    }

    fn order(&self, source: &SourceId, order: StreamCommand) {
        if let Some(task) = self.streams.get(source) {
            let _ = task.send(order);
        }
    }
}

impl Streams for StreamSupervisor {
    fn use_network(&mut self, network: &Network) -> Result<(), String> {
        self.http.configure(network)
    }

    fn start(&mut self, source: &Source, cursor: &str) {
        self.stop(&source.id);
        self.outbox.know(source);
        let (orders, waiting) = mpsc::unbounded_channel();
        self.streams.insert(source.id.clone(), orders);
        let task = StreamTask {
            source: source.clone(),
            cursor: cursor.to_owned(),
            inputs: self.inputs.clone(),
            credentials: Arc::new(SignedIn::new(source, self.keyring.clone())),
            histories: self.histories.clone(),
            client: self.http.client(),
            connectivity: self.connectivity.subscribe(),
        };
        let open = self.closing.one_more();
        self.runtime.spawn(async move {
            task.run(waiting).await;
            drop(open);
        });
    }

    fn stop(&mut self, source: &SourceId) {
        if let Some(task) = self.streams.remove(source) {
            let _ = task.send(StreamCommand::Stop);
        }
    }

    fn try_again(&mut self, source: &SourceId) {
        if let Some(client) = self.http.client() {
            client.forget_refused_sign_ins();
        }
        self.order(source, StreamCommand::TryAgain);
    }

    fn pause(&mut self, source: &SourceId, paused: bool) {
        self.order(source, StreamCommand::Pause(paused));
    }

    fn ask_next(&mut self, source: &SourceId, url: &Url) {
        if let (_, Some(since)) = split_since(url) {
            self.order(source, StreamCommand::Since(since));
        }
    }

    fn go_on_after(&mut self, source: &SourceId, cursor: &str) {
        self.order(source, StreamCommand::Since(cursor.to_owned()));
    }

    fn deliver(&mut self, delivery: &Delivery) {
        self.outbox.deliver(delivery.clone());
    }
}

/// One source's stream between the network and the controller.
struct StreamTask {
    source: Source,
    cursor: String,
    inputs: Inputs,
    credentials: Arc<SignedIn>,
    histories: StreamHistories,
    client: Option<Client>,
    connectivity: broadcast::Receiver<ConnectivityEvent>,
}

impl StreamTask {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<StreamCommand>) {
        let mut subscription = Subscription::start(self.config());
        let handle = subscription.handle();
        self.histories.begin(&self.source.id, handle.clone());
        // Lives on while an order is followed: what the stream gave once it does not give again.
        let mut handing: Option<BoxFuture<'static, bool>> = None;
        loop {
            tokio::select! {
                biased;
                order = orders.recv() => match order {
                    Some(StreamCommand::TryAgain) => handle.retry_now(),
                    Some(StreamCommand::Pause(true)) => handle.pause(),
                    Some(StreamCommand::Pause(false)) => handle.resume(),
                    Some(StreamCommand::Since(since)) => handle.set_cursor(since),
                    Some(StreamCommand::Stop) | None => break,
                },
                event = self.connectivity.recv() => match event {
                    Ok(ConnectivityEvent::Woke) => handle.wake(),
                    Ok(ConnectivityEvent::NetworkChanged) => handle.network_changed(),
                    // Several at once are as good as one, and the sender lives as long as we do.
                    Err(_) => handle.network_changed(),
                },
                // A full channel stops the reading, so the socket fills and the server slows.
                Some(handed) = async { Some(handing.as_mut()?.await) }, if handing.is_some() => {
                    handing = None;
                    if !handed {
                        break;
                    }
                }
                update = subscription.next(), if handing.is_none() => match update {
                    Some(update) => {
                        handing = self.take(update).map(|update| {
                            hand(self.inputs.clone(), self.source.id.clone(), update).boxed()
                        });
                    }
                    None => break,
                },
            }
        }
        handle.close().await;
    }

    /// Notes an update, and what the controller is to hear of it.
    fn take(&self, update: Update) -> Option<StreamUpdate> {
        match update {
            Update::State(new) => {
                tracing::info!(source = self.source.id.0, state = ?new, "stream");
                self.histories.state(&self.source.id, &new);
                Some(StreamUpdate::State(new))
            }
            Update::Event(event) => {
                self.histories.event(&self.source.id, &event);
                Some(StreamUpdate::Event(event))
            }
            Update::Settled => Some(StreamUpdate::Settled),
            // Who replays by such a header speaks UTF-8: there is never both to tell.
            Update::Opened(headers) => goes_on_after(&headers)
                .map(|after| StreamUpdate::Resumed { after })
                .or_else(|| charset(&headers).map(StreamUpdate::Charset)),
            Update::CursorDropped => {
                tracing::warn!(source = self.source.id.0, "the cursor was dropped");
                Some(StreamUpdate::CursorDropped)
            }
            _ => None,
        }
    }

    fn config(&self) -> Config {
        let mut config = if is_ntfy(&self.source) {
            let (url, since) = split_since(&self.source.url);
            let mut config = Config::new(url);
            config.cursor = CursorPlacement::Query(SINCE.to_owned());
            config.last_event_id = since.unwrap_or_default();
            config
        } else {
            let mut config = Config::new(self.source.url.clone());
            config.last_event_id = self.cursor.clone();
            config
        };
        config.allow_plain_credentials = self.source.allow_plain_http;
        config.credentials = Some(self.credentials.clone());
        config.headers = further_headers(&self.source);
        // The controller's channel follows at once: no second one of the same length.
        config.policy.buffer = 16;
        if let Some(client) = &self.client {
            config.transport = Some(Arc::new(client.clone()));
        }
        config.policy.cool_down = match self.source.cool_down {
            CoolDown::Minutes(minutes) => Some(Duration::from_secs(u64::from(minutes) * 60)),
            CoolDown::Never => None,
        };
        if let Some(text) = &self.source.full_text {
            config.policy.full_text = text.clone();
        }
        config
    }
}

/// An event with more data than this, in bytes, …
const LARGE: usize = 4 << 10;
/// … waits until there are no more inputs than this before it: what waits for a slow disk is then
/// bounded in bytes, too.
const FEW: usize = 8;

/// Hands an update to the controller; whether that is still there.
async fn hand(inputs: Inputs, source: SourceId, update: StreamUpdate) -> bool {
    if matches!(&update, StreamUpdate::Event(event) if event.data.len() > LARGE) {
        while inputs.streams().len() > FEW && !inputs.is_over() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    let input = Input::Stream { source, update };
    inputs.streams().send_async(input).await.is_ok()
}

/// After which event the server says that it goes on; it tells whether something was lost.
fn goes_on_after(headers: &HeaderMap) -> Option<String> {
    let header = headers
        .get("mercure-last-event-id")
        .or_else(|| headers.get("last-event-id"))?;
    Some(String::from_utf8_lossy(header.as_bytes()).into_owned())
}

fn charset(headers: &HeaderMap) -> Option<String> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    charset::other_than_utf8(content_type)
}

#[cfg(test)]
mod tests {
    use belldot_core::controller;
    use belldot_stream::Event;

    use super::*;

    /// Sends the same fifty events to whoever asks, and stays silent then.
    async fn fifty_events() -> Url {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        tokio::spawn(async move {
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    let mut head = vec![0; 4096];
                    let _ = socket.read(&mut head).await;
                    let mut answer =
                        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n".to_owned();
                    for at in 1..=50 {
                        answer.push_str(&format!("id: {at}\ndata: {at}\n\n"));
                    }
                    let _ = socket.write_all(answer.as_bytes()).await;
                    std::future::pending::<()>().await;
                });
            }
        });
        Url::parse(&url).unwrap()
    }

    #[tokio::test]
    async fn what_a_stream_gave_reaches_a_busy_controller_whatever_is_ordered_meanwhile() {
        let source = Source::new(SourceId("work".to_owned()), "Work", fifty_events().await);
        let (inputs, lanes) = controller::lanes(1);
        let waiting = lanes.streams().clone();
        let keyring = Arc::new(Keyring::default());
        let http = HttpClients::new(keyring.clone());
        let mut streams = StreamSupervisor::new(
            Handle::current(),
            inputs,
            keyring,
            http,
            StreamHistories::default(),
        );
        streams.start(&source, "");
        let mut ids = Vec::new();
        while ids.len() < 50 {
            for _ in 0..3 {
                // Changes nothing, but has the line do something else than hand on.
                streams.pause(&source.id, false);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let input = tokio::time::timeout(Duration::from_secs(60), waiting.recv_async());
            let input = input.await.expect("no event is missing").unwrap();
            if let Input::Stream {
                update: StreamUpdate::Event(event),
                ..
            } = input
            {
                ids.push(event.id);
            }
        }
        let all: Vec<String> = (1..=50).map(|at| at.to_string()).collect();
        assert_eq!(ids, all);
    }

    #[tokio::test]
    async fn a_large_event_waits_until_few_others_do() {
        let (inputs, lanes) = controller::lanes(256);
        let waiting = lanes.streams();
        let event = |length| {
            StreamUpdate::Event(Event {
                kind: "message".to_owned(),
                data: "x".repeat(length),
                id: String::new(),
                own_id: false,
            })
        };
        let hand = |update| hand(inputs.clone(), SourceId("work".to_owned()), update);
        for _ in 0..=FEW {
            assert_eq!(hand(event(LARGE)).now_or_never(), Some(true));
        }
        assert_eq!(hand(event(LARGE + 1)).now_or_never(), None);
        waiting.recv().unwrap();
        assert!(hand(event(LARGE + 1)).await);
    }
}
