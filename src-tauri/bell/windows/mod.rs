//! Windows, as the bell sees them: another program shows them, mostly in a process of its own.
//!
//! - `message`: what the two tell each other.
//! - `request`, `commands`: what Belldot's own pages may ask for, and what answers.
//! - `company`: a company's page: by which proxy it goes, and what it keeps.
//! - `process`: the processes that show windows.

mod activation;
mod commands;
mod company;
mod message;
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub mod process;
mod request;

use std::sync::Arc;

use belldot_core::{desktop::Page, input::DesktopHint, page::News, source::SourceId};
use url::Url;

use crate::{os, state::AppState};

pub use self::{
    activation::Activation,
    company::{forget_all_but, forget_gone, remove},
    message::{
        COMPANY, CompanyPage, FromWindows, Proxy, SETTINGS, Show, Start, TODOS, ToWindows,
        WindowPage,
    },
    request::PageRequest,
};

/// Whoever shows windows: other processes, or the same one. Cheap to call, never waits; what comes
/// of it is told to [`hear`].
pub trait WindowHost: Send + Sync {
    /// Passes a message on. Where a page is to be shown, it sees to it that there is somebody who
    /// shows it.
    fn send(&self, message: ToWindows);

    /// Tells Belldot's own pages what is new, if there are any.
    fn publish(&self, news: &News) {
        self.send(ToWindows::news(news));
    }
}

/// Whose windows tell something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Belldot's own: its pages may ask for everything.
    Belldot,
    /// The page of a source's company: it has no access.
    Company(SourceId),
}

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
    state.windows().send(ToWindows::Show(Box::new(Show {
        page,
        language: state.language(),
        theme: state.settings().general.theme,
        activation: state.activation().take(),
    })));
}

/// Takes what windows tell.
pub fn hear(state: &Arc<AppState>, owner: &Owner, message: FromWindows) {
    match message {
        FromWindows::Ready { webview } => state.note_webview(webview),
        FromWindows::Request {
            id,
            window,
            command,
            arguments,
        } if *owner == Owner::Belldot => {
            let state = state.clone();
            state.runtime().clone().spawn(async move {
                let answer = match PageRequest::parse(&command, arguments) {
                    Ok(request) => request.answer(&state, &window).await,
                    Err(error) => {
                        tracing::warn!(command, %error, "a page asks for something unknown");
                        Err(error.to_string())
                    }
                };
                state.windows().send(ToWindows::Answer { id, answer });
            });
        }
        FromWindows::Request { .. } => {
            tracing::warn!("a company's page asked for something");
        }
        FromWindows::Shown { error: None, .. } => state.note_opened(Ok(())),
        FromWindows::Shown {
            error: Some(error), ..
        } => {
            tracing::error!(error, "no window");
            state.note_opened(Err(error));
        }
        FromWindows::Browse { url } => browse(state, &url),
        FromWindows::Closed { window } => tracing::debug!(window, "closed"),
        FromWindows::Crashed { window } => {
            tracing::error!(window, "a web process ended");
            state.inputs().tell(DesktopHint::WindowCrashed);
        }
    }
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
        inputs.tell(DesktopHint::Link { url, opened });
    });
}
