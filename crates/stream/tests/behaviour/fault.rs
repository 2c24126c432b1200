//! A server that misbehaves on demand: each connection is handed to the test's own closure,
//! which says byte for byte, and moment for moment, what goes over the socket.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use belldot_stream::{
    Client, Config, Event, Network, Proxy, ProxyAccess, StreamPolicy, StreamState, Subscription,
    Update,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// The usual head of an event stream, delimited by the end of the connection.
pub const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/// Longer than anything here takes; a test that waits this long has failed.
pub const LIMIT: Duration = Duration::from_secs(20);

pub struct FaultServer {
    pub addr: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Seen {
    pub line: String,
    pub head: Vec<u8>,
    pub at: Instant,
}

/// The server's end of one connection, its request read.
pub struct Peer<S = TcpStream> {
    pub socket: S,
    /// Counts connections from 0.
    pub number: usize,
    pub seen: Seen,
}

impl FaultServer {
    pub async fn start<F, R>(answer: F) -> Self
    where
        F: Fn(Peer) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        Self::start_on("127.0.0.1:0", answer).await
    }

    pub async fn start_on<F, R>(address: &str, answer: F) -> Self
    where
        F: Fn(Peer) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind(address).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = seen.clone();
        let answer = Arc::new(answer);
        let task = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                socket.set_nodelay(true).unwrap();
                let (log, answer) = (log.clone(), answer.clone());
                tokio::spawn(async move {
                    if let Some(peer) = Peer::accept(socket, &log).await {
                        answer(peer).await;
                    }
                });
            }
        });
        Self { addr, seen, task }
    }

    /// Answers each connection with the same bytes, then ends it.
    pub async fn always(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |mut peer| {
            let bytes = bytes.clone();
            async move {
                peer.send(&bytes).await;
                peer.end().await;
            }
        })
        .await
    }

    pub fn url(&self) -> String {
        format!("http://{}/events", self.addr)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Seen {
    /// A header's bytes, as sent.
    pub fn header(&self, name: &str) -> Option<Vec<u8>> {
        self.head
            .split(|&byte| byte == b'\n')
            .skip(1)
            .find_map(|line| {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let colon = line.iter().position(|&byte| byte == b':')?;
                let (found, value) = (&line[..colon], &line[colon + 1..]);
                found
                    .eq_ignore_ascii_case(name.as_bytes())
                    .then(|| value.strip_prefix(b" ").unwrap_or(value).to_vec())
            })
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.header(name)
            .map(|value| String::from_utf8(value).unwrap())
    }

    pub fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    pub async fn accept(mut socket: S, log: &Mutex<Vec<Seen>>) -> Option<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.ok()?);
        }
        let line = String::from_utf8_lossy(head.split(|&byte| byte == b'\r').next()?).into_owned();
        let seen = Seen {
            line,
            head,
            at: Instant::now(),
        };
        let mut log = log.lock().unwrap();
        log.push(seen.clone());
        let number = log.len() - 1;
        drop(log);
        Some(Self {
            socket,
            number,
            seen,
        })
    }

    /// Sends bytes, in one piece as far as the system allows. The client may have gone.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.socket.write_all(bytes.as_ref()).await;
        let _ = self.socket.flush().await;
    }

    /// Sends the head of an event stream and then these bytes.
    pub async fn stream(&mut self, bytes: impl AsRef<[u8]>) {
        self.send(HEAD).await;
        self.send(bytes).await;
    }

    /// Ends the connection in an orderly way.
    pub async fn end(mut self) {
        let _ = self.socket.shutdown().await;
        self.closed().await;
    }

    /// Waits until the client has closed.
    pub async fn closed(&mut self) {
        let mut rest = [0; 1024];
        while self.socket.read(&mut rest).await.is_ok_and(|read| read > 0) {}
    }
}

impl Peer {
    /// Breaks the connection (RST).
    pub fn reset(self) {
        self.socket.set_zero_linger().unwrap();
    }
}

/// One for all tests: reading the system's trust store takes its time.
static CLIENT: LazyLock<Arc<Client>> = LazyLock::new(|| {
    let network = Network {
        proxy: Proxy::Direct,
        ..Network::default()
    };
    Arc::new(Client::new(&network, &ProxyAccess::default(), LIMIT).unwrap())
});

/// A configuration for tests over real sockets: the design's policy, with its times shortened
/// about a hundredfold.
pub fn config(url: &str) -> Config {
    let millis = Duration::from_millis;
    let mut config = Config::new(url.parse().unwrap());
    config.transport = Some(CLIENT.clone());
    config.policy = StreamPolicy {
        base: millis(50),
        ceiling: millis(200),
        gap: millis(10),
        slow: millis(100)..=millis(200),
        foreign: millis(30)..=millis(60),
        wake: millis(30),
        ..StreamPolicy::default()
    };
    config
}

pub fn subscribe(url: &str) -> Subscription {
    Subscription::start(config(url))
}

pub async fn next(subscription: &mut Subscription) -> Update {
    tokio::time::timeout(LIMIT, subscription.next())
        .await
        .expect("an update in time")
        .expect("a subscription that is not closed")
}

pub async fn next_event(subscription: &mut Subscription) -> Event {
    loop {
        if let Update::Event(event) = next(subscription).await {
            return event;
        }
    }
}

pub async fn next_state(subscription: &mut Subscription) -> StreamState {
    loop {
        if let Update::State(state) = next(subscription).await {
            return state;
        }
    }
}

/// The next state that is not `Connecting`.
pub async fn next_rest(subscription: &mut Subscription) -> StreamState {
    loop {
        match next_state(subscription).await {
            StreamState::Connecting { .. } => {}
            state => return state,
        }
    }
}

/// An event that brought its id.
pub fn event(kind: &str, data: &str, id: &str) -> Event {
    Event {
        kind: kind.to_owned(),
        data: data.to_owned(),
        id: id.to_owned(),
        own_id: true,
    }
}

/// An event that bears the id of one before, if there was one.
pub fn inheriting(kind: &str, data: &str, id: &str) -> Event {
    Event {
        own_id: false,
        ..event(kind, data, id)
    }
}
