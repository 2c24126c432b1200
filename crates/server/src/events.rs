//! `GET /api/v1/events`: the event stream of one client.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use belldot_wire::TOO_MANY_CONNECTIONS;
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt};
use serde::Deserialize;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::connections::Connection;
use crate::log::{Audience, LogError, LogEvent, LogSubscription};
use crate::problem::ApiError;
use crate::query::StrictQuery;
use crate::retry::RetryRange;
use crate::state::{Phase, ServerState, reached};
use crate::todos::audience;

const HEARTBEAT: &[u8] = b": heartbeat\n\n";

/// Query parameters; two of them are for a browser's `EventSource`, which cannot set headers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventsQuery {
    /// `me`: the changes of what the caller sent, instead of what waits for the caller.
    sender: Option<String>,
    last_event_id: Option<String>,
    access_token: Option<String>,
}

pub(crate) async fn events(
    State(state): State<Arc<ServerState>>,
    StrictQuery(query): StrictQuery<EventsQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let caller = state
        .users
        .authenticate(&headers, query.access_token.as_deref())?;
    let Some(connection) = state.connections.admit(&caller.user) else {
        return Ok(too_many(&state));
    };
    let seq = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.trim().parse().ok())
        .or_else(|| query.last_event_id?.trim().parse().ok());
    // An id that the log never gave is from another one: replay from the start.
    let seq = match seq {
        Some(seq) if state.log.reaches(seq).await => Some(seq),
        _ => None,
    };
    let retry = RetryRange::new(&state);
    let opening = stream::iter([retry.draw().freeze()]);
    let audience = audience(caller, query.sender.as_deref())?;
    let stream = EventStream::open(state, connection, audience, seq, retry);
    let blocks = stream::unfold(stream, async |mut stream| {
        Some((stream.next().await?, stream))
    });
    Ok(event_stream(Body::from_stream(
        opening.chain(blocks).map(Ok::<_, Infallible>),
    )))
}

/// The response over a limit. The reason is an event, as a browser's `EventSource` does not expose
/// status codes or bodies.
fn too_many(state: &ServerState) -> Response {
    let mut blocks = RetryRange::new(state).draw();
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

/// One client's stream: a replay of the log from the client's position, then live events; if those
/// come faster than the client reads them, a replay again.
struct EventStream {
    state: Arc<ServerState>,
    audience: Audience,
    /// The newest sequence number sent.
    sent: Option<u64>,
    live: LogSubscription,
    replay: Option<BoxStream<'static, Result<Vec<LogEvent>, LogError>>>,
    heartbeat: Interval,
    retry: RetryRange,
    end: Pin<Box<dyn Future<Output = ()> + Send>>,
    _connection: Connection,
}

impl EventStream {
    fn open(
        state: Arc<ServerState>,
        connection: Connection,
        audience: Audience,
        seq: Option<u64>,
        retry: RetryRange,
    ) -> Self {
        let (phase, drain) = (state.phase.clone(), state.config.drain);
        let end = Box::pin(async move {
            reached(phase, Phase::Draining).await;
            tokio::time::sleep(drain.mul_f64(rand::random())).await;
        });
        // Subscribed before the replay is read, so that no event in between is missed.
        let live = state.log.subscribe(&audience);
        let replay = Some(state.log.since(&audience, seq));
        let heartbeat = heartbeat(state.config.heartbeat);
        Self {
            state,
            audience,
            sent: seq,
            live,
            replay,
            heartbeat,
            retry,
            end,
            _connection: connection,
        }
    }

    /// Returns the next bytes to send; `None` ends the stream.
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
                        tracing::error!("ending a stream, whose client will reconnect: {error}");
                        return None;
                    }
                    None => self.replay = None,
                }
            } else {
                let event = tokio::select! {
                    biased;
                    () = &mut self.end => return None,
                    event = self.live.next() => event,
                    _ = self.heartbeat.tick() => return Some(self.encode_heartbeat()),
                };
                match event {
                    Some(event) if self.sent.is_none_or(|sent| event.seq > sent) => {
                        self.sent = Some(event.seq);
                        return Some(event.bytes);
                    }
                    // Already sent by the replay.
                    Some(_) => {}
                    None => {
                        self.live = self.state.log.subscribe(&self.audience);
                        self.replay = Some(self.state.log.since(&self.audience, self.sent));
                    }
                }
            }
        }
    }

    fn encode_heartbeat(&mut self) -> Bytes {
        match self.retry.redraw(&self.state) {
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

fn joined(events: &[LogEvent]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(events.iter().map(|event| event.bytes.len()).sum());
    for event in events {
        bytes.extend_from_slice(&event.bytes);
    }
    bytes.freeze()
}
