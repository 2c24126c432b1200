//! What the server lets one client, and all of them together, take of it.

mod address;
mod bodies;
mod connections;
mod rate;

pub(crate) use address::{Peer, client_address};
pub(crate) use bodies::{BodyBudget, BodyShare, hold_share};
pub(crate) use connections::{Connection, ConnectionLimits, Connections};
pub use rate::Rate;
pub(crate) use rate::RateLimit;
