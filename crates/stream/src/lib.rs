//! An SSE subscription that never gives up silently.
//!
//! Give [`Subscription::start`] a [`Config`] and read [`Update`]s: every event exactly as the
//! WHATWG standard (HTML 9.2) dispatches it, and every change of [`StreamState`] with its [`Cause`].
//! A [`Handle`] steers it. This crate knows nothing of to-dos.
//!
//! The modules, from the outside in:
//!
//! - `subscription`: the public handle; `update`: what it reports; `control`: the channel between
//!   the application and the task.
//! - `task`: attempts, reads, waits, and attempts again. Its `decide` is the policy's table, from
//!   a `disposition` to the next attempt.
//! - `connect`: one attempt, over redirects (`redirect`), with `response` to classify by status
//!   and type, and the `cookies` that servers set; `progress`: what an attempt waits for.
//! - `burst`: when the opening burst of a connection is over.
//! - [`retry`], [`watchdog`], [`clock`]: delays between attempts, how long a silence may last,
//!   whether the machine slept. Pure: randomness and instants are arguments.
//! - `decode`: bytes to [`Event`]s.
//! - `transport`: the interface to the network; `client`: its implementation by reqwest and rustls
//!   (`tls`), with [`Network`] as its settings, `proxy` to choose a route, `connector` to report
//!   progress, and `failure` to find the [`Cause`] of an error.

mod burst;
mod client;
pub mod clock;
mod config;
mod connect;
mod connector;
mod control;
mod cookies;
mod credentials;
mod decode;
mod disposition;
mod failure;
mod network;
mod progress;
mod proxy;
mod redirect;
mod response;
pub mod retry;
mod statistics;
mod subscription;
mod task;
mod tls;
mod transport;
mod update;
pub mod watchdog;

pub use belldot_wire::{
    BrokenBy, Cause, Event, Network, Proxy, ProxyFault, ProxyServer, RedirectFault, Step,
    StreamState, TlsFault, Unusable,
};
pub use client::Client;
pub use clock::{Clock, SystemClock};
pub use config::{Config, CursorPlacement, Silence, StreamPolicy};
pub use credentials::{Credentials, CredentialsError, Secret};
pub use decode::{Decoder, Frame};
pub use network::{NetworkError, ProxyAccess, ProxyLookup};
pub use progress::Progress;
pub use redirect::is_loopback;
pub use response::retry_after;
pub use statistics::Statistics;
pub use subscription::{Handle, Subscription};
pub use transport::{Body, Request, Response, Transport};
pub use update::Update;
