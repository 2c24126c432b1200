//! The count on the dock's or launcher's entry, where a desktop shows one: the signal
//! `com.canonical.Unity.LauncherEntry.Update`, which Plasma, Dash to Dock and Plank heed.

use std::collections::HashMap;

use tokio::runtime::Handle;
use zbus::{Connection, zvariant::Value};

use crate::os::bus;

/// The desktop file of the installed app; named after the product.
const ENTRY: &str = "application://Belldot.desktop";

/// Tells the count; cheap to call, never waits.
pub struct Launcher {
    counts: flume::Sender<u64>,
    last: Option<u64>,
}

impl Launcher {
    /// Starts the task that talks to the bus.
    pub fn start(runtime: &Handle) -> Self {
        let (counts, waiting) = flume::unbounded::<u64>();
        runtime.spawn(async move {
            let Ok(connection) = bus::session().await else {
                return;
            };
            while let Ok(count) = waiting.recv_async().await {
                if let Err(error) = tell(&connection, count).await {
                    tracing::debug!(%error, "the launcher was not told");
                }
            }
        });
        Self { counts, last: None }
    }

    /// Tells this count, unless it was told last.
    pub fn show(&mut self, count: u64) {
        if self.last.replace(count) != Some(count) {
            let _ = self.counts.send(count);
        }
    }
}

async fn tell(connection: &Connection, count: u64) -> zbus::Result<()> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let told = HashMap::from([
        ("count", Value::I64(count)),
        ("count-visible", Value::Bool(count > 0)),
    ]);
    connection
        .emit_signal(
            None::<&str>,
            "/app/belldot/launcher",
            "com.canonical.Unity.LauncherEntry",
            "Update",
            &(ENTRY, told),
        )
        .await
}
