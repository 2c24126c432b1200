//! `GET /api/v1/events`: the stream of one client.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use belldot_wire::TOO_MANY_CONNECTIONS;
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt};
use serde::Deserialize;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::app::{App, Phase, Shared, reached};
use crate::connections::Connection;
use crate::log::{Event, LogError, Subscription};
use crate::problem::Refusal;
use crate::retry::Retry;

const HEARTBEAT: &[u8] = b": heartbeat\n\n";

/// What a browser's `EventSource`, which cannot set headers, says in the address instead.
#[derive(Deserialize)]
pub(crate) struct Asked {
    last_event_id: Option<String>,
    access_token: Option<String>,
}

pub(crate) async fn events(
    State(app): State<Shared>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Query(asked) =
        asked.map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let caller = app
        .users
        .identify(&headers, asked.access_token.as_deref())?;
    let Some(connection) = app.connections.admit(&caller.user) else {
        return Ok(too_many(&app));
    };
    // A client that is ahead of the log knew another log: this one was started afresh.
    let seq = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.trim().parse().ok())
        .or_else(|| asked.last_event_id?.trim().parse().ok())
        .filter(|seq| *seq <= app.log.newest());
    let retry = Retry::new(&app);
    let opening = stream::iter([retry.draw().freeze()]);
    let stream = EventStream::open(app, connection, caller.user, seq, retry);
    let blocks = stream::unfold(stream, async |mut stream| {
        Some((stream.next().await?, stream))
    });
    Ok(event_stream(Body::from_stream(
        opening.chain(blocks).map(Ok::<_, Infallible>),
    )))
}

/// Over a limit: said in the stream itself, as a browser's `EventSource` shows nothing else.
fn too_many(app: &App) -> Response {
    let mut blocks = Retry::new(app).draw();
    blocks.extend_from_slice(format!("data: {TOO_MANY_CONNECTIONS}\n\n").as_bytes());
    let mut response = event_stream(Body::from(blocks.freeze()));
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn event_stream(body: Body) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, body).into_response()
}

/// One client's stream: the log from where the client is, then what is put, then, if that came
/// quicker than the client took it, the log again.
struct EventStream {
    app: Shared,
    user: String,
    /// The newest sequence number that was sent.
    sent: Option<u64>,
    live: Subscription,
    replay: Option<BoxStream<'static, Result<Vec<Event>, LogError>>>,
    heartbeat: Interval,
    retry: Retry,
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
    _connection: Connection,
}

impl EventStream {
    fn open(
        app: Shared,
        connection: Connection,
        user: String,
        seq: Option<u64>,
        retry: Retry,
    ) -> Self {
        let (phase, drain) = (app.phase.clone(), app.config.drain);
        let end = Box::pin(async move {
            reached(phase, Phase::Draining).await;
            tokio::time::sleep(drain.mul_f64(rand::random())).await;
        });
        // Subscribed first: what is put during the replay is not missed.
        let live = app.log.subscribe(&user);
        let replay = Some(app.log.since(&user, seq));
        let heartbeat = heartbeat(app.config.heartbeat);
        Self {
            app,
            user,
            sent: seq,
            live,
            replay,
            heartbeat,
            retry,
            end,
            _connection: connection,
        }
    }

    /// The next bytes to send; `None` ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(replay) = &mut self.replay {
                let page = tokio::select! {
                    biased;
                    () = &mut self.end => return None,
                    page = replay.next() => page,
                };
                match page {
                    Some(Ok(events)) => {
                        self.sent = events.last().map(|event| event.seq).or(self.sent);
                        return Some(joined(&events));
                    }
                    Some(Err(error)) => {
                        tracing::error!("a stream ends, its client will come back: {error}");
                        return None;
                    }
                    None => self.replay = None,
                }
            } else {
                let event = tokio::select! {
                    biased;
                    () = &mut self.end => return None,
                    event = self.live.next() => event,
                    _ = self.heartbeat.tick() => return Some(self.beat()),
                };
                match event {
                    Some(event) if self.sent.is_none_or(|sent| event.seq > sent) => {
                        self.sent = Some(event.seq);
                        return Some(event.bytes);
                    }
                    // The replay had it already.
                    Some(_) => {}
                    None => {
                        self.live = self.app.log.subscribe(&self.user);
                        self.replay = Some(self.app.log.since(&self.user, self.sent));
                    }
                }
            }
        }
    }

    fn beat(&mut self) -> Bytes {
        match self.retry.anew(&self.app) {
            Some(mut blocks) => {
                blocks.extend_from_slice(HEARTBEAT);
                blocks.freeze()
            }
            None => Bytes::from_static(HEARTBEAT),
        }
    }
}

fn heartbeat(period: Duration) -> Interval {
    let period = period.max(Duration::from_millis(1));
    let mut heartbeat = interval_at(Instant::now() + period.mul_f64(rand::random()), period);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat
}

fn joined(events: &[Event]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(events.iter().map(|event| event.bytes.len()).sum());
    for event in events {
        bytes.extend_from_slice(&event.bytes);
    }
    bytes.freeze()
}
