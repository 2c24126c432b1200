//! A notification daemon of the test's own, for what a real one cannot be told to be.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use belldot_session::Session;
use zbus::{
    blocking::{Connection, connection::Builder},
    interface,
    zvariant::OwnedValue,
};

const PATH: &str = "/org/freedesktop/Notifications";

/// Takes notifications on a session's bus as long as it lives.
pub struct Daemon {
    _connection: Connection,
    refuses: Arc<AtomicBool>,
}

impl Daemon {
    /// One that can so much (Desktop Notifications, "GetCapabilities").
    pub fn start(session: &Session, capabilities: &[&str]) -> Self {
        let refuses = Arc::new(AtomicBool::new(false));
        let notifications = Notifications {
            capabilities: capabilities.iter().map(|&can| can.to_owned()).collect(),
            refuses: refuses.clone(),
            last: AtomicU32::new(0),
        };
        let connection = Builder::address(session.bus_address())
            .unwrap()
            .serve_at(PATH, notifications)
            .unwrap()
            .name("org.freedesktop.Notifications")
            .unwrap()
            .build()
            .unwrap();
        Self {
            _connection: connection,
            refuses,
        }
    }

    /// Refuses from now on whatever it is given, or takes it again.
    pub fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::Release);
    }
}

struct Notifications {
    capabilities: Vec<String>,
    refuses: Arc<AtomicBool>,
    last: AtomicU32,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    fn get_capabilities(&self) -> Vec<String> {
        self.capabilities.clone()
    }

    #[allow(clippy::too_many_arguments, reason = "those of the D-Bus method")]
    fn notify(
        &self,
        _app_name: &str,
        replaces: u32,
        _icon: &str,
        _summary: &str,
        _body: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> zbus::fdo::Result<u32> {
        if self.refuses.load(Ordering::Acquire) {
            return Err(zbus::fdo::Error::LimitsExceeded("no room".to_owned()));
        }
        Ok(match replaces {
            0 => self.last.fetch_add(1, Ordering::AcqRel) + 1,
            known => known,
        })
    }

    fn close_notification(&self, _id: u32) {}
}
