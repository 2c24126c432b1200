//! Every word that a person reads, from `locales/`.

mod errors;
mod language;
mod localizer;
mod state;

pub use localizer::{Localizer, Value};
