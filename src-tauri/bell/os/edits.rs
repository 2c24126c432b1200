//! Edits of the settings file by somebody else: an editor, or a tool for dotfiles.

use std::{path::PathBuf, time::Duration};

/// An edit is over when nothing happened for so long: some editors write in several steps.
const OVER: Duration = Duration::from_millis(200);

/// Calls this whenever the file may have been changed, by whomever; for as long as the process
/// lives.
pub async fn watch(file: PathBuf, changed: impl Fn()) {
    #[cfg(target_os = "linux")]
    if let Err(error) = system::watch(&file, &changed).await {
        tracing::warn!(%error, "edits of the settings file are noticed late");
    }
    look(&file, &changed).await;
}

/// Looks every few seconds, where the system does not tell.
async fn look(file: &std::path::Path, changed: &impl Fn()) {
    const BETWEEN: Duration = Duration::from_secs(5);
    let stamp = || {
        let metadata = std::fs::metadata(file).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    let mut before = stamp();
    loop {
        tokio::time::sleep(BETWEEN).await;
        let now = stamp();
        if now != before {
            tokio::time::sleep(OVER).await;
            before = stamp();
            changed();
        }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::{
        collections::HashSet,
        ffi::OsStr,
        fs, io,
        mem::MaybeUninit,
        os::{fd::OwnedFd, unix::ffi::OsStrExt as _},
        path::{Path, PathBuf},
    };

    use async_io::Async;
    use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};

    use super::OVER;

    /// Watches the folders, since editors put a new file in the old one's place. Returns only with
    /// an error.
    pub async fn watch(file: &Path, changed: &impl Fn()) -> io::Result<()> {
        let watch = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
        let watch = Async::new(watch)?;
        loop {
            // A link may lead somewhere else by now.
            let names = add_folders(&watch, file)?;
            while !read(&watch, &names).await? {}
            while let Ok(more) = tokio::time::timeout(OVER, read(&watch, &names)).await {
                more?;
            }
            changed();
        }
    }

    /// Watches the folder of the file, and of the one that it is a link to; the names of both.
    fn add_folders(watch: &Async<OwnedFd>, file: &Path) -> io::Result<HashSet<PathBuf>> {
        const FLAGS: WatchFlags = WatchFlags::CLOSE_WRITE
            .union(WatchFlags::MOVED_TO)
            .union(WatchFlags::CREATE);
        let file = std::path::absolute(file)?;
        let real = fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
        let mut names = HashSet::new();
        for path in [file, real] {
            let folder = path.parent().unwrap_or(Path::new("/"));
            inotify::add_watch(watch.get_ref(), folder, FLAGS)?;
            names.extend(path.file_name().map(PathBuf::from));
        }
        Ok(names)
    }

    /// Waits for something to happen in a folder; whether it is about one of these names.
    async fn read(watch: &Async<OwnedFd>, names: &HashSet<PathBuf>) -> io::Result<bool> {
        watch.readable().await?;
        let mut buffer = [MaybeUninit::uninit(); 4_096];
        let mut events = Reader::new(watch.get_ref(), &mut buffer);
        let mut about_it = false;
        loop {
            match events.next() {
                Ok(event) => {
                    // Without a name the queue has overflown.
                    about_it |= event.file_name().is_none_or(|name| {
                        names.contains(Path::new(OsStr::from_bytes(name.to_bytes())))
                    });
                }
                Err(rustix::io::Errno::AGAIN) => return Ok(about_it),
                Err(rustix::io::Errno::INTR) => (),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{fs, time::Duration};

    use super::*;

    /// Watches a file, makes a change, and waits until it is told.
    async fn is_told(file: PathBuf, change: impl FnOnce()) -> bool {
        let (tell, told) = flume::unbounded();
        let watching = tokio::spawn(watch(file, move || {
            let _ = tell.send(());
        }));
        // The watch has to be there first.
        tokio::time::sleep(Duration::from_millis(100)).await;
        change();
        let heard = tokio::time::timeout(Duration::from_secs(5), told.recv_async()).await;
        watching.abort();
        heard.is_ok()
    }

    #[tokio::test]
    async fn a_file_that_is_written_over_or_replaced_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        fs::write(&file, "a").unwrap();
        assert!(is_told(file.clone(), || fs::write(&file, "b").unwrap()).await);
        let replace = || {
            fs::write(folder.path().join("new"), "c").unwrap();
            fs::rename(folder.path().join("new"), &file).unwrap();
        };
        assert!(is_told(file.clone(), replace).await);
    }

    #[tokio::test]
    async fn what_a_link_leads_to_is_watched_too() {
        let (folder, dotfiles) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let real = dotfiles.path().join("belldot.toml");
        fs::write(&real, "a").unwrap();
        let link = folder.path().join("settings.toml");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert!(is_told(link, || fs::write(&real, "b").unwrap()).await);
    }
}
