//! A company's page in WebKitGTK.
//!
//! - `policy`: the rules of navigation, as WebKit lets them be told.
//! - `filter`: what WebKit does not load as the page.
//! - `failures`: a sentence instead of a page that cannot be loaded.
//! - `proxy`: by which proxy it goes.
//! - `trust`: certificates of authorities that the system does not know.
//! - `window`: what is known of its window.
//! - `sessions`: cookies and caches that are in memory.

mod failures;
mod filter;
mod policy;
mod proxy;
mod sessions;
mod trust;
mod window;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use belldot_bell::windows::CompanyPage;
use belldot_core::settings::Language;
use gtk::{
    gdk,
    glib::{self, Propagation, prelude::*},
    prelude::WidgetExt as _,
};
use tauri::AppHandle;
use webkit2gtk::{WebView, WebViewExt as _};

use super::{failure::Failure, navigation::Navigation};

use self::window::{Content, Window};

pub(super) use sessions::forget;

/// How long a server may take until its page shows.
const SILENCE: Duration = Duration::from_secs(30);

/// Gives a window its rules, its proxy and its authorities, and loads the page.
pub(super) fn set_up(webview: &WebView, app: AppHandle, page: CompanyPage, language: Language) {
    let folder = page.folder.clone();
    sessions::remember(webview, folder.clone());
    proxy::go_by(webview, page.proxy.clone());
    let navigation = Navigation::new(&page.url, &page.origins);
    let rules = navigation.filter();
    let window = Rc::new(Window {
        app,
        language,
        page,
        navigation: RefCell::new(navigation),
        content: Cell::new(Content::Nothing),
        next: Cell::new(None),
    });
    policy::rule(webview, &window);
    failures::explain(webview, &window);
    trust::extend(webview, &window);
    obey_keys(webview);
    let loading = webview.clone();
    filter::put(webview, &folder.join("filter"), &rules, move |put| {
        if let Err(error) = put {
            // What the page may not go to is then asked for, and not shown.
            tracing::warn!(%error, "a company's page has no filter");
        }
        loading.load_uri(window.page.url.as_str());
        expect(&loading, &window);
    });
}

/// Has a window say so where its page does not show in time: WebKit would wait for ever.
fn expect(webview: &WebView, window: &Rc<Window>) {
    let (webview, window) = (webview.downgrade(), window.clone());
    glib::timeout_add_local_once(SILENCE, move || {
        if let Some(webview) = webview.upgrade()
            && window.content.get() == Content::Nothing
        {
            window.explain(&webview, &window.page.url, Failure::Timeout);
        }
    });
}

/// The keys that every browser has: F5 and Ctrl+R load again, Alt with an arrow goes back and
/// forth.
fn obey_keys(webview: &WebView) {
    use gdk::{ModifierType, keys::constants as keys};

    webview.connect_key_press_event(|webview, key| {
        let held = key.state() & (ModifierType::CONTROL_MASK | ModifierType::MOD1_MASK);
        let key = key.keyval();
        if key == keys::F5 || held == ModifierType::CONTROL_MASK && key == keys::r {
            webview.reload();
        } else if held == ModifierType::MOD1_MASK && key == keys::Left {
            webview.go_back();
        } else if held == ModifierType::MOD1_MASK && key == keys::Right {
            webview.go_forward();
        } else {
            return Propagation::Proceed;
        }
        Propagation::Stop
    });
}
