//! Memory that only the start or a window needed goes back to the system.

use std::time::Duration;

use tauri::{AppHandle, Manager as _};

use super::webkit;

/// How long after a start, or after the last window, what follows from it has been done.
const SETTLING: Duration = Duration::from_secs(10);

/// Has all threads share two heaps. Call before there are any.
///
/// As it is, the C library gives a heap to each of our threads, of which hardly any does more
/// than wait; none of them is ever full, and none is ever given back.
pub fn share_heaps() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    glibc::share_heaps();
}

/// Gives memory back a little later, unless a window is there then.
pub fn give_back_soon(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SETTLING).await;
        if app.webview_windows().is_empty() {
            webkit::end_network_process();
            webkit::expect_to_read();
            give_back();
        }
    });
}

/// Gives free parts of the heap back, and the pages of programs and libraries, which come back
/// from their files by themselves where they are needed again.
///
/// A start reads every symbol and every address to relocate of GTK and what hangs on it, the first
/// window those of WebKit; a Belldot without a window then needs hardly any of it.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    glibc::give_back();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    #![allow(
        unsafe_code,
        reason = "only the C library knows its heap and its objects"
    )]

    use std::{
        ffi::{c_int, c_void},
        fs,
        ops::Range,
        ptr, slice,
    };

    use crate::os::mapping::Mapping;

    pub fn share_heaps() {
        // SAFETY: it takes numbers only. That it may refuse does no harm.
        unsafe { libc::mallopt(libc::M_ARENA_MAX, 2) };
    }

    pub fn give_back() {
        // SAFETY: any thread may call it at any time.
        unsafe { libc::malloc_trim(0) };
        let mut clean =
            clean_file_mappings(&fs::read_to_string("/proc/self/smaps").unwrap_or_default());
        // SAFETY: the callback gets the same pointer, to what lives until it returns.
        unsafe { libc::dl_iterate_phdr(Some(forget), ptr::from_mut(&mut clean).cast()) };
    }

    /// Lets go of an object's pages that were only read. Meanwhile no object is loaded or
    /// unloaded: `dl_iterate_phdr` holds the loader's lock.
    unsafe extern "C" fn forget(
        object: *mut libc::dl_phdr_info,
        _: usize,
        clean: *mut c_void,
    ) -> c_int {
        // SAFETY: `give_back` passes it, and `dl_iterate_phdr` a valid object with its headers.
        let (clean, object) = unsafe { (&*clean.cast::<Vec<Range<usize>>>(), &*object) };
        if object.dlpi_phdr.is_null() {
            return 0;
        }
        // SAFETY: as above.
        let headers =
            unsafe { slice::from_raw_parts(object.dlpi_phdr, usize::from(object.dlpi_phnum)) };
        for header in headers {
            if header.p_type != libc::PT_LOAD || header.p_flags & libc::PF_W != 0 {
                continue;
            }
            let start = object.dlpi_addr as usize + header.p_vaddr as usize;
            let end = start + header.p_memsz as usize;
            for mapping in clean {
                let (start, end) = (start.max(mapping.start), end.min(mapping.end));
                // Whole pages only: the last one may be shared with what can be written.
                let (start, end) = (start.next_multiple_of(PAGE), end / PAGE * PAGE);
                if start < end {
                    // SAFETY: these pages belong to a segment that nobody can write, and no page
                    // of its mapping differs from the file: they read the same when they are
                    // mapped again. Where the kernel refuses, they stay.
                    unsafe {
                        libc::madvise(start as *mut c_void, end - start, libc::MADV_DONTNEED)
                    };
                }
            }
        }
        0
    }

    /// No page is smaller; where pages are larger, the kernel refuses what is not aligned.
    const PAGE: usize = 4096;

    /// The mappings of files that cannot be written and of which no page was ever changed.
    fn clean_file_mappings(smaps: &str) -> Vec<Range<usize>> {
        let mut mappings = Vec::new();
        let mut mapping = None;
        for line in smaps.lines() {
            if let Some(begun) = Mapping::parse(line) {
                let clean = begun.is_of_a_file() && !begun.is_writable();
                mapping = clean.then_some(begun.addresses);
            } else if line
                .strip_prefix("Anonymous:")
                .is_some_and(|size| size.trim() == "0 kB")
            {
                mappings.extend(mapping.take());
            }
        }
        mappings
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        const SMAPS: &str = "\
7f00-8f00 r--p 00000000 fe:00 12 /usr/lib/libclean.so
Rss:                 100 kB
Anonymous:             0 kB
9000-a000 r-xp 00000000 fe:00 12 /usr/lib/libpatched.so
Anonymous:             4 kB
b000-c000 rw-p 00000000 fe:00 12 /usr/lib/libclean.so
Anonymous:             0 kB
d000-e000 r--p 00000000 00:00 0
Anonymous:             0 kB
e000-f000 r-xp 00000000 00:00 0 [vdso]
Anonymous:             0 kB
";

        /// How much of GTK's library is in memory, of what nobody can write; in kB.
        fn gtk_in_memory() -> u64 {
            let smaps = fs::read_to_string("/proc/self/smaps").unwrap();
            let (mut of_gtk, mut sum) = (false, 0);
            for line in smaps.lines() {
                if let Some(size) = line.strip_prefix("Rss:").filter(|_| of_gtk) {
                    sum += size.trim().trim_end_matches(" kB").parse::<u64>().unwrap();
                } else if Mapping::parse(line).is_some() {
                    of_gtk = line.contains(" r-xp ") && line.contains("libgtk-3");
                }
            }
            sum
        }

        #[test]
        fn what_only_the_start_needed_of_a_library_leaves_the_memory_and_comes_back() {
            let version = gtk::minor_version();
            let before = gtk_in_memory();
            assert!(before > 0);
            give_back();
            assert!(gtk_in_memory() < before, "of {before} kB none left");
            assert_eq!(gtk::minor_version(), version);
        }

        #[test]
        fn only_files_that_cannot_be_and_were_not_written_are_clean() {
            let clean = clean_file_mappings(SMAPS);
            assert_eq!(clean.len(), 1, "{clean:?}");
            assert_eq!(clean[0], 0x7f00..0x8f00);
        }
    }
}
