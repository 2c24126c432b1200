//! The system's keyring.

use super::{error::KeyringError, thread::Store};

/// The service name under which the keyring lists Belldot's secrets.
const SERVICE: &str = "Belldot";

/// The system's keyring.
#[derive(Debug, Default)]
pub struct System {
    #[cfg(target_os = "linux")]
    service: service::SecretService,
}

impl System {
    fn entry(entry: &str) -> Result<keyring::Entry, KeyringError> {
        keyring::Entry::new(SERVICE, entry).map_err(|error| failed(&error))
    }

    /// Whether the keyring can be asked without waiting for its user; `expected` and `wanted`: the
    /// user may be asked to unlock it. The calls below would wait for them.
    #[cfg(target_os = "linux")]
    fn look(&self, entry: &str, expected: bool, wanted: bool) -> Result<bool, KeyringError> {
        self.service.look(entry, expected, wanted)
    }

    #[cfg(not(target_os = "linux"))]
    #[allow(clippy::unnecessary_wraps, clippy::unused_self, reason = "as on Linux")]
    fn look(&self, _: &str, _: bool, _: bool) -> Result<bool, KeyringError> {
        Ok(true)
    }
}

impl Store for System {
    fn get(&self, entry: &str, expected: bool) -> Result<Option<String>, KeyringError> {
        if !self.look(entry, expected, false)? {
            return Ok(None);
        }
        match Self::entry(entry)?.get_password() {
            Ok(secret) => Ok(Some(secret)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn set(&self, entry: &str, secret: &str, wanted: bool) -> Result<(), KeyringError> {
        self.look(entry, wanted, wanted)?;
        let set = Self::entry(entry)?.set_password(secret);
        set.map_err(|error| failed(&error))
    }

    fn delete(&self, entry: &str, wanted: bool) -> Result<(), KeyringError> {
        if !self.look(entry, wanted, wanted)? {
            return Ok(());
        }
        match Self::entry(entry)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }
}

fn failed(error: &keyring::Error) -> KeyringError {
    tracing::warn!(%error, "the keyring");
    match error {
        keyring::Error::NoStorageAccess(_) => KeyringError::Locked { holds: true },
        _ => KeyringError::Failed,
    }
}

#[cfg(target_os = "linux")]
mod service {
    //! The Secret Service of the desktop, asked whether it is locked before it is asked for more.

    use std::{
        cell::Cell,
        collections::HashMap,
        time::{Duration, Instant},
    };

    use zbus::{
        Connection, Error, Proxy,
        names::ErrorName,
        proxy::{Builder, CacheProperties},
        zvariant::{ObjectPath, OwnedObjectPath},
    };

    use super::SERVICE;
    use crate::os::{bus, keyring::KeyringError};

    const NAME: &str = "org.freedesktop.secrets";
    const ROOT: &str = "/org/freedesktop/secrets";
    /// Where new entries go.
    const USUAL: &str = "/org/freedesktop/secrets/aliases/default";

    /// How long it may take to say whether it is locked.
    const PATIENCE: Duration = Duration::from_millis(2_500);

    /// How long one that did not answer is not asked again.
    const REST: Duration = Duration::from_secs(1);

    #[derive(Debug, Default)]
    pub struct SecretService {
        /// The user was asked to unlock it, and has not done so yet.
        asked: Cell<bool>,
        /// Said nothing the last time, when that was.
        silent: Cell<Option<Instant>>,
    }

    impl SecretService {
        /// Whether there may be such an entry that can be read now. If it is `expected`, or there,
        /// the user is asked to unlock the keyring: once, or again where they want something.
        pub fn look(
            &self,
            entry: &str,
            expected: bool,
            wanted: bool,
        ) -> Result<bool, KeyringError> {
            if self.silent.get().is_some_and(|at| at.elapsed() < REST) {
                return Err(KeyringError::Silent);
            }
            let look = self.look_now(entry, expected, wanted);
            let looked = async_io::block_on(bus::within(PATIENCE, look)).unwrap_or_else(|error| {
                let waits = waits(&error);
                tracing::debug!(%error, %waits, "the keyring");
                Err(waits)
            });
            let silent = matches!(looked, Err(KeyringError::Silent));
            self.silent.set(silent.then(Instant::now));
            looked
        }

        async fn look_now(
            &self,
            entry: &str,
            expected: bool,
            wanted: bool,
        ) -> zbus::Result<Result<bool, KeyringError>> {
            let bus = bus::session().await?;
            let service = object(&bus, ROOT, "org.freedesktop.Secret.Service").await?;
            let attributes = HashMap::from([("service", SERVICE), ("username", entry)]);
            let (open, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
                service.call("SearchItems", &(attributes,)).await?;
            if !open.is_empty() {
                self.asked.set(false);
                return Ok(Ok(true));
            }
            let holds = !locked.is_empty();
            // Some keyrings tell nothing of what is in them while they are locked.
            if !holds && !is_locked(&bus).await? {
                self.asked.set(false);
                return Ok(Ok(false));
            }
            if wanted || ((expected || holds) && !self.asked.replace(true)) {
                let path = locked.first().map_or(USUAL, |item| item.as_str());
                unlock(&bus, &service, path).await?;
            }
            Ok(Err(KeyringError::Locked { holds }))
        }
    }

    /// Asks the user to unlock it, and does not wait for them.
    async fn unlock(bus: &Connection, service: &Proxy<'_>, path: &str) -> zbus::Result<()> {
        let path = ObjectPath::try_from(path)?;
        let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            service.call("Unlock", &(vec![path],)).await?;
        if prompt.as_str() != "/" {
            let prompt = object(bus, prompt.as_str(), "org.freedesktop.Secret.Prompt").await?;
            prompt.call::<_, _, ()>("Prompt", &("",)).await?;
        }
        Ok(())
    }

    /// One without a usual collection is not locked: it makes one when it is needed.
    async fn is_locked(bus: &Connection) -> zbus::Result<bool> {
        let usual = object(bus, USUAL, "org.freedesktop.Secret.Collection").await?;
        match usual.get_property("Locked").await {
            Err(Error::MethodError(name, ..)) if !is_absent(&name) => Ok(false),
            Err(Error::FDO(error)) if !is_absence(&error) => Ok(false),
            answer => answer,
        }
    }

    async fn object(bus: &Connection, path: &str, interface: &str) -> zbus::Result<Proxy<'static>> {
        Builder::new(bus)
            .destination(NAME)?
            .path(path.to_owned())?
            .interface(interface.to_owned())?
            .cache_properties(CacheProperties::No)
            .build()
            .await
    }

    fn waits(error: &Error) -> KeyringError {
        match error {
            Error::InputOutput(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                KeyringError::Silent
            }
            Error::FDO(error) if matches!(**error, zbus::fdo::Error::NoReply(_)) => {
                KeyringError::Silent
            }
            Error::MethodError(name, ..) if name.as_str().ends_with(".NoReply") => {
                KeyringError::Silent
            }
            Error::MethodError(name, ..) if !is_absent(name) => KeyringError::Failed,
            Error::FDO(error) if !is_absence(error) => KeyringError::Failed,
            // Nobody is there, nobody can be started, or there is no bus.
            _ => KeyringError::Absent,
        }
    }

    fn is_absent(name: &ErrorName<'_>) -> bool {
        let name = name.as_str();
        let name = name.strip_prefix("org.freedesktop.DBus.Error.");
        name.is_some_and(|name| {
            [
                "ServiceUnknown",
                "NameHasNoOwner",
                "NoServer",
                "Disconnected",
            ]
            .contains(&name)
                || name.starts_with("Spawn")
        })
    }

    fn is_absence(error: &zbus::fdo::Error) -> bool {
        use zbus::DBusError as _;
        is_absent(&error.name())
    }
}
