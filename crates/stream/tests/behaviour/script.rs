//! A transport that plays a script, for tests in paused time: no socket, no waiting, and every
//! timer exact.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs
)]

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use belldot_stream::{
    Body, Cause, Clock, Config, Event, Request, Response, Step, StreamState, Subscription,
    Transport, Update,
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, Stream, StreamExt};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::{Instant, sleep};

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Takes the request and never answers.
    Hang,
    /// Cannot even be connected to, and waits for this.
    HangAt(Step),
    /// Takes the request, and answers after this time.
    After(Duration, Box<Answer>),
    /// Cannot be reached.
    Fail(Cause),
    /// Answers.
    Reply {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<Piece>,
    },
}

/// What a body does next. After the last piece it ends.
#[derive(Clone, Debug)]
pub enum Piece {
    Bytes(Vec<u8>),
    Wait(Duration),
    Break(Cause),
    /// Stays open and silent for good.
    Hold,
}

/// The world of one subscription: its server, and its wall clock.
#[derive(Debug)]
pub struct World {
    answers: Mutex<VecDeque<Answer>>,
    seen: Mutex<Vec<Seen>>,
    open: Arc<AtomicUsize>,
    start: Instant,
    jumped: AtomicI64,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Seen {
    pub at: Instant,
    pub url: String,
    pub headers: HeaderMap,
    pub trusted: bool,
}

/// A stream of these pieces.
pub fn stream(body: impl IntoIterator<Item = Piece>) -> Answer {
    reply(200, [("content-type", "text/event-stream")], body)
}

/// A stream that says nothing and stays open.
pub fn quiet() -> Answer {
    stream([Piece::Hold])
}

/// A stream that ends after this time.
pub fn lasting(time: Duration) -> Answer {
    stream([Piece::Wait(time)])
}

pub fn status(status: u16) -> Answer {
    reply(status, [], [])
}

pub fn reply<const N: usize>(
    status: u16,
    headers: [(&'static str, &str); N],
    body: impl IntoIterator<Item = Piece>,
) -> Answer {
    let headers = headers
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .collect();
    Answer::Reply {
        status,
        headers,
        body: body.into_iter().collect(),
    }
}

pub fn bytes(bytes: impl AsRef<[u8]>) -> Piece {
    Piece::Bytes(bytes.as_ref().to_vec())
}

pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_secs(60);

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

impl World {
    /// A server that gives these answers, and the last one again and again.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.into_iter().collect()),
            seen: Mutex::new(Vec::new()),
            open: Arc::new(AtomicUsize::new(0)),
            start: Instant::now(),
            jumped: AtomicI64::new(0),
        })
    }

    pub fn config(self: &Arc<Self>) -> Config {
        let mut config = Config::new("http://localhost/events".parse().unwrap());
        config.transport = Some(Arc::new(Line(self.clone())));
        config.clock = Arc::new(Wall(self.clone()));
        config.seed = Some(1);
        config
    }

