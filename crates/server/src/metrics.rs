//! Figures for Prometheus.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

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

/// What is so at the moment, and is looked at when it is asked for.
#[derive(Debug)]
pub(crate) struct PresentFigures {
    pub(crate) streams: usize,
    pub(crate) users: usize,
    pub(crate) body_bytes: usize,
    pub(crate) newest: u64,
    pub(crate) ready: bool,
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

    /// Writes all figures in the OpenMetrics text format.
    pub(crate) fn text(&self, now: &PresentFigures) -> Result<String, std::fmt::Error> {
        self.streams.set(signed(now.streams));
        self.users.set(signed(now.users));
        self.body_bytes.set(signed(now.body_bytes));
        self.newest.set(now.newest);
        self.ready.set(i64::from(now.ready));
        let (files, resident) = process();
        self.open_files.set(signed(files));
        self.resident.set(signed(resident));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// Counts a request that was answered.
    pub(crate) fn count_request(&self, method: &str, route: &str, status: u16, taken: Duration) {
        let labels = RouteLabels {
            method: method.to_owned(),
            route: route.to_owned(),
        };
        self.durations
            .get_or_create(&labels)
            .observe(taken.as_secs_f64());
        let labels = RequestLabels {
            method: labels.method,
            route: labels.route,
            status,
        };
        self.requests.get_or_create(&labels).inc();
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
