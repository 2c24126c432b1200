//! What Belldot's own pages ask for: passed on to the bell, but for what only a window knows.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
};

use belldot_bell::windows::{FromWindows, SETTINGS, TODOS};
use parking_lot::Mutex;
use serde_json::Value;
use tauri::{
    Manager as _, Wry,
    ipc::{Invoke, InvokeBody, InvokeResolver},
};

use crate::state::Windows;

/// The requests that wait for an answer.
#[derive(Default)]
pub struct Pages {
    asked: AtomicU64,
    waiting: Mutex<HashMap<u64, InvokeResolver<Wry>>>,
}

impl Pages {
    /// Hands the page the answer to its request.
    pub fn answer(&self, id: u64, answer: Result<Value, String>) {
        let waiting = self.lock().remove(&id);
        match (waiting, answer) {
            (Some(page), Ok(value)) => page.resolve(value),
            (Some(page), Err(sentence)) => page.reject(sentence),
            (None, _) => tracing::debug!(id, "nobody asked for that"),
        }
    }

    fn wait(&self, page: InvokeResolver<Wry>) -> u64 {
        let id = self.asked.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(id, page);
        id
    }

    fn lock(&self) -> parking_lot::MutexGuard<'_, HashMap<u64, InvokeResolver<Wry>>> {
        self.waiting.lock()
    }
}

/// Takes a request of a page; whether there is such a page.
pub fn ask(invoke: Invoke<Wry>) -> bool {
    let Invoke {
        message, resolver, ..
    } = invoke;
    let window = message.webview_ref().label().to_owned();
    if ![TODOS, SETTINGS].contains(&window.as_str()) {
        return false;
    }
    let app = message.webview_ref().app_handle().clone();
    let windows = app.state::<Windows>();
    match message.command() {
        "initial_todo" => resolver.resolve(windows.initial_todo()),
        "initial_about" => resolver.resolve(windows.initial_about()),
        "close_window" => {
            if let Some(window) = app.get_webview_window(&window) {
                let _ = window.close();
            }
            resolver.resolve(());
        }
        command => {
            let InvokeBody::Json(arguments) = message.payload() else {
                resolver.reject("JSON is expected");
                return true;
            };
            windows.tell(FromWindows::Request {
                id: app.state::<Pages>().wait(resolver),
                window,
                command: command.to_owned(),
                arguments: arguments.clone(),
            });
        }
    }
    true
}
