//! Toasts: [`belldot_core::toast::Toast`] handed to whatever notification daemon there is.

#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub mod freedesktop;
mod notifier;

pub use notifier::{LatestOutcome, Notifier};
