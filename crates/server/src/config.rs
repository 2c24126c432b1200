//! Configuration of a server.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use crate::log::NatsConfig;

/// Configuration of a server. Usually `ServerConfig { data, ..ServerConfig::default() }`.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Address to listen on; port 0 chooses a free port.
    pub listen: SocketAddr,
    /// Folder of the database and of `users.toml`; created if it does not exist.
    pub data: PathBuf,
    /// Limits of load.
    pub limits: ServerLimits,
    /// Interval of a stream's heartbeats; the first comes after a random part of it.
    pub heartbeat: Duration,
    /// Range from which each stream's random `retry:` is drawn.
    ///
    /// The end of the range grows with the number of streams, so that if all of them reconnect,
    /// they stay below [`ServerLimits::reconnects_per_second`].
    pub retry: RangeInclusive<Duration>,
    /// Pauses before a webhook is sent again: the first, and the longest.
    pub webhook_retry: RangeInclusive<Duration>,
    /// How long to-dos that are done, cancelled or deleted are kept after their last change.
    /// `None`: for good. A client that was away for longer does not hear that they are closed.
    pub retention: Option<Duration>,
    /// Time over which the streams are ended when the server stops.
    pub drain: Duration,
    /// Folder of the page that `/` serves, in place of the one in the program.
    pub ui: Option<PathBuf>,
    /// Allows the open mode (no `users.toml`, no authentication) on non-loopback addresses.
    pub trust_network: bool,
    /// New sequence numbers, which are the events' ids, are above this and above the last one.
    /// `None`: above the Unix time in milliseconds, so that they exceed all ids that clients have
    /// received from a database that was lost or replaced by a backup.
    pub ids_above: Option<u64>,
    /// Keeps the to-dos in a NATS cluster; `data` then has this server's copy.
    pub nats: Option<NatsConfig>,
}

/// Limits of load.
#[derive(Clone, Debug)]
pub struct ServerLimits {
    /// Open streams in total; `None` is no limit.
    pub max_connections: Option<usize>,
    /// Open streams of one user; `None` is no limit.
    pub max_connections_per_user: Option<usize>,
    /// Size of a request's body, in bytes.
    pub body: usize,
    /// How long writes to a client may make no progress before its connection is closed.
    pub stall: Duration,
    /// Expected reconnects per second after all streams were lost; see [`ServerConfig::retry`].
    pub reconnects_per_second: u32,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: PathBuf::from("belldot-data"),
            limits: ServerLimits::default(),
            heartbeat: Duration::from_secs(15),
            retry: Duration::from_secs(2)..=Duration::from_secs(6),
            webhook_retry: Duration::from_secs(1)..=Duration::from_secs(300),
            retention: None,
            drain: Duration::from_secs(1),
            ids_above: None,
            nats: None,
            ui: None,
            trust_network: false,
        }
    }
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            max_connections: None,
            max_connections_per_user: None,
            // An event contains a whole to-do, and Belldot skips events over 1 MiB.
            body: (1 << 20) - (4 << 10),
            stall: Duration::from_secs(20),
            reconnects_per_second: 1_000,
        }
    }
}
