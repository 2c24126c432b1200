//! What is kept of pages that were open in this run: the network process has it in memory.

use std::{
    cell::RefCell,
    collections::HashMap,
    path::{Path, PathBuf},
};

use gtk::{gio, glib};
use webkit2gtk::{
    WebView, WebViewExt as _, WebsiteDataManager, WebsiteDataManagerExtManual as _,
    WebsiteDataTypes,
};

thread_local! {
    /// By folder.
    static SESSIONS: RefCell<HashMap<PathBuf, WebsiteDataManager>> = RefCell::default();
}

/// Remembers whose session a window has.
pub fn remember(webview: &WebView, folder: PathBuf) {
    if let Some(session) = webview.website_data_manager() {
        SESSIONS.with_borrow_mut(|sessions| sessions.insert(folder, session));
    }
}

/// Has the session of a folder forget everything.
pub fn forget(folder: &Path, then: impl FnOnce() + Send + 'static) {
    let session = SESSIONS.with_borrow(|sessions| sessions.get(folder).cloned());
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
