//! Secrets: in the OS keyring; without one, in memory for this run.

use std::{collections::HashMap, sync::Mutex};

use belldot_core::source::SourceId;

/// The service name under which the keyring lists Belldot's secrets.
const SERVICE: &str = "Belldot";

/// The tokens of the sources. Every call may wait for the system: keep off the main thread.
#[derive(Debug, Default)]
pub struct Keyring {
    /// What the keyring would not take.
    memory: Mutex<HashMap<SourceId, String>>,
}

/// Where a token went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In the OS keyring.
    InKeyring,
    /// In memory: there is no keyring, or it is locked.
    UntilQuit,
}

impl Keyring {
    /// A source's token, if one is known.
    pub fn token(&self, source: &SourceId) -> Option<String> {
        if let Some(token) = self.lock().get(source) {
            return Some(token.clone());
        }
        match entry(source)?.get_password() {
            Ok(token) => Some(token),
            Err(error) => {
                tracing::debug!(%error, "no token in the keyring");
                None
            }
        }
    }

    /// Forgets a source's token.
    ///
    /// # Errors
    /// Why the keyring still has it.
    pub fn forget_token(&self, source: &SourceId) -> Result<(), String> {
        self.lock().remove(source);
        match entry(source).map(|entry| entry.delete_credential()) {
            None | Some(Ok(()) | Err(keyring::Error::NoEntry)) => Ok(()),
            Some(Err(error)) => Err(error.to_string()),
        }
    }

    /// Keeps a source's token.
    pub fn set_token(&self, source: &SourceId, token: &str) -> Kept {
        let entry = entry(source);
        self.lock().remove(source);
        match entry.map(|entry| entry.set_password(token)) {
            Some(Ok(())) => Kept::InKeyring,
            failed => {
                tracing::warn!(?failed, "the keyring did not take a token");
                self.lock().insert(source.clone(), token.to_owned());
                Kept::UntilQuit
            }
        }
    }

    /// The proxy's password, if it is known.
    pub fn proxy_password(&self) -> Option<String> {
        self.token(&proxy())
    }

    /// Keeps the proxy's password.
    pub fn set_proxy_password(&self, password: &str) -> Kept {
        self.set_token(&proxy(), password)
    }

    /// Forgets the proxy's password.
    ///
    /// # Errors
    /// Why the keyring still has it.
    pub fn forget_proxy_password(&self) -> Result<(), String> {
        self.forget_token(&proxy())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SourceId, String>> {
        self.memory
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Stands beside the sources; no source can be called that.
fn proxy() -> SourceId {
    SourceId("(proxy)".to_owned())
}

fn entry(source: &SourceId) -> Option<keyring::Entry> {
    keyring::Entry::new(SERVICE, &source.0).ok()
}
