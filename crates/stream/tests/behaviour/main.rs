//! "Intended behaviour: the stream": what the server or the world does, and what follows. Each
//! row of the design's table is a module. The policy is played in paused time by a scripted transport
//! (`script`); what concerns sockets runs against a server that misbehaves (`fault`).

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::single_range_in_vec_init
)]

mod authority;
mod fault;
mod script;

mod an_event_stream;
mod closing;
mod cursor;
mod ends;
mod failures;
mod faults;
mod headers;
mod heads;
mod http2;
mod limits;
mod no_content;
mod opening_burst;
mod pause_and_close;
mod proxies;
mod proxy_choice;
mod proxy_sign_in;
mod reconnection_time;
mod redirects;
mod refusals;
mod sign_in;
mod silence;
mod sockets;
#[cfg(target_os = "linux")]
mod squid;
mod statistics;
mod tls;
mod too_many_connections;
mod troubles;
mod wake_and_network_change;
mod what_is_not_an_event_stream;
