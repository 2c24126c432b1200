//! `GET /api/v1/events`: the event stream of one client.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use belldot_wire::TOO_MANY_CONNECTIONS;
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt};
use serde::Deserialize;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::auth::Caller;
use crate::limits::Connection;
use crate::log::{Audience, LogError, LogEvent, LogSubscription};
use crate::problem::ApiError;
use crate::query::StrictQuery;
use crate::retry::RetryRange;
use crate::state::{ClientAddress, Phase, ServerState, reached};
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
    address: ClientAddress,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let token = query.access_token.as_deref();
    let by_cookie = || state.auth.by_cookie(&headers);
    let named = token.is_some() || headers.contains_key(AUTHORIZATION);
    let caller = match (!named).then(by_cookie).flatten() {
        Some(caller) => caller,
        None => state.authenticate(&headers, token, address)?,
    };
    let audience = audience(&caller, query.sender.as_deref())?;
    let Some(connection) = state.connections.admit(&caller.user, address.0) else {
        state.metrics.streams_refused.inc();
        if prefers_status(&headers) {
            let wait = RetryRange::new(&state).random();
            let error = ApiError::new(StatusCode::TOO_MANY_REQUESTS, TOO_MANY_CONNECTIONS);
            return Err(error.retry_after(wait));
        }
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
    state.metrics.streams_opened.inc();
    let retry = RetryRange::new(&state);
    let opening = stream::iter([retry.draw().freeze()]);
    let stream = EventStream::open(state, connection, caller, audience, seq, retry);
    let blocks = stream::unfold(stream, async |mut stream| {
        Some((stream.next().await?, stream))
    });
    Ok(event_stream(Body::from_stream(
        opening.chain(blocks).map(Ok::<_, Infallible>),
    )))
}

/// Whether the client asks for a status code where others are told by an event: `Prefer: status=429`
/// (RFC 7240).
fn prefers_status(headers: &HeaderMap) -> bool {
    let lines = headers.get_all("prefer").iter();
    lines
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .any(|preference| preference.trim().eq_ignore_ascii_case("status=429"))
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
        caller: Caller,
        audience: Audience,
        seq: Option<u64>,
        retry: RetryRange,
    ) -> Self {
        let end = Box::pin(end(Arc::clone(&state), caller));
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
                        self.count(events.len());
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
                        self.count(1);
                        return Some(event.bytes);
                    }
                    // Already sent by the replay.
                    Some(_) => {}
                    None => {
                        self.state.metrics.slow_readers.inc();
                        self.live = self.state.log.subscribe(&self.audience);
                        self.replay = Some(self.state.log.since(&self.audience, self.sent));
                    }
                }
            }
        }
    }

    fn count(&self, events: usize) {
        self.state.metrics.events_sent.inc_by(events as u64);
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

/// Waits until a stream is to end: its caller may not read any more, it is old, or the server stops.
async fn end(state: Arc<ServerState>, caller: Caller) {
    let drained = async {
        reached(state.phase.clone(), Phase::Draining).await;
        tokio::time::sleep(state.config.drain.mul_f64(rand::random())).await;
    };
    let aged = async {
        match state.config.max_age {
            // Spread, so that those who came together do not leave together.
            Some(age) => tokio::time::sleep(age.mul_f64(rand::random_range(0.8..=1.0))).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = drained => {}
        () = aged => {}
        () = state.auth.dismissed(&caller) => {}
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
