//! A company's page: a window that has no access to the app, goes nowhere but to its own origin
//! and those that its source names, and leaves everything else to the browser.
//!
//! - `navigation`: where it may go. Pure.
//! - `failure`: what is shown where it cannot be loaded. Pure.
//! - `session`: where its cookies are, and their end.
//! - `proxy`: by which proxy it goes.
//! - `webkit`: all of that in WebKitGTK.

#[cfg(target_os = "linux")]
mod failure;
mod navigation;
#[cfg(target_os = "linux")]
mod proxy;
mod session;
#[cfg(target_os = "linux")]
mod webkit;

use std::sync::Arc;

use belldot_core::source::SourceId;
use tauri::{AppHandle, WebviewUrl, WebviewWindow, WebviewWindowBuilder, webview::DownloadEvent};
use url::Url;

use super::REMOTE;
use crate::{os, rooms::Rooms};

pub use self::session::{forget_all_but, forget_gone};

/// A page to show.
#[derive(Clone, Debug)]
pub struct Page {
    /// Whose it is.
    pub source: SourceId,
    /// The source's name.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// Further origins that it may go to.
    pub origins: Vec<Url>,
}

/// Makes its window.
#[cfg(target_os = "linux")]
pub fn make(app: &AppHandle, rooms: &Arc<Rooms>, page: Page) -> tauri::Result<WebviewWindow> {
    // Nothing is loaded before the rules are there.
    let blank = Url::parse("about:blank").map_err(tauri::Error::InvalidUrl)?;
    let window = builder(app, rooms, &page, blank).build()?;
    let (rooms, ruled) = (rooms.clone(), window.clone());
    tauri::async_runtime::spawn(async move {
        let proxy = proxy::choose(&rooms, &page).await;
        let set_up = move |webview: tauri::webview::PlatformWebview| {
            webkit::set_up(&webview.inner(), &rooms, page, proxy);
        };
        if let Err(error) = ruled.with_webview(set_up) {
            // Somebody was quicker, and closed it.
            tracing::debug!(%error, "a company's page is not loaded");
        }
    });
    Ok(window)
}

/// Makes its window. What Tauri tells of navigations on these systems is where they lead, not who
/// asked for them.
#[cfg(not(target_os = "linux"))]
pub fn make(app: &AppHandle, rooms: &Arc<Rooms>, page: Page) -> tauri::Result<WebviewWindow> {
    use std::{
        sync::{Mutex, PoisonError},
        time::Instant,
    };

    use tauri::webview::NewWindowResponse;

    use self::navigation::{Navigation, Verdict};
    use super::browse;

    let rules = Arc::new(Mutex::new(Navigation::new(&page.url, &page.origins)));
    let (leaving, popping, popped) = (app.clone(), app.clone(), rules.clone());
    builder(app, rooms, &page, page.url.clone())
        .on_navigation(move |to| {
            let mut rules = rules.lock().unwrap_or_else(PoisonError::into_inner);
            let verdict = rules.goes(to, true, Instant::now());
            if verdict == Verdict::Outside {
                browse(&leaving, to);
            }
            verdict == Verdict::Inside
        })
        .on_new_window(move |to, _| {
            let mut rules = popped.lock().unwrap_or_else(PoisonError::into_inner);
            if rules.new_window(&to, true, Instant::now()) == Verdict::Outside {
                browse(&popping, &to);
            }
            NewWindowResponse::Deny
        })
        .build()
}

fn builder<'a>(
    app: &'a AppHandle,
    rooms: &Rooms,
    page: &Page,
    first: Url,
) -> WebviewWindowBuilder<'a, tauri::Wry, AppHandle> {
    // Who closes it and opens it again is still signed in.
    os::webkit::keep_network_process();
    let folder = session::folder(rooms.places(), &page.source, &page.url);
    session::note_opened(&folder);
    WebviewWindowBuilder::new(app, REMOTE, WebviewUrl::External(first))
        .title(&page.name)
        .inner_size(1000.0, 720.0)
        .data_directory(folder)
        .on_download(|_, event| !matches!(event, DownloadEvent::Requested { .. }))
}
