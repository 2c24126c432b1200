//! Takes what windows tell.

use std::sync::Arc;

use belldot_core::input::DesktopEvent;

use super::{opening::browse, request::PageRequest};
use crate::{
    state::AppState,
    windows::{FromWindows, ToWindows, WindowOwner},
};

/// Takes what windows tell.
pub fn hear(state: &Arc<AppState>, owner: &WindowOwner, message: FromWindows) {
    match message {
        FromWindows::Ready { webview } => state.note_webview(webview),
        FromWindows::Request {
            id,
            window,
            command,
            arguments,
        } if *owner == WindowOwner::Belldot => {
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
            state.inputs().tell(DesktopEvent::WindowCrashed);
        }
    }
}
