//! A server for to-dos: one durable log, one stream of Server-Sent Events per client.
//!
//! ```no_run
//! # async fn start() -> Result<(), belldot_server::ServerError> {
//! use belldot_server::{Config, bind};
//!
//! let server = bind(Config { data: "/var/lib/belldot".into(), ..Config::default() }).await?;
//! println!("listening on http://{}", server.address());
//! server.run(std::future::pending()).await
//! # }
//! ```
//!
//! `docs/protocol.md` says what it answers.

mod app;
mod body;
mod config;
mod connections;
mod edit;
mod error;
mod events;
mod guard;
pub mod log;
mod page;
mod problem;
mod retry;
mod routes;
mod server;
mod todos;
mod users;

pub use config::{Config, Limits};
pub use edit::{Draft, Edit, NewTodo};
pub use error::ServerError;
pub use server::{Server, bind};
