//! "Intended behaviour: bell, toasts, page" as tests: the whole controller between recorded fakes
//! of its two ports, with time as an argument.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bell;
mod disk;
mod identity;
mod identity_model;
mod life;
mod menu;
mod outbox;
mod page;
mod policy;
mod quiet;
mod settings;
mod streams;
mod sync;
mod toasts;
mod world;
