//! What a window needs from the disk is read all at once when it is asked for.
//!
//! WebKit's files are large, and a Belldot that waited for long, or has just been started with the
//! session, finds none of them in memory. Its three processes would ask the disk for one piece
//! after another, each waiting for the last. So Belldot notes which parts of which files they have
//! in memory when a window is there, and the next time it has the system read these ahead, while
//! the processes only begin. The note costs nothing while Belldot waits, and nothing is wrong
//! where it is old, or missing: then the system reads what it is asked for, as ever.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use belldot_core::private;
use rustix::{
    fs::{Advice, OFlags, fadvise},
    param::page_size,
};
use serde::{Deserialize, Serialize};

use super::children::children;
use crate::os::mapping::Mapping;

/// How long after its page was loaded a window has all that it needs.
const DRAWN: Duration = Duration::from_secs(2);

/// Whether the next window finds what it needs.
static READ: AtomicBool = AtomicBool::new(false);

/// Whether this run's note was written, or is about to be.
static NOTED: AtomicBool = AtomicBool::new(false);

pub(super) fn start(list: &Path) {
    if READ.swap(true, Ordering::AcqRel) {
        return;
    }
    let list = list.to_owned();
    in_background(move || match read(&list) {
        Ok(bytes) => tracing::info!(bytes, "what a window needs is read ahead"),
        Err(error) => tracing::debug!(%error, "nothing is read ahead"),
    });
}

pub(super) fn expect() {
    READ.store(false, Ordering::Release);
}

pub(super) fn note_soon(list: &Path) {
    if NOTED.swap(true, Ordering::AcqRel) {
        return;
    }
    let list = list.to_owned();
    in_background(move || {
        thread::sleep(DRAWN);
        let noted = note(&list).unwrap_or_else(|error| {
            tracing::warn!(%error, list = %list.display(), "what a window needs is not noted");
            false
        });
        NOTED.store(noted, Ordering::Release);
    });
}

/// Without it windows only open later.
fn in_background(work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().name("read-ahead".to_owned());
    if let Err(error) = thread.spawn(work) {
        tracing::warn!(%error, "no thread to read ahead");
    }
}

/// A file of which parts are needed.
#[derive(Debug, Deserialize, Serialize)]
struct Needed {
    file: PathBuf,
    /// Where each begins, and how long it is; in bytes.
    parts: Vec<(u64, u64)>,
}

/// Notes what the window that is there needed; answers whether there is one.
fn note(list: &Path) -> io::Result<bool> {
    let started: Vec<_> = children()
        .filter(|child| child.name.starts_with("WebKit"))
        .collect();
    // As far as the kernel keeps names.
    if !started.iter().any(|child| child.name == "WebKitWebProces") {
        return Ok(false);
    }
    let mut pages = HashMap::new();
    let ids = started.iter().map(|child| child.id.to_string());
    for id in ids.chain([process::id().to_string()]) {
        add_pages(&Path::new("/proc").join(id), &mut pages)?;
    }
    private::replace(list, &serde_json::to_vec(&needed(pages))?)?;
    Ok(true)
}

/// Has the system read what was noted, without waiting for it; answers how many bytes that are.
fn read(list: &Path) -> io::Result<u64> {
    let needed: Vec<Needed> = serde_json::from_slice(&fs::read(list)?)?;
    let mut bytes = 0_u64;
    for Needed { file, parts } in needed {
        // Whatever the list says: it must not wait for somebody at the other end.
        let opened = OpenOptions::new()
            .read(true)
            .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
            .open(file);
        let Ok(file) = opened else { continue };
        for (start, length) in parts {
            let Ok(length) = length.try_into() else {
                continue;
            };
            if fadvise(&file, start, Some(length), Advice::WillNeed).is_ok() {
                bytes = bytes.saturating_add(length.get());
            }
        }
    }
    Ok(bytes)
}

/// So many pages between two parts cost less than a part more.
const GAP: u64 = 16;

/// The pages of each file.
type Pages = HashMap<PathBuf, Vec<u64>>;

/// The parts that these pages make up. The largest files come first: they are waited for most.
fn needed(pages: Pages) -> Vec<Needed> {
    let mut files: Vec<_> = pages.into_iter().collect();
    for (_, pages) in &mut files {
        pages.sort_unstable();
        pages.dedup();
    }
    files.sort_by_key(|(_, pages)| std::cmp::Reverse(pages.len()));
    let parts = |pages: Vec<u64>| {
        let size = page_size() as u64;
        let runs = pages.chunk_by(|one, next| next - one <= GAP);
        runs.filter_map(|run| Some((*run.first()?, *run.last()?)))
            .map(|(first, last)| (first * size, (last - first + 1) * size))
            .collect()
    };
    files
        .into_iter()
        .map(|(file, pages)| Needed {
            file,
            parts: parts(pages),
        })
        .collect()
}

