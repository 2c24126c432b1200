//! The keyring: gnome-keyring with one collection, locked and unlocked, silent and gone.

use std::collections::HashMap;
use std::process::Command;

use zbus::blocking::Proxy;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

use crate::program::DesktopProgram;
use crate::session::END_LIMIT;
use crate::{Session, SessionError, wait_until};

const SECRETS: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const USUAL: &str = "/org/freedesktop/secrets/aliases/default";

const COLLECTION: &str = "org.freedesktop.Secret.Collection";

/// The password of the login keyring.
const PASSWORD: &[u8] = b"\n";

impl Session {
    /// Starts the keyring, unlocked, and returns when it keeps secrets.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_keyring(&self) -> Result<(), SessionError> {
        let mut keyring = self.command("gnome-keyring-daemon");
        keyring.args(["--foreground", "--components=secrets", "--unlock"]);
        let keyring = DesktopProgram::start_with_input(keyring, &self.file("logs"), PASSWORD)?;
        self.programs().keyring = Some(keyring);
        self.wait_for_program(
            "secrets are kept",
            |desktop| &mut desktop.keyring,
            || self.owns_name(SECRETS),
        )
    }

    /// Kills the keyring as a crash would, and returns when it is gone.
    ///
    /// # Errors
    /// When its name stays on the bus.
    pub fn kill_keyring(&self) -> Result<(), SessionError> {
        self.programs().keyring = None;
        wait_until("the keyring is gone", END_LIMIT, || {
            !self.owns_name(SECRETS)
        })
    }

    /// Locks the login keyring.
    ///
    /// # Errors
    /// When it does not do so.
    pub fn lock_keyring(&self) -> Result<(), SessionError> {
        let service = self.secrets()?;
        let login: OwnedObjectPath = service.call("ReadAlias", &("default",))?;
        let (_, _): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            service.call("Lock", &(vec![ObjectPath::from(login)],))?;
        wait_until("the keyring is locked", END_LIMIT, || {
            self.is_keyring_locked()
        })
    }

    /// Unlocks the login keyring with its password, as a log-in would.
    ///
    /// # Errors
    /// When it stays locked.
    pub fn unlock_keyring(&self) -> Result<(), SessionError> {
        let secrets = self.secrets()?;
        let login: OwnedObjectPath = secrets.call("ReadAlias", &("default",))?;
        let password = plain(&secrets, PASSWORD)?;
        let inside = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface";
        let inside = self.bus().object(SECRETS, ROOT, inside)?;
        let () = inside.call("UnlockWithMasterPassword", &(login, password))?;
        wait_until("the keyring is unlocked", END_LIMIT, || {
            !self.is_keyring_locked()
        })
    }

    /// Whether the login keyring is locked.
    #[must_use]
    pub fn is_keyring_locked(&self) -> bool {
        let usual = self.bus().object(SECRETS, USUAL, COLLECTION);
        usual
            .and_then(|usual| Ok(usual.get_property("Locked")?))
            .unwrap_or(true)
    }

    /// Has the keyring answer nobody, though it is there; or answer all again.
    ///
    /// # Errors
    /// When it does not run.
    pub fn hold_keyring(&self, hold: bool) -> Result<(), SessionError> {
        let signal = if hold { "-STOP" } else { "-CONT" };
        let keyring = self.programs().keyring.as_ref().map(DesktopProgram::id);
        let mut kill = Command::new("kill");
        kill.arg(signal).args(keyring.map(|id| id.to_string()));
        self.run(kill).map(drop)
    }

    /// Keeps a secret in the keyring, as another program would.
    ///
    /// # Errors
    /// When the keyring does not take it.
    pub fn keep_in_keyring(
        &self,
        service: &str,
        user: &str,
        secret: &str,
    ) -> Result<(), SessionError> {
        let usual = self.bus().object(SECRETS, USUAL, COLLECTION)?;
        let attributes = HashMap::from([("service", service), ("username", user)]);
        let properties = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Value::from(user)),
            (
                "org.freedesktop.Secret.Item.Attributes",
                Value::from(attributes),
            ),
        ]);
        let secret = plain(&self.secrets()?, secret.as_bytes())?;
        let (_, _): (OwnedObjectPath, OwnedObjectPath) =
            usual.call("CreateItem", &(properties, secret, true))?;
        Ok(())
    }

    /// The user names of a service's entries in the keyring.
    ///
    /// # Errors
    /// When the keyring does not tell.
    pub fn keyring_entries(&self, service: &str) -> Result<Vec<String>, SessionError> {
        let secrets = self.secrets()?;
        let wanted = HashMap::from([("service", service)]);
        let (open, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
            secrets.call("SearchItems", &(wanted,))?;
        let mut entries = Vec::new();
        for path in open.iter().chain(&locked) {
            let item = self
                .bus()
                .object(SECRETS, path.as_str(), "org.freedesktop.Secret.Item")?;
            let attributes: HashMap<String, String> = item.get_property("Attributes")?;
            entries.extend(attributes.get("username").cloned());
        }
        Ok(entries)
    }

    fn secrets(&self) -> Result<Proxy<'static>, SessionError> {
        let service = "org.freedesktop.Secret.Service";
        self.bus().object(SECRETS, ROOT, service)
    }
}

/// A secret as it goes over the bus: session, parameters, value and its type.
type DBusSecret = (OwnedObjectPath, Vec<u8>, Vec<u8>, &'static str);

fn plain(secrets: &Proxy<'_>, secret: &[u8]) -> Result<DBusSecret, SessionError> {
    let (_, session): (OwnedValue, OwnedObjectPath) =
        secrets.call("OpenSession", &("plain", Value::from("")))?;
    Ok((session, Vec::new(), secret.to_owned(), "text/plain"))
}
