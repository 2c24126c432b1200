//! Toasts: [`belldot_core::toast::Toast`] handed to whatever notification daemon there is.

#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod freedesktop;
#[cfg(any(not(target_os = "linux"), feature = "portable"))]
mod portable;

use std::sync::{Arc, Mutex, PoisonError};

use belldot_core::toast::NotTaken;

#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub use freedesktop::Notifier;
#[cfg(any(not(target_os = "linux"), feature = "portable"))]
pub use portable::Notifier;

/// What became of the latest toast; nothing before there was one.
#[derive(Clone, Debug, Default)]
struct Latest(Arc<Mutex<Option<Result<(), NotTaken>>>>);

impl Latest {
    fn note(&self, result: Result<(), NotTaken>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    fn get(&self) -> Option<Result<(), NotTaken>> {
        let latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        latest.clone()
    }
}