/// Adds the pages of files that a process has in memory.
fn add_pages(process: &Path, pages: &mut Pages) -> io::Result<()> {
    /// `PM_PRESENT` in the kernel's documentation of `pagemap`.
    const PRESENT: u64 = 1 << 63;
    let size = page_size() as u64;
    let maps = fs::read_to_string(process.join("maps"))?;
    let pagemap = File::open(process.join("pagemap"))?;
    for mapping in maps.lines().filter_map(Mapping::parse).filter(lasts) {
        let mut entries = vec![0; mapping.addresses.len() / page_size() * 8];
        pagemap.read_exact_at(&mut entries, mapping.addresses.start as u64 / size * 8)?;
        let entries = entries.as_chunks().0.iter().copied();
        let present = entries
            .map(u64::from_ne_bytes)
            .zip(mapping.offset / size..)
            .filter(|(entry, _)| entry & PRESENT != 0)
            .map(|(_, page)| page);
        let of_file = pages.entry(mapping.name.into()).or_default();
        of_file.extend(present);
    }
    Ok(())
}

/// Whether it is a file that will be there again, and none that processes write to and share.
fn lasts(mapping: &Mapping<'_>) -> bool {
    let gone = mapping.name.starts_with("/dev/") || mapping.name.ends_with(" (deleted)");
    let written = mapping.is_writable() && mapping.is_shared();
    mapping.is_of_a_file() && !gone && !written && !mapping.addresses.is_empty()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn what_is_no_lasting_file_is_not_noted() {
        for line in [
            "",
            "7f00a000-7f00c000 rw-p 00000000 00:00 0 ",
            "7f00a000-7f00c000 rw-p 00000000 00:00 0                  [heap]",
            "7f00a000-7f00c000 r--p 00000000 fe:00 12                 /tmp/was here (deleted)",
            "7f00a000-7f00c000 rw-s 00000000 fe:00 12                 /home/ann/inbox.db-shm",
            "7f00a000-7f00c000 rw-p 00000000 00:05 12                 /dev/zero",
            "7f00c000-7f00a000 r--p 00000000 fe:00 12                 /usr/lib/backwards.so",
        ] {
            assert!(
                !Mapping::parse(line).is_some_and(|mapping| lasts(&mapping)),
                "{line:?}"
            );
        }
    }

    #[test]
    fn pages_close_to_each_other_are_read_as_one_part() {
        let size = page_size() as u64;
        let pages = vec![90, 7, 8, 7, 8 + GAP];
        let needed = needed(Pages::from([("/a".into(), pages)]));
        let parts = [(7 * size, (2 + GAP) * size), (90 * size, size)];
        assert_eq!(needed[0].parts, parts);
    }

    #[test]
    fn the_largest_files_are_read_first() {
        let pages = Pages::from([("/small".into(), vec![1]), ("/large".into(), vec![1, 2])]);
        let needed = needed(pages);
        assert_eq!(needed[0].file, Path::new("/large"));
    }

    #[test]
    fn a_process_tells_what_it_has_in_memory_of_its_program() {
        let mut pages = Pages::new();
        add_pages(Path::new("/proc/self"), &mut pages).unwrap();
        let program = std::env::current_exe().unwrap();
        let of_program = &pages[&program];
        let last = program.metadata().unwrap().size() / page_size() as u64;
        assert!(of_program.len() > 10, "{of_program:?}");
        assert!(of_program.iter().all(|page| *page <= last));
    }

    #[test]
    fn without_a_window_nothing_is_noted() {
        let folder = TempDir::new().unwrap();
        let list = folder.path().join("ahead.json");
        assert!(!note(&list).unwrap());
        assert!(!list.exists());
    }

    #[test]
    fn what_was_noted_is_read_and_what_is_no_file_any_longer_passed_over() {
        let folder = TempDir::new().unwrap();
        let (list, file) = (folder.path().join("ahead.json"), folder.path().join("file"));
        let pipe = folder.path().join("pipe");
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR, 0).unwrap();
        fs::write(&file, [7; 10_000]).unwrap();
        let of = |file: &Path| Needed {
            file: file.to_owned(),
            parts: vec![(0, 4096), (8192, 4096), (0, 0)],
        };
        let listed = [of(&folder.path().join("gone")), of(&pipe), of(&file)];
        fs::write(&list, serde_json::to_vec(&listed).unwrap()).unwrap();
        assert_eq!(read(&list).unwrap(), 8192);
    }

    #[test]
    fn a_note_that_is_none_is_refused() {
        let folder = TempDir::new().unwrap();
        let list = folder.path().join("ahead.json");
        for text in [
            "",
            "[",
            "{}",
            "[{\"file\":7}]",
            "[{\"file\":\"/a\",\"parts\":[[-1,2]]}]",
        ] {
            fs::write(&list, text).unwrap();
            read(&list).unwrap_err();
        }
    }
}
