//! Whether the parts of the server can do their work.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::log::TodoLog;

/// How long a check holds: it writes to the disk, and anybody may ask.
const FRESH: Duration = Duration::from_secs(1);

/// How long a part may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Looks at the log and at its disk, at most once a second.
pub(crate) struct Readiness {
    log: Arc<dyn TodoLog>,
    folder: PathBuf,
    /// The room that the disk is to have, in bytes.
    least: u64,
    last: Mutex<Option<(Instant, Result<(), String>)>>,
}

impl Readiness {
    pub(crate) fn new(log: Arc<dyn TodoLog>, folder: PathBuf, least: u64) -> Self {
        Self {
            log,
            folder,
            least,
            last: Mutex::default(),
        }
    }

    /// # Errors
    /// Which part cannot do its work, and why.
    pub(crate) async fn look(&self) -> Result<(), String> {
        let mut last = self.last.lock().await;
        match &*last {
            Some((at, found)) if at.elapsed() < FRESH => found.clone(),
            _ => {
                let found = timeout(PATIENCE, self.check())
                    .await
                    .unwrap_or_else(|_| Err(format!("its disk took over {PATIENCE:?}")));
                *last = Some((Instant::now(), found.clone()));
                found
            }
        }
    }

    async fn check(&self) -> Result<(), String> {
        let of_log = |what, error| format!("the to-dos cannot be {what}: {error}");
        let read = self.log.check().await;
        read.map_err(|error| of_log("read", error))?;
        let written = self.log.check_writes().await;
        written.map_err(|error| of_log("written", error))?;
        let (folder, least) = (self.folder.clone(), self.least);
        tokio::task::spawn_blocking(move || room(&folder, least))
            .await
            .map_err(|error| error.to_string())?
    }
}

/// Whether the disk has room for `least` bytes.
#[cfg(unix)]
fn room(folder: &Path, least: u64) -> Result<(), String> {
    let disk = rustix::fs::statvfs(folder).map_err(|error| format!("the disk: {error}"))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < least {
        return Err(format!("the disk has {free} bytes left"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn room(_: &Path, _: u64) -> Result<(), String> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::room;

    #[test]
    fn a_disk_with_too_little_room_is_not_ready() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(room(folder.path(), 1), Ok(()));
        let full = room(folder.path(), u64::MAX).unwrap_err();
        assert!(full.contains("bytes left"), "{full}");
    }
}
