//! The port to the desktop: everything that Belldot can make visible.

use crate::{
    bell::Bell,
    model::{ToastId, TodoKey},
    page::News,
    settings::Settings,
    source::{Source, SourceId},
    toast::Toast,
};

pub use crate::input::NotOpened;

/// Shows what the controller decided. An implementation must not block for long and must not fail:
/// what it cannot show, it reports as an [`crate::Input`].
pub trait Desktop {
    /// Shows this bell; called only when something about it changed.
    fn show_bell(&mut self, bell: &Bell);
    /// Shows a toast, or replaces the one with the same id.
    fn show_toast(&mut self, toast: &Toast);
    /// Returns whether the person's desktop has taken every toast that was shown. Until it has,
    /// they may be lost with the program, and are noted as not announced.
    fn has_told(&self) -> bool {
        true
    }
    /// Withdraws a toast, if it is still there.
    fn close_toast(&mut self, id: &ToastId);
    /// Opens a window or brings it to the front.
    fn open_page(&mut self, page: &Page);
    /// Tells the open windows what changed.
    fn publish(&mut self, news: &News);
    /// Applies these settings, which differ from the ones before.
    fn use_settings(&mut self, settings: &Settings) {
        let _ = settings;
    }
    /// Ends the program; every stream is closed already.
    fn quit(&mut self);
}

/// A window to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Belldot's own list, at this to-do if one is given.
    Todos(Option<TodoKey>),
    /// The settings.
    Settings,
    /// The settings, at what Belldot is and how it is doing.
    About,
    /// A source's own page, isolated.
    Remote {
        /// The source.
        source: SourceId,
        /// The source's name, for the window's title.
        name: String,
        /// The page.
        url: url::Url,
        /// Further origins that its window may go to.
        origins: Vec<url::Url>,
    },
    /// An address in the user's browser.
    Browser(url::Url),
}

impl Page {
    /// Returns what a click on the bell opens: the own page of the only source, where it has one,
    /// else Belldot's list.
    pub fn of_click(sources: &[Source]) -> Self {
        match sources {
            [
                Source {
                    id,
                    name,
                    page: Some(url),
                    page_origins,
                    ..
                },
            ] => Self::Remote {
                source: id.clone(),
                name: name.clone(),
                url: url.clone(),
                origins: page_origins.clone(),
            },
            _ => Self::Todos(None),
        }
    }
}
