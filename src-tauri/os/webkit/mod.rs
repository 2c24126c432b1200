//! WebKit, which draws windows: how it draws, when it is read and loaded, and what of it stays.

use std::path::Path;

#[cfg(target_os = "linux")]
mod ahead;
#[cfg(target_os = "linux")]
mod children;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod lazily;
#[cfg(target_os = "linux")]
mod network;

/// Has WebKit draw in plain memory where there is no graphics device, as on many virtual and remote
/// desktops: it would lose a quarter of a second trying, and look for the device through a library
/// that brings a compiler for graphics along. Call before there are threads.
pub fn prepare() {
    #[cfg(target_os = "linux")]
    {
        const PLAIN: [(&str, &str); 3] = [
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
            ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
            ("WEBKIT_WEB_RENDER_DEVICE_FILE", "/dev/null"),
        ];
        let devices = std::fs::read_dir("/dev/dri")
            .into_iter()
            .flatten()
            .flatten();
        let mut names = devices.map(|device| device.file_name());
        if names.any(|name| name.to_string_lossy().starts_with("renderD")) {
            return;
        }
        for (name, value) in PLAIN {
            if std::env::var_os(name).is_none() {
                // SAFETY: there is only this thread.
                #[allow(unsafe_code, reason = "WebKit takes it from the environment only")]
                unsafe {
                    std::env::set_var(name, value);
                }
            }
        }
    }
}

/// Has the system read what a window needs, where the last one is long gone or there was none. It
/// does not wait for it. The list is the one that [`note_soon`] writes.
pub fn read_ahead(list: &Path) {
    #[cfg(target_os = "linux")]
    ahead::start(list);
    #[cfg(not(target_os = "linux"))]
    let _ = list;
}

/// From now on the next window needs to be read ahead again. Call when there is no window.
pub fn expect_to_read() {
    #[cfg(target_os = "linux")]
    ahead::expect();
}

/// Lists what the window needed that has just been shown, for [`read_ahead`]: once in a run.
pub fn note_soon(list: &Path) {
    #[cfg(target_os = "linux")]
    ahead::note_soon(list);
    #[cfg(not(target_os = "linux"))]
    let _ = list;
}

/// Whether windows need not wait for it.
pub fn is_loaded() -> bool {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    return lazily::is_loaded();
    #[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
    true
}

/// Loads WebKit, unless it is there.
///
/// # Errors
/// Why it cannot be loaded.
pub fn load() -> Result<(), String> {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    lazily::library()?;
    Ok(())
}

/// Has WebKit's network process stay from now on: a page's session is kept there and nowhere else.
pub fn keep_network_process() {
    #[cfg(target_os = "linux")]
    network::keep();
}

/// Ends WebKit's network process, which WebKit itself leaves running for good. Call when there is
/// no window; the next one gets another, even where it is already being made.
pub fn end_network_process() {
    #[cfg(target_os = "linux")]
    network::end();
}
