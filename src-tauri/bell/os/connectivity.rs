//! What the system tells that a stream may be dead: wake from sleep, another network. They only
//! make it quicker; the streams notice a sleep by the clocks, and a dead network by silence.

use tokio::runtime::Handle;

/// A reason to look whether the streams are still alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectivityEvent {
    /// The machine woke from sleep.
    Woke,
    /// The network changed.
    NetworkChanged,
}

/// Passes on what the system tells, as long as the process lives.
#[cfg(target_os = "linux")]
pub fn watch(runtime: &Handle, tell: impl Fn(ConnectivityEvent) + Clone + Send + Sync + 'static) {
    let of_network = tell.clone();
    runtime.spawn(async move {
        if let Err(error) = linux::watch_network(of_network).await {
            tracing::info!(%error, "no word of the network from the system");
        }
    });
    runtime.spawn(async move {
        if let Err(error) = linux::watch_sleep(tell).await {
            tracing::info!(%error, "no word of sleep from the system");
        }
    });
}

/// Nothing to ask yet on this system: the streams' own clocks notice a sleep.
#[cfg(not(target_os = "linux"))]
pub fn watch(_runtime: &Handle, _tell: impl Fn(ConnectivityEvent)) {}

#[cfg(target_os = "linux")]
mod linux {
    use std::{io, time::Duration};

    use futures_util::StreamExt as _;
    use zbus::proxy;

    use super::ConnectivityEvent;
    use crate::os::{bus, network::RouteChanges};

    /// Routes come one after another when a network is there again; the last counts.
    const SETTLING: Duration = Duration::from_millis(500);

    /// The kernel tells of every route that comes.
    pub async fn watch_network(tell: impl Fn(ConnectivityEvent)) -> io::Result<()> {
        let mut routes = RouteChanges::watch()?;
        loop {
            routes.next().await?;
            while let Ok(more) = tokio::time::timeout(SETTLING, routes.next()).await {
                more?;
            }
            tell(ConnectivityEvent::NetworkChanged);
        }
    }

    /// logind tells before a sleep and after it; returns when the bus goes.
    pub async fn watch_sleep(tell: impl Fn(ConnectivityEvent)) -> zbus::Result<()> {
        let proxy = LoginProxy::new(&bus::system().await?).await?;
        let mut signals = proxy.receive_prepare_for_sleep().await?;
        while let Some(signal) = signals.next().await {
            if signal.args().is_ok_and(|args| !args.start) {
                tell(ConnectivityEvent::Woke);
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
