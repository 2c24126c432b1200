//! The Tauri application that shows windows, whatever its process.

use std::path::Path;

use belldot_bell::windows::ToWindows;
use belldot_core::private;
use tauri::{App, AppHandle, Builder, Emitter as _, Manager as _, RunEvent, Wry};

use crate::{
    pages::{self, Pages},
    state::{Tell, Windows},
    windows::{self, REMEMBERED},
};

/// An application without windows, that remembers their places in this file.
pub fn builder(window_state: &Path, tell: Tell) -> Builder<Wry> {
    let windows = Windows::new(window_state.to_owned(), tell);
    tauri::Builder::default()
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_filename(window_state.to_string_lossy())
                .with_state_flags(REMEMBERED)
                .build(),
        )
        .manage(windows)
        .manage(Pages::default())
        .invoke_handler(pages::ask)
}

/// Builds it.
///
/// # Errors
/// When there is nothing to draw on, say.
pub fn build(builder: Builder<Wry>) -> tauri::Result<App> {
    builder.build(tauri::generate_context!())
}

/// Runs it until somebody ends it; answers the code.
pub fn run(app: App, window_state: &Path) -> i32 {
    let code = app.run_return(|_, event| {
        // The last window closed is no reason to end; a code means that somebody asked.
        if let RunEvent::ExitRequested {
            api, code: None, ..
        } = event
        {
            api.prevent_exit();
        }
    });
    // A plugin has written it, by its own lights.
    private::narrow(window_state);
    code
}

/// Does what the bell says.
pub fn take(app: &AppHandle, message: ToWindows) {
    match message {
        ToWindows::Start(_) => tracing::warn!("started twice"),
        ToWindows::Show(show) => windows::open(app, *show),
        ToWindows::Emit { event, payload } => {
            if let Err(error) = app.emit(&event, payload) {
                tracing::warn!(%error, event, "the pages did not hear of it");
            }
        }
        ToWindows::Answer { id, answer } => app.state::<Pages>().answer(id, answer),
        ToWindows::Forget { folder, .. } => windows::forget(app, folder),
    }
}
