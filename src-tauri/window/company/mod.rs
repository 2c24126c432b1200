//! A company's page: a window that has no access to the app, goes nowhere but to its own origin
//! and those that its source names, and leaves everything else to the browser.
//!
//! - `navigation`: where it may go. Pure.
//! - `failure`: what is shown where it cannot be loaded. Pure.
//! - `webkit`: all of that in WebKitGTK.

#[cfg(target_os = "linux")]
mod failure;
mod navigation;
#[cfg(target_os = "linux")]
mod webkit;

use std::path::Path;

use belldot_bell::windows::{COMPANY, CompanyPage};
use belldot_core::settings::Language;
use tauri::{AppHandle, WebviewUrl, WebviewWindow, WebviewWindowBuilder, webview::DownloadEvent};
use url::Url;

/// Makes its window.
#[cfg(target_os = "linux")]
pub fn make(
    app: &AppHandle,
    page: &CompanyPage,
    language: Language,
) -> tauri::Result<WebviewWindow> {
    // Nothing is loaded before the rules are there.
    let blank = Url::parse("about:blank").map_err(tauri::Error::InvalidUrl)?;
    let window = builder(app, page, blank).build()?;
    let (app, page) = (app.clone(), page.clone());
    let set_up = move |webview: tauri::webview::PlatformWebview| {
        webkit::set_up(&webview.inner(), app, page, language);
    };
    if let Err(error) = window.with_webview(set_up) {
        // Somebody was quicker, and closed it.
        tracing::debug!(%error, "a company's page is not loaded");
    }
    Ok(window)
}

/// Makes its window. What Tauri tells of navigations on these systems is where they lead, not who
/// asked for them.
#[cfg(not(target_os = "linux"))]
pub fn make(app: &AppHandle, page: &CompanyPage, _: Language) -> tauri::Result<WebviewWindow> {
    use std::{sync::Arc, time::Instant};

    use parking_lot::Mutex;
    use tauri::{Manager as _, webview::NewWindowResponse};

    use self::navigation::{Navigation, NavigationVerdict};
    use crate::state::Windows;

    let rules = Arc::new(Mutex::new(Navigation::new(&page.url, &page.origins)));
    let (leaving, popping, popped) = (app.clone(), app.clone(), rules.clone());
    builder(app, page, page.url.clone())
        .on_navigation(move |to| {
            let mut rules = rules.lock();
            let verdict = rules.goes(to, true, Instant::now());
            if verdict == NavigationVerdict::Outside {
                leaving.state::<Windows>().browse(to);
            }
            verdict == NavigationVerdict::Inside
        })
        .on_new_window(move |to, _| {
            let mut rules = popped.lock();
            if rules.new_window(&to, true, Instant::now()) == NavigationVerdict::Outside {
                popping.state::<Windows>().browse(&to);
            }
            NewWindowResponse::Deny
        })
        .build()
}

fn builder<'a>(
    app: &'a AppHandle,
    page: &CompanyPage,
    first: Url,
) -> WebviewWindowBuilder<'a, tauri::Wry, AppHandle> {
    WebviewWindowBuilder::new(app, COMPANY, WebviewUrl::External(first))
        .title(&page.name)
        .inner_size(1000.0, 720.0)
        .data_directory(page.folder.clone())
        .on_download(|_, event| !matches!(event, DownloadEvent::Requested { .. }))
}

/// Has a page forget everything. Call on the main thread.
pub fn forget(folder: &Path) {
    let removed = folder.to_owned();
    let remove = move || belldot_bell::windows::remove(&removed);
    #[cfg(target_os = "linux")]
    webkit::forget(folder, remove);
    #[cfg(not(target_os = "linux"))]
    remove();
}
