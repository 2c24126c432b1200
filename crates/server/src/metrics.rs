//! `GET /metrics`: figures for Prometheus, in the OpenMetrics text format.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::auth::{Caller, Scope};
use crate::problem::ApiError;
use crate::state::ServerState;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the server counts while it runs.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    streams: Gauge,
    users: Gauge,
    body_bytes: Gauge,
    newest: Gauge<u64, AtomicU64>,
    ready: Gauge,
    open_files: Gauge,
    resident: Gauge,
    /// Streams that were opened.
    pub(crate) streams_opened: Counter,
    /// Streams that were refused, as a limit was reached.
    pub(crate) streams_refused: Counter,
    /// Streams whose client read too slowly, so that it is served from the log.
    pub(crate) slow_readers: Counter,
    /// Events that were handed to streams, the marks at the end of a replay among them.
    pub(crate) events_sent: Counter,
    /// Unknown tokens.
    pub(crate) failed_tokens: Counter,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    method: String,
    route: String,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::default(),
            streams: Gauge::default(),
            users: Gauge::default(),
            body_bytes: Gauge::default(),
            newest: Gauge::default(),
            ready: Gauge::default(),
            open_files: Gauge::default(),
            resident: Gauge::default(),
            streams_opened: Counter::default(),
            streams_refused: Counter::default(),
            slow_readers: Counter::default(),
            events_sent: Counter::default(),
            failed_tokens: Counter::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| {
                Histogram::new(exponential_buckets(0.001, 2.5, 10))
            }),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let r = self.registry.sub_registry_with_prefix("belldot");
        r.register("streams", "Open streams", self.streams.clone());
        r.register("users", "Users with an open stream", self.users.clone());
        r.register(
            "streams_opened",
            "Streams that were opened",
            self.streams_opened.clone(),
        );
        r.register(
            "streams_refused",
            "Streams that were refused, as a limit was reached",
            self.streams_refused.clone(),
        );
        r.register(
            "slow_readers",
            "Times that a stream's client read too slowly and was served from the log",
            self.slow_readers.clone(),
        );
        r.register(
            "events_sent",
            "Events that were handed to streams, the marks at the end of a replay among them",
            self.events_sent.clone(),
        );
        r.register(
            "failed_tokens",
            "Requests with a token that is not known",
            self.failed_tokens.clone(),
        );
        r.register_with_unit(
            "body",
            "Request bodies that are held now",
            Unit::Bytes,
            self.body_bytes.clone(),
        );
        r.register("newest_event", "The newest event's id", self.newest.clone());
        r.register(
            "ready",
            "Whether the to-dos can be read and written",
            self.ready.clone(),
        );
        r.register("requests", "Requests answered", self.requests.clone());
        r.register_with_unit(
            "request_duration",
            "Time until a request's answer began",
            Unit::Seconds,
            self.durations.clone(),
        );
        let r = self.registry.sub_registry_with_prefix("process");
        r.register("open_fds", "Open file descriptors", self.open_files.clone());
        r.register_with_unit(
            "resident_memory",
            "Resident memory",
            Unit::Bytes,
            self.resident.clone(),
        );
    }

    fn text(&self, state: &ServerState, ready: bool) -> Result<String, std::fmt::Error> {
        self.streams.set(signed(state.connections.all()));
        self.users.set(signed(state.connections.users()));
        self.body_bytes.set(signed(state.bodies.held()));
        self.newest.set(state.log.newest());
        self.ready.set(i64::from(ready));
        let (files, resident) = process();
        self.open_files.set(signed(files));
        self.resident.set(signed(resident));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Open files, and resident memory in bytes; 0 where the system does not say.
fn process() -> (usize, usize) {
    let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| {
        line.strip_prefix("VmRSS:")?
            .split_whitespace()
            .next()?
            .parse()
            .ok()
    });
    (files, resident.unwrap_or(0) * 1024)
}

/// `GET /metrics`, for administrators.
pub(crate) async fn metrics(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
) -> Result<Response, ApiError> {
    caller.require(Scope::Admin)?;
    let ready = state.readiness.look(&state).await.is_ok();
    let text = state.metrics.text(&state, ready);
    match text {
        Ok(text) => Ok(([(CONTENT_TYPE, OPENMETRICS)], text).into_response()),
        Err(error) => Err(ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("The figures cannot be written: {error}."),
        )),
    }
}

/// Counts each request by its route, never by its path, which anybody can make up.
pub(crate) async fn count(
    State(state): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS") => known,
        _ => "other",
    };
    let route = RouteLabels {
        method: method.to_owned(),
        route,
    };
    let response = next.run(request).await;
    let labels = RequestLabels {
        method: route.method.clone(),
        route: route.route.clone(),
        status: response.status().as_u16(),
    };
    state.metrics.requests.get_or_create(&labels).inc();
    let duration = started.elapsed().as_secs_f64();
    state
        .metrics
        .durations
        .get_or_create(&route)
        .observe(duration);
    response
}
