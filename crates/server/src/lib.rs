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

mod body;
mod config;
mod connections;
mod draft;
mod edit;
mod error;
mod etag;
mod events;
mod fields;
mod guard;
pub mod log;
mod number;
mod page;
mod problem;
mod publish;
mod query;
mod retention;
mod retry;
mod routes;
mod server;
mod state;
mod todos;
mod users;
mod webhook;

pub use config::{ServerConfig, ServerLimits};
pub use draft::{NewTodo, PatchRequest, Recipients};
pub use edit::{TodoDraft, TodoEdit, TodoRevision};
pub use error::ServerError;
pub use server::{Server, bind};
