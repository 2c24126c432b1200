//! What a server is told before it starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

/// How a server is to be. `Config { data, ..Config::default() }` is a good start.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The folder of the database and of `users.toml`; made if it is not there.
    pub data: PathBuf,
    /// How much is too much.
    pub limits: Limits,
    /// The time between two heartbeats of a stream; the first comes at a random part of it.
    pub heartbeat: Duration,
    /// From which span each stream gets its own random `retry:`.
    ///
    /// The span's end grows with the number of streams, so that all of them coming back at once
    /// stay below [`Limits::reconnects_per_second`].
    pub retry: RangeInclusive<Duration>,
    /// Over how much time the streams are ended when the server stops.
    pub drain: Duration,
    /// The folder of the page that `/` serves.
    pub ui: Option<PathBuf>,
    /// Without `users.toml` anybody is whoever they say. Allow that beyond this machine too.
    pub trust_network: bool,
    /// Sequence numbers, which are the events' ids, go on above this and above the last one.
    /// `None`: above the time in milliseconds since 1970, so that they pass what clients heard
    /// from a log that was lost, or that a backup replaced.
    pub ids_above: Option<u64>,
}

/// How much a server takes on.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Streams in all; `None` is no limit.
    pub max_connections: Option<usize>,
    /// Streams of one user; `None` is no limit.
    pub max_connections_per_user: Option<usize>,
    /// The largest body of a request, in bytes.
    pub body: usize,
    /// For how long a client may take nothing of what waits for it before its connection is cut.
    pub stall: Duration,
    /// How many streams may come back in a second after all were lost.
    pub reconnects_per_second: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: PathBuf::from("belldot-data"),
            limits: Limits::default(),
            heartbeat: Duration::from_secs(15),
            retry: Duration::from_secs(2)..=Duration::from_secs(6),
            drain: Duration::from_secs(1),
            ids_above: None,
            ui: None,
            trust_network: false,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: None,
            max_connections_per_user: None,
            // An event carries a to-do whole, and Belldot skips events over 1 MiB.
            body: (1 << 20) - (4 << 10),
            stall: Duration::from_secs(20),
            reconnects_per_second: 1_000,
        }
    }
}
