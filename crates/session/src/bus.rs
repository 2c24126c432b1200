//! The session bus, as those see it who look at the desktop from outside.

use std::time::Duration;

use zbus::blocking::connection::Builder;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, Proxy};
use zbus::names::BusName;

use crate::SessionError;

/// A program that does not answer within this time hangs.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);

pub(crate) struct SessionBus {
    connection: Connection,
}

impl SessionBus {
    pub(crate) fn connect(address: &str) -> Result<Self, SessionError> {
        let connection = Builder::address(address)?
            .method_timeout(ANSWER_LIMIT)
            .build()?;
        Ok(Self { connection })
    }

    /// Whether some program owns `name`.
    pub(crate) fn is_owned(&self, name: &str) -> bool {
        let Ok(name) = BusName::try_from(name) else {
            return false;
        };
        DBusProxy::new(&self.connection)
            .and_then(|bus| Ok(bus.name_has_owner(name)?))
            .unwrap_or(false)
    }

    /// An object that is asked anew for every property.
    pub(crate) fn object(
        &self,
        destination: &str,
        path: &str,
        interface: &str,
    ) -> Result<Proxy<'static>, SessionError> {
        let object = zbus::blocking::proxy::Builder::new(&self.connection)
            .destination(destination.to_owned())?
            .path(path.to_owned())?
            .interface(interface.to_owned())?
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()?;
        Ok(object)
    }
}
