//! What a window needs from the disk is read all at once when it is asked for.
//!
//! WebKit's files are large, and a Belldot that waited for long, or has just been started with the
//! session, finds none of them in memory: its processes would ask the disk for one piece after
//! another, each waiting for the last. So Belldot lists the files that they have in memory when a
//! window is there, and before the next it has the system read these ahead, while the processes
//! only begin. Nothing is wrong where the list is old, or missing.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use belldot_core::private;
use rustix::fs::{Advice, OFlags, fadvise};

/// How long after it is shown a window has all that it needs.
const DRAWN: Duration = Duration::from_secs(2);

/// Has the system read the files of this list, without waiting for it.
pub fn start(list: PathBuf) {
    in_background(move || match read(&list) {
        Ok(bytes) => tracing::info!(bytes, "what a window needs is read ahead"),
        Err(error) => tracing::debug!(%error, "nothing is read ahead"),
    });
}

/// Lists what the window of this process needed, which has just been shown.
pub fn note_soon(list: PathBuf, process: u32) {
    in_background(move || {
        thread::sleep(DRAWN);
        if let Err(error) = note(&list, process) {
            tracing::warn!(%error, list = %list.display(), "what a window needs is not listed");
        }
    });
}

/// Without it windows only open later.
fn in_background(work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().name("read-ahead".to_owned());
    if let Err(error) = thread.spawn(work) {
        tracing::warn!(%error, "no thread to read ahead");
    }
}

fn note(list: &Path, process: u32) -> io::Result<()> {
    let mut files = BTreeSet::new();
    for one in std::iter::once(process).chain(children(process)) {
        let maps = fs::read_to_string(format!("/proc/{one}/maps"))?;
        files.extend(mapped(&maps).map(str::to_owned));
    }
    private::replace(list, &serde_json::to_vec(&files)?)
}

/// Has the system read what was listed; answers how many bytes that are.
fn read(list: &Path) -> io::Result<u64> {
    let files: Vec<PathBuf> = serde_json::from_slice(&fs::read(list)?)?;
    let mut bytes = 0_u64;
    for file in files {
        // Whatever the list says: it must not wait for somebody at the other end.
        let opened = OpenOptions::new()
            .read(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(file);
        let Ok(file) = opened else { continue };
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        if fadvise(&file, 0, None, Advice::WillNeed).is_ok() {
            bytes = bytes.saturating_add(length);
        }
    }
    Ok(bytes)
}

/// The files of the system in the text of `/proc/ID/maps` (proc(5)).
fn mapped(maps: &str) -> impl Iterator<Item = &str> {
    let paths = maps
        .lines()
        .filter_map(|line| Some(&line[line.find('/')?..]));
    paths.filter(|path| {
        let is_of_system = ["/usr/", "/lib", "/opt/"]
            .iter()
            .any(|of| path.starts_with(of));
        is_of_system && !path.ends_with(" (deleted)")
    })
}

/// The processes that this one started.
fn children(process: u32) -> Vec<u32> {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = folders.filter_map(|folder| {
        let id = folder.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(folder.path().join("stat")).ok()?;
        (parent(&stat)? == process).then_some(id)
    });
    all.collect()
}

/// The number of a process's parent; from `/proc/ID/stat`, where a name may hold any character.
fn parent(stat: &str) -> Option<u32> {
    let (_, tail) = stat.rsplit_once(") ")?;
    tail.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_tells_its_parent_whatever_its_name() {
        assert_eq!(
            parent("6192 (WebKitNetworkPr) S 5528 5508 5508 0"),
            Some(5528)
        );
        assert_eq!(parent("7 (a (b) S 1 ) R 42 7 7"), Some(42));
        for stat in ["", "7", "7 (a)", "7 (a) S", "7 (a) S x"] {
            assert_eq!(parent(stat), None, "{stat:?}");
        }
    }

    #[test]
    fn files_of_the_system_are_listed_and_nobody_elses() {
        let maps = "7f00-7f01 r-xp 00000000 08:01 1  /usr/lib/libwebkit2gtk-4.1.so.0\n\
                    7f01-7f02 r--p 00000000 08:01 1  /home/ann/.config/secret\n\
                    7f02-7f03 rw-p 00000000 00:00 0  [heap]\n\
                    7f03-7f04 r-xp 00000000 08:01 1  /usr/lib/old.so (deleted)\n";
        let files: Vec<_> = mapped(maps).collect();
        assert_eq!(files, ["/usr/lib/libwebkit2gtk-4.1.so.0"]);
    }

    #[test]
    fn a_list_that_is_damaged_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("ahead.json");
        assert!(read(&list).is_err());
        fs::write(&list, "[\"/usr").unwrap();
        assert!(read(&list).is_err());
        fs::write(&list, "[\"/not/there\", \"/dev/null\"]").unwrap();
        assert_eq!(read(&list).unwrap(), 0);
    }
}
