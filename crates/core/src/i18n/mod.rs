//! Every word that a person reads, from `locales/`.

mod errors;
mod language;
mod state;
mod words;

pub use words::{Value, Words};
