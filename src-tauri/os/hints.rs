//! The system's hints that a stream may be dead: wake from sleep, another network. They only
//! make it quicker; the streams notice a sleep by the clocks, and a dead network by silence.

use crate::streams::Hints;

/// Passes the system's hints on, as long as the process lives. Call on the main thread.
#[cfg(target_os = "linux")]
pub fn watch(hints: Hints) {
    linux::watch_network(hints.clone());
    tauri::async_runtime::spawn(async move {
        if let Err(error) = linux::watch_sleep(&hints).await {
            tracing::info!(%error, "no word of sleep from the system");
        }
    });
}

/// Nothing to ask yet on this system: the streams' own clocks notice a sleep.
#[cfg(not(target_os = "linux"))]
pub fn watch(_hints: Hints) {}

#[cfg(target_os = "linux")]
mod linux {
    use futures_util::StreamExt as _;
    use gtk::gio::{NetworkMonitor, prelude::NetworkMonitorExt as _};
    use zbus::proxy;

    use crate::{
        os::bus,
        streams::{Hint, Hints},
    };

    /// GIO hears of every route that comes or goes.
    pub fn watch_network(hints: Hints) {
        NetworkMonitor::default().connect_network_changed(move |_, available| {
            if available {
                hints.give(Hint::NetworkChanged);
            }
        });
    }

    /// logind tells before a sleep and after it; returns when the bus goes.
    pub async fn watch_sleep(hints: &Hints) -> zbus::Result<()> {
        let proxy = LoginProxy::new(&bus::system().await?).await?;
        let mut signals = proxy.receive_prepare_for_sleep().await?;
        while let Some(signal) = signals.next().await {
            if signal.args().is_ok_and(|args| !args.start) {
                hints.give(Hint::Woke);
            }
        }
        Ok(())
    }

    #[proxy(
        interface = "org.freedesktop.login1.Manager",
        default_service = "org.freedesktop.login1",
        default_path = "/org/freedesktop/login1"
    )]
    trait Login {
        #[zbus(signal)]
        fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;
    }
}
