//! The core's port to the desktop: tray, toasts, windows.

use std::sync::Arc;

use belldot_core::{
    bell::Bell,
    desktop::{Desktop, Page},
    page::News,
    settings::Settings,
    toast::{Toast, ToastId},
};

use crate::{notify::Notifier, pages, state::AppState, streams::Closing, tray::Tray};

/// Everything that Belldot can make visible on this desktop.
pub struct Screen {
    tray: Box<dyn Tray>,
    notifier: Arc<dyn Notifier>,
    state: Arc<AppState>,
    closing: Closing,
    exit: Box<dyn Fn(i32) + Send>,
}

impl Screen {
    /// Over a tray and a notifier that run.
    pub fn new(
        tray: Box<dyn Tray>,
        notifier: Arc<dyn Notifier>,
        state: Arc<AppState>,
        closing: Closing,
        exit: Box<dyn Fn(i32) + Send>,
    ) -> Self {
        Self {
            tray,
            notifier,
            state,
            closing,
            exit,
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
        pages::open(&self.state, page);
    }

    fn publish(&mut self, news: &News) {
        self.state.keep_news(news);
        self.state.windows().publish(news);
    }

    fn use_settings(&mut self, settings: &Settings) {
        self.state.keep_settings(settings);
    }

    fn quit(&mut self) {
        // The sockets are closed before the process goes, so that the servers know at once.
        self.closing.wait();
        (self.exit)(0);
    }
}
