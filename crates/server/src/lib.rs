//! A server for to-dos: a durable log, and a stream of Server-Sent Events per client.
//!
//! ```no_run
//! # async fn start() -> Result<(), belldot_server::ServerError> {
//! use belldot_server::{ServerConfig, bind};
//!
//! let server = bind(ServerConfig { data: "/var/lib/belldot".into(), ..ServerConfig::default() }).await?;
//! println!("listening on http://{}", server.address());
//! server.run(std::future::pending()).await
//! # }
//! ```
//!
//! `docs/protocol.md` describes its API.

mod auth;
mod body;
mod config;
mod edit;
mod error;
mod events;
mod guard;
mod health;
mod limits;
mod listen;
pub mod log;
mod metrics;
mod page;
mod private_files;
mod probes;
mod problem;
mod retry;
mod routes;
mod server;
mod state;
mod tls;
mod todos;

pub use auth::{JwtConfig, JwtKeys, new_token};
pub use config::{ServerConfig, ServerLimits};
pub use edit::{NewTodo, TodoDraft, TodoEdit};
pub use error::ServerError;
pub use ipnet::IpNet;
pub use limits::Rate;
pub use server::{Reloader, Server, bind};
pub use tls::TlsConfig;
