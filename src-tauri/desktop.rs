//! The core's port to the desktop: tray, toasts, windows.

use std::sync::Arc;

use belldot_core::{
    bell::Bell,
    desktop::{Desktop, Page},
    page::News,
    settings::Settings,
    toast::{Toast, ToastId},
};
use tauri::{AppHandle, Emitter as _};

use crate::{notify::Notifier, rooms::Rooms, streams::Closing, tray::Tray, windows};

/// Everything that Belldot can make visible on this desktop.
pub struct Screen {
    app: AppHandle,
    tray: Tray,
    notifier: Arc<Notifier>,
    rooms: Arc<Rooms>,
    closing: Closing,
}

impl Screen {
    /// Over a tray and a notifier that run.
    pub fn new(
        app: AppHandle,
        tray: Tray,
        notifier: Arc<Notifier>,
        rooms: Arc<Rooms>,
        closing: Closing,
    ) -> Self {
        Self {
            app,
            tray,
            notifier,
            rooms,
            closing,
        }
    }
}

impl Desktop for Screen {
    fn show_bell(&mut self, bell: &Bell) {
        self.tray.show(bell);
    }

    fn show_toast(&mut self, toast: &Toast) {
        self.notifier.show(toast);
    }

    fn has_told(&self) -> bool {
        self.notifier.has_told()
    }

    fn close_toast(&mut self, id: &ToastId) {
        self.notifier.close(id);
    }

    fn open_page(&mut self, page: &Page) {
        windows::open(&self.app, &self.rooms, page);
    }

    fn publish(&mut self, news: &News) {
        self.rooms.keep_news(news);
        if let Err(error) = self.app.emit("news", news) {
            tracing::warn!(%error, "the windows did not hear the news");
        }
    }

    fn use_settings(&mut self, settings: &Settings) {
        self.rooms.keep_settings(settings);
    }

    fn quit(&mut self) {
        // The sockets are closed before the process goes, so that the servers know at once.
        self.closing.wait();
        self.app.exit(0);
    }
}
