//! What is known of the window of a company's page.

use std::cell::{Cell, RefCell};

use belldot_bell::windows::CompanyPage;
use belldot_core::{i18n::Localizer, settings::Language};
use gtk::glib;
use tauri::AppHandle;
use url::Url;
use webkit2gtk::{WebView, WebViewExt as _};

use crate::company::{
    failure::{self, Failure},
    navigation::Navigation,
};

/// What is known of a window.
pub(super) struct Window {
    pub(super) app: AppHandle,
    pub(super) language: Language,
    pub(super) page: CompanyPage,
    pub(super) navigation: RefCell<Navigation>,
    pub(super) content: Cell<Content>,
    /// What the next that comes into it says, if that is a page of Belldot's.
    pub(super) next: Cell<Option<Failure>>,
}

/// What is in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Nothing,
    /// A page of Belldot's that says why there is none of the company's.
    Explanation(Failure),
    Page,
}

impl Window {
    /// Shows a sentence instead of this address.
    pub(super) fn explain(&self, webview: &WebView, url: &Url, failure: Failure) {
        tracing::warn!(?failure, "a company's page is not loaded");
        self.next.set(Some(failure));
        let page = failure::page(failure, &self.page, url, &Localizer::new(self.language));
        webview.load_alternate_html(&page, url.as_str(), Some("about:blank"));
    }
}

/// An address as WebKit gives it.
pub(super) fn parsed(uri: Option<glib::GString>) -> Option<Url> {
    Url::parse(&uri?).ok()
}
