//! Whether WebKit's network process stays, and its end.

use std::sync::atomic::{AtomicBool, Ordering};

use super::children::children;

/// Whether it stays.
static NEEDED: AtomicBool = AtomicBool::new(false);

/// `WebKitNetworkProcess`, as far as the kernel keeps names.
const NAME: &str = "WebKitNetworkPr";

pub(super) fn keep() {
    NEEDED.store(true, Ordering::Release);
}

pub(super) fn end() {
    if NEEDED.load(Ordering::Acquire) || !super::is_loaded() {
        return;
    }
    for child in children().filter(|child| child.name == NAME) {
        // SAFETY: it takes numbers only. The process is a child of ours, whose number no
        // other gets before GLib has heard of its end.
        #[allow(unsafe_code, reason = "the standard library ends only what it started")]
        unsafe {
            libc::kill(child.id, libc::SIGTERM);
        }
    }
}