    pub fn subscribe(self: &Arc<Self>) -> Subscription {
        Subscription::start(self.config())
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn attempts(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// How many sockets are open.
    pub fn sockets(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// The machine sleeps: the wall clock goes on, the timers do not.
    pub fn sleep(&self, time: Duration) {
        self.jumped
            .fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Somebody sets the clock back.
    pub fn set_back(&self, time: Duration) {
        self.jumped
            .fetch_sub(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// The wall-clock time.
    pub fn now(&self) -> SystemTime {
        let base = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let jumped = self.jumped.load(Ordering::SeqCst);
        let base = base + self.start.elapsed();
        let by = Duration::from_millis(jumped.unsigned_abs());
        if jumped < 0 { base - by } else { base + by }
    }

    /// The times between the starts of the attempts.
    pub fn gaps(&self) -> Vec<Duration> {
        self.seen()
            .windows(2)
            .map(|pair| pair[1].at - pair[0].at)
            .collect()
    }
}

#[derive(Debug)]
struct Wall(Arc<World>);

impl Clock for Wall {
    fn now(&self) -> SystemTime {
        self.0.now()
    }
}

#[derive(Debug)]
struct Line(Arc<World>);

impl Transport for Line {
    fn get(&self, request: Request) -> BoxFuture<'static, Result<Response, Cause>> {
        let Request {
            url,
            headers,
            trusted,
            progress,
        } = request;
        let at = Instant::now();
        self.0.seen.lock().unwrap().push(Seen {
            at,
            url: url.to_string(),
            headers,
            trusted,
        });
        let mut answers = self.0.answers.lock().unwrap();
        let answer = match answers.len() {
            1 => answers[0].clone(),
            _ => answers.pop_front().expect("an answer in the script"),
        };
        let open = self.0.open.clone();
        async move {
            let socket = Socket::new(open);
            match &answer {
                Answer::HangAt(step) => progress.reached(*step),
                Answer::Fail(_) => {}
                _ => progress.reached(Step::Head),
            }
            let answer = match answer {
                Answer::After(time, answer) => {
                    sleep(time).await;
                    *answer
                }
                answer => answer,
            };
            match answer {
                Answer::Hang | Answer::HangAt(_) | Answer::After(..) => {
                    std::future::pending().await
                }
                Answer::Fail(cause) => Err(cause),
                Answer::Reply {
                    status,
                    headers,
                    body,
                } => Ok(Response {
                    status: StatusCode::from_u16(status).unwrap(),
                    headers: headers
                        .into_iter()
                        .map(|(name, value)| {
                            (
                                HeaderName::from_static(name),
                                HeaderValue::from_str(&value).unwrap(),
                            )
                        })
                        .collect(),
                    body: play(body, socket),
                }),
            }
        }
        .boxed()
    }
}

fn play(pieces: Vec<Piece>, socket: Socket) -> Body {
    let played = futures_util::stream::unfold(pieces.into_iter(), |mut pieces| async move {
        loop {
            match pieces.next()? {
                Piece::Bytes(bytes) => return Some((Ok(Bytes::from(bytes)), pieces)),
                Piece::Wait(time) => sleep(time).await,
                Piece::Break(cause) => return Some((Err(cause), pieces)),
                Piece::Hold => std::future::pending().await,
            }
        }
    });
    Held {
        body: Box::pin(played),
        _socket: socket,
    }
    .boxed()
}

struct Held<S> {
    body: Pin<Box<S>>,
    _socket: Socket,
}

impl<S: Stream> Stream for Held<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.body.as_mut().poll_next(context)
    }
}

struct Socket(Arc<AtomicUsize>);

impl Socket {
    fn new(open: Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::SeqCst);
        Self(open)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The next update, ends of opening bursts aside.
pub async fn next(stream: &mut Subscription) -> Update {
    loop {
        match next_of_all(stream).await {
            Update::Settled => {}
            update => return update,
        }
    }
}

/// The next update; paused time passes quickly, and a test that waits for days has failed.
pub async fn next_of_all(stream: &mut Subscription) -> Update {
    let update = tokio::time::timeout(3 * 24 * 60 * MINUTE, stream.next()).await;
    update
        .expect("an update within three days")
        .expect("a subscription that is not closed")
}

/// So many updates in between, and the awaited one will not come.
const PATIENCE: usize = 10_000;

pub async fn next_event(stream: &mut Subscription) -> Event {
    for _ in 0..PATIENCE {
        if let Update::Event(event) = next(stream).await {
            return event;
        }
    }
    panic!("no event");
}

/// The next update says that an attempt begins.
pub async fn connecting(stream: &mut Subscription) {
    let update = next(stream).await;
    let expected = StreamState::Connecting {
        step: Step::Connection,
    };
    assert_eq!(update, Update::State(expected));
}

/// The next state other than `Connecting`.
pub async fn next_state(stream: &mut Subscription) -> StreamState {
    for _ in 0..PATIENCE {
        match next(stream).await {
            Update::State(StreamState::Connecting { .. }) => {}
            Update::State(state) => return state,
            _ => {}
        }
    }
    panic!("no state");
}

pub async fn open(stream: &mut Subscription) {
    let state = next_state(stream).await;
    assert!(matches!(state, StreamState::Open { .. }), "{state:?}");
}

/// The next state must be `Waiting`: for how long, after how many failures, and why.
pub async fn waiting(world: &World, stream: &mut Subscription) -> (Duration, u32, Cause) {
    match next_state(stream).await {
        StreamState::Waiting {
            until,
            attempt,
            cause,
        } => (
            SystemTime::from(until)
                .duration_since(world.now())
                .unwrap_or_default(),
            attempt,
            cause,
        ),
        state => panic!("not waiting, but {state:?}"),
    }
}

/// What happens within this time, at most one thing.
pub async fn within(time: Duration, stream: &mut Subscription) -> Option<Update> {
    tokio::time::timeout(time, next(stream)).await.ok()
}
