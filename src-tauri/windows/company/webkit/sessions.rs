//! What is kept of pages that were open in this run: the network process has it in memory.

use std::{cell::RefCell, collections::HashMap, path::PathBuf};

use gtk::{gio, glib};
use tauri::{AppHandle, Manager as _};
use webkit2gtk::{
    WebView, WebViewExt as _, WebsiteDataManager, WebsiteDataManagerExtManual as _,
    WebsiteDataTypes,
};

use crate::windows::REMOTE;

thread_local! {
    /// By folder.
    static SESSIONS: RefCell<HashMap<PathBuf, WebsiteDataManager>> = RefCell::default();
    /// The folder of the page that was opened last.
    static LATEST: RefCell<Option<PathBuf>> = RefCell::default();
}

/// Remembers whose session a window has.
pub fn remember(webview: &WebView, folder: PathBuf) {
    if let Some(session) = webview.website_data_manager() {
        SESSIONS.with_borrow_mut(|sessions| sessions.insert(folder.clone(), session));
    }
    LATEST.set(Some(folder));
}

/// Has the session of a folder forget everything, and closes its window.
pub fn forget(app: &AppHandle, folder: PathBuf, then: impl FnOnce() + Send + 'static) {
    let is_open = LATEST.with_borrow(|latest| latest.as_ref() == Some(&folder));
    if is_open && let Some(window) = app.get_webview_window(REMOTE) {
        let _ = window.destroy();
    }
    let session = SESSIONS.with_borrow(|sessions| sessions.get(&folder).cloned());
    let Some(session) = session else {
        then();
        return;
    };
    let cleared = move |result: Result<(), glib::Error>| {
        if let Err(error) = result {
            tracing::warn!(%error, "a page's session is not cleared");
        }
        then();
    };
    let all = WebsiteDataTypes::all();
    session.clear(all, glib::TimeSpan(0), gio::Cancellable::NONE, cleared);
}
