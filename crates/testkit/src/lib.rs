//! What several tests and benches share. Functions panic when something fails, which fails the
//! test that called them.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "only tests and benches call it"
)]

#[cfg(all(feature = "desktop", target_os = "linux"))]
mod belldot;
#[cfg(all(feature = "desktop", target_os = "linux"))]
mod belldot_server;
mod figures;
#[cfg(feature = "http")]
mod http_client;
#[cfg(all(feature = "desktop", target_os = "linux"))]
mod inbox_file;
mod limit;
#[cfg(feature = "nats")]
mod nats;
#[cfg(feature = "nchan")]
mod nchan;
mod program;
mod sample_todos;
mod skip;
#[cfg(all(feature = "desktop", target_os = "linux"))]
pub mod third_party;

#[cfg(all(feature = "desktop", target_os = "linux"))]
pub use belldot::{Belldot, Home, SessionExt, has_red};
#[cfg(all(feature = "desktop", target_os = "linux"))]
pub use belldot_server::BelldotServer;
pub use figures::Figures;
#[cfg(feature = "http")]
pub use http_client::{HttpClient, direct_client};
#[cfg(all(feature = "desktop", target_os = "linux"))]
pub use inbox_file::{InboxFile, InboxRow};
pub use limit::LIMIT;
#[cfg(feature = "nats")]
pub use nats::{NatsCluster, NatsServer};
#[cfg(feature = "nchan")]
pub use nchan::NchanServer;
pub use program::program;
pub use sample_todos::sample_todo;
pub use skip::{MAY_SKIP, SKIPPED, may_skip, skip_unless};
