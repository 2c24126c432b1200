//! Toasts: [`belldot_core::toast::Toast`] handed to whatever notification daemon there is.

#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod freedesktop;
#[cfg(any(not(target_os = "linux"), feature = "portable"))]
mod portable;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod refused;

#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub use freedesktop::Notifier;
#[cfg(any(not(target_os = "linux"), feature = "portable"))]
pub use portable::Notifier;
