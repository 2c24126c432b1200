//! Configuration of a server.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::HeaderValue;
use ipnet::IpNet;

use crate::auth::JwtConfig;
use crate::limits::Rate;
use crate::log::NatsConfig;
use crate::tls::TlsConfig;

/// Configuration of a server. Usually `ServerConfig { data, ..ServerConfig::default() }`.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Address to listen on; port 0 chooses a free port.
    pub listen: SocketAddr,
    /// A Unix socket to listen on, too, for a proxy on this machine, whose `X-Forwarded-For` is
    /// believed.
    pub unix_socket: Option<PathBuf>,
    /// The certificate for TLS and HTTP/2 on [`listen`](Self::listen); `None`: HTTP/1.1 without TLS.
    pub tls: Option<TlsConfig>,
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
    /// The longest that a stream is kept; each ends after a random part, from four fifths on.
    /// `None`: streams are not ended for their age.
    pub max_age: Option<Duration>,
    /// How to check the tokens of an identity provider, if there is one.
    pub jwt: Option<JwtConfig>,
    /// Networks of proxies, whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins of other pages that may speak with this server from a browser (CORS).
    pub cors_origins: Vec<HeaderValue>,
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
    /// Open streams of one address, or of one /64 of IPv6; `None` is no limit.
    pub max_connections_per_address: Option<usize>,
    /// To-dos that one caller may create; `None` is no limit.
    pub publishing: Option<Rate>,
    /// Unknown tokens that are looked up for one address.
    pub failed_tokens: Rate,
    /// Size of a request's body, in bytes.
    pub body: usize,
    /// How long the sending of a body may take, with one second more for each
    /// [`body_rate`](Self::body_rate) bytes that have come.
    pub body_time: Duration,
    /// Bytes of a body that earn its sender one second more.
    pub body_rate: usize,
    /// Bytes of all bodies that are held at one time; a request over it is refused.
    pub bodies: usize,
    /// How long writes to a client may make no progress before its connection is closed.
    pub stall: Duration,
    /// Expected reconnects per second after all streams were lost; see [`ServerConfig::retry`].
    pub reconnects_per_second: u32,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            unix_socket: None,
            tls: None,
            data: PathBuf::from("belldot-data"),
            limits: ServerLimits::default(),
            heartbeat: Duration::from_secs(15),
            retry: Duration::from_secs(2)..=Duration::from_secs(6),
            webhook_retry: Duration::from_secs(1)..=Duration::from_secs(300),
            retention: None,
            drain: Duration::from_secs(1),
            max_age: None,
            jwt: None,
            trusted_proxies: Vec::new(),
            ids_above: None,
            nats: None,
            cors_origins: Vec::new(),
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
            max_connections_per_address: None,
            publishing: None,
            failed_tokens: Rate {
                per_second: 5.0,
                burst: 100,
            },
            // An event contains a whole to-do, and Belldot skips events over 1 MiB.
            body: (1 << 20) - (4 << 10),
            body_time: Duration::from_secs(30),
            body_rate: 8 << 10,
            bodies: 64 << 20,
            stall: Duration::from_secs(20),
            reconnects_per_second: 1_000,
        }
    }
}
