//! Gives memory that is not used any more back to the system.
//!
//! The allocator of glibc keeps what many streams needed after they have left: most of its free pages
//! lie between others that are in use (docs/decisions/0033).

/// Starts the thread that does so.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn keep_small() {
    use std::time::Duration;
    const PAUSE: Duration = Duration::from_secs(5);
    let at_start = resident_pages();
    let work = move || {
        loop {
            std::thread::sleep(PAUSE);
            // Whether it is free cannot be seen from outside; to ask costs about a millisecond.
            if resident_pages() > at_start + SPARE_PAGES {
                trim();
            }
        }
    };
    let thread = std::thread::Builder::new().name("memory".to_owned());
    if let Err(error) = thread.spawn(work) {
        tracing::warn!("memory that was used once is kept: {error}");
    }
}

/// Other allocators give back by themselves, or have no way to be told.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn keep_small() {}

/// So much more than at the start is nothing to look after.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const SPARE_PAGES: u64 = 2048;

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn resident_pages() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = statm.split(' ').nth(1);
    resident.and_then(|pages| pages.parse().ok()).unwrap_or(0)
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "glibc has no safe interface for it")]
fn trim() {
    // SAFETY: it may be called at any time by any thread, and touches free memory only.
    unsafe { libc::malloc_trim(0) };
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;

    #[test]
    fn free_pages_between_others_are_given_back() {
        // More than a megabyte is mapped for itself, and less is not.
        let blocks: Vec<_> = (0..40_000).map(|_| vec![1_u8; 2_000]).collect();
        let full = resident_pages();
        let kept: Vec<_> = blocks.into_iter().step_by(100).collect();
        trim();
        let left = resident_pages();
        assert!(left + 10_000 < full, "{full} pages, then {left}");
        drop(kept);
    }
}
