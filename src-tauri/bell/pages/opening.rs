//! Opens windows, and addresses in the browser.

use std::sync::Arc;

use belldot_core::{desktop::Page, input::DesktopEvent};
use url::Url;

use super::company;
use crate::{
    os,
    state::AppState,
    windows::{ShowWindow, ToWindows, WindowPage},
};

/// Opens a page, or brings its window to the front. Waits for nothing.
pub fn open(state: &Arc<AppState>, page: &Page) {
    let page = match page {
        Page::Browser(url) => return browse(state, url),
        Page::Todos(todo) => WindowPage::Todos { todo: *todo },
        Page::Settings => WindowPage::Settings { about: false },
        Page::About => WindowPage::Settings { about: true },
        Page::Remote {
            source,
            name,
            url,
            origins,
        } => {
            let (source, name) = (source.clone(), name.clone());
            let (url, origins) = (url.clone(), origins.clone());
            let state = state.clone();
            state.runtime().clone().spawn(async move {
                let page = company::page(&state, source, name, url, origins).await;
                show(&state, WindowPage::Company(Box::new(page)));
            });
            return;
        }
    };
    show(state, page);
}

fn show(state: &AppState, page: WindowPage) {
    // Its address may hold a secret, so only its kind is logged.
    tracing::info!(window = page.label(), "opens");
    state.windows().send(ToWindows::Show(Box::new(ShowWindow {
        page,
        language: state.language(),
        theme: state.settings().general.theme,
        activation: state.activation().take(),
    })));
}

/// Opens an address in the user's browser, if it is one that a browser opens. Waits for nothing;
/// where the desktop cannot do it, the controller says so.
pub fn browse(state: &AppState, url: &Url) {
    if !matches!(url.scheme(), "http" | "https") {
        tracing::warn!(scheme = url.scheme(), "not opened: only http and https are");
        return;
    }
    let (inputs, url) = (state.inputs().clone(), url.to_string());
    os::opener::open(url.clone(), move |opened| {
        inputs.tell(DesktopEvent::Link { url, opened });
    });
}
