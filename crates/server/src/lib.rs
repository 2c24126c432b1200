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
mod draft;
mod edit;
mod error;
mod etag;
mod events;
mod fields;
mod guard;
mod health;
mod limits;
mod listen;
pub mod log;
mod metrics;
mod number;
mod page;
mod private_files;
mod probes;
mod problem;
mod publish;
mod query;
mod retention;
mod retry;
mod routes;
mod server;
mod state;
mod tls;
mod todos;
mod toml_file;
mod webhook;

pub use auth::{JwtConfig, JwtKeys, new_token};
pub use config::{ServerConfig, ServerLimits};
pub use draft::{NewTodo, PatchRequest, Recipients};
pub use edit::{TodoDraft, TodoEdit, TodoRevision};
pub use error::ServerError;
pub use ipnet::IpNet;
pub use limits::Rate;
pub use server::{Reloader, Server, bind, bind_single};
pub use tls::TlsConfig;
