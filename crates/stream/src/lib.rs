//! An SSE subscription that never gives up silently.
//!
//! Give [`Subscription::start`] a [`Config`] and read [`Update`]s: every event exactly as the
//! WHATWG standard (HTML 9.2) dispatches it, and every change of [`State`] with its [`Cause`].
//! A [`Handle`] steers it. This crate knows nothing of to-dos.
//!
//! The modules, from the outside in:
//!
//! - `subscription`: what the app holds; `control`: the line between app and task.
//! - `life`: the task: attempt, stream, rest, and again. Its `follow` is the policy's table.
//! - `connect`: one attempt, over redirects (`redirect`), judged by status and type (`verdict`),
//!   with the `cookies` that servers set; `progress`: how far it has come.
//! - [`retry`], [`watchdog`], [`clock`]: when to try again, how long a silence may last, whether
//!   the machine slept. Pure: randomness and instants are arguments.
//! - `decode`: bytes to `event`s.
//! - `transport`: the seam to the network; `client`: the network, by reqwest and rustls (`tls`),
//!   with [`Network`] as its settings, `proxy` to find the way out, `connector` to report its
//!   steps, and `failure` to name what went wrong.
//! - `line`: what a server says, fit to be shown.

mod burst;
mod cause;
mod client;
pub mod clock;
mod config;
mod connect;
mod connector;
mod control;
mod cookies;
mod credentials;
mod decode;
mod end;
mod event;
mod failure;
mod life;
mod network;
mod progress;
mod proxy;
mod redirect;
pub mod retry;
mod state;
mod statistics;
mod subscription;
mod tls;
mod transport;
mod verdict;
pub mod watchdog;

pub use cause::{BrokenBy, Cause, ProxyFault, RedirectFault, TlsFault, Unusable};
pub use client::Client;
pub use clock::{Clock, SystemClock};
pub use config::{Config, Cursor, Policy, Silence};
pub use credentials::{Credentials, CredentialsError, Secret};
pub use decode::{Decoded, Decoder};
pub use event::Event;
pub use network::{Network, NetworkError, Proxy, ProxyServer};
pub use progress::{Progress, Step};
pub use proxy::ProxyLookup;
pub use redirect::is_loopback;
pub use state::State;
pub use statistics::Statistics;
pub use subscription::{Handle, Subscription, Update};
pub use transport::{Body, Request, Response, Transport};
pub use verdict::retry_after;
