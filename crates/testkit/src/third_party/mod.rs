//! Servers that others wrote, in `tests/servers`, as processes.

mod cases;
mod server;
mod site;

use std::time::Duration;

pub use cases::{CASES, ServerCase, StreamLifetime};
pub use server::{ThirdPartyServer, free_ports};
pub use site::ServerSite;

/// The longest wait for a condition. Generous: a slow machine must not fail a test.
pub const LIMIT: Duration = Duration::from_secs(240);
