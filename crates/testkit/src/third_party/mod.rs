//! Servers that others wrote, in `tests/servers`, as processes.

mod cases;
mod server;
mod site;

pub use cases::{CASES, ServerCase, StreamLifetime};
pub use server::{LIMIT, ThirdPartyServer, free_ports};
pub use site::ServerSite;
