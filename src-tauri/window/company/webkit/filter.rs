//! What WebKit itself does not load as the page of a window, before anything is asked for.
//!
//! A content filter is the one thing in WebKitGTK that tells the page of a window from its frames
//! before a request leaves. The bindings leave it out.

#![allow(unsafe_code, reason = "the bindings leave content filters out")]

use std::{ffi::CString, os::unix::ffi::OsStrExt as _, path::Path, ptr};

use gtk::{
    gio,
    glib::{self, ffi::gpointer, gobject_ffi::GObject, translate::*},
};
use webkit2gtk::{UserContentManager, WebView, WebViewExt as _, ffi};

/// What is done once the filter holds, or cannot.
type FilterDone = Box<dyn FnOnce(Result<(), glib::Error>)>;

struct Waiting {
    content: UserContentManager,
    then: FilterDone,
}

/// Puts a filter on a window. `rules` are as WebKit's content blockers have them; they are
/// compiled into `folder`.
pub fn put(
    webview: &WebView,
    folder: &Path,
    rules: &str,
    then: impl FnOnce(Result<(), glib::Error>) + 'static,
) {
    let then: FilterDone = Box::new(then);
    let (Some(content), Ok(folder)) = (
        webview.user_content_manager(),
        CString::new(folder.as_os_str().as_bytes()),
    ) else {
        then(Err(glib::Error::new(
            gio::IOErrorEnum::InvalidFilename,
            "no folder",
        )));
        return;
    };
    let rules = glib::Bytes::from(rules.as_bytes());
    let waiting = Box::new(Waiting { content, then });
    // SAFETY: the strings are C strings, which WebKit copies; the store lives as long as it saves;
    // `saved` takes what waits for it, once.
    unsafe {
        let store = ffi::webkit_user_content_filter_store_new(folder.as_ptr());
        ffi::webkit_user_content_filter_store_save(
            store,
            c"page".as_ptr(),
            rules.to_glib_none().0,
            ptr::null_mut(),
            Some(saved),
            Box::into_raw(waiting).cast(),
        );
        glib::gobject_ffi::g_object_unref(store.cast());
    }
}

unsafe extern "C" fn saved(
    store: *mut GObject,
    result: *mut gio::ffi::GAsyncResult,
    waiting: gpointer,
) {
    // SAFETY: WebKit calls this once for each `put`, with what that passed and a store of this
    // kind; it answers a filter or an error, both ours.
    let (waiting, saved) = unsafe {
        let waiting = Box::from_raw(waiting.cast::<Waiting>());
        let mut error = ptr::null_mut();
        let filter =
            ffi::webkit_user_content_filter_store_save_finish(store.cast(), result, &mut error);
        let saved = if filter.is_null() {
            Err(from_glib_full(error))
        } else {
            ffi::webkit_user_content_manager_add_filter(waiting.content.to_glib_none().0, filter);
            ffi::webkit_user_content_filter_unref(filter);
            Ok(())
        };
        (waiting, saved)
    };
    (waiting.then)(saved);
}
