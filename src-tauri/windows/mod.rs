//! Windows: made when asked for, destroyed when closed.
//!
//! Belldot's own pages are `todos` and `settings`. A company's page gets a window of its own
//! that has no access to the app, stays on its origin, and opens everything else in the browser.

mod company;
mod labels;

use std::{sync::Arc, time::Duration};

use belldot_core::{desktop::Page, input::DesktopHint, private, settings::Theme};
use tauri::{
    AppHandle, Emitter as _, Manager as _, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent,
    webview::{DownloadEvent, NewWindowResponse, PageLoadEvent},
};
use tauri_plugin_window_state::{AppHandleExt as _, StateFlags};
use url::Url;

use crate::{
    os,
    rooms::{self, Rooms},
};

pub use company::{forget_all_but, forget_gone};
pub use labels::{Activation, Labels};

const TODOS: &str = "todos";
const SETTINGS: &str = "settings";
const REMOTE: &str = "company-page";

/// The label of the window that shows a page.
fn label(page: &Page) -> &'static str {
    match page {
        Page::Todos(_) => TODOS,
        Page::Settings | Page::About => SETTINGS,
        Page::Remote { .. } => REMOTE,
        Page::Browser(_) => "",
    }
}

/// Opens a window or brings it to the front.
pub fn open(app: &AppHandle, rooms: &Arc<Rooms>, page: &Page) {
    if rooms.closing().has(label(page)) {
        open_once_closed(app, rooms, page.clone());
        return;
    }
    if !matches!(page, Page::Browser(_)) {
        os::webkit::read_ahead(&rooms.places().ahead());
        if !os::webkit::is_loaded() {
            open_once_loaded(app, rooms, page.clone());
            return;
        }
    }
    // Its address may hold a secret, so only its kind is logged.
    tracing::info!(window = label(page), "opens");
    match page {
        Page::Todos(todo) => {
            rooms.keep_initial_todo(*todo);
            if let (Some(todo), Some(_)) = (todo, app.get_webview_window(TODOS)) {
                let _ = app.emit_to(TODOS, "show-todo", todo);
            }
        }
        Page::About => match app.get_webview_window(SETTINGS) {
            Some(_) => drop(app.emit_to(SETTINGS, "show-about", ())),
            None => rooms.keep_initial_about(true),
        },
        Page::Settings | Page::Remote { .. } => {}
        Page::Browser(url) => {
            browse(app, url);
            return;
        }
    }
    let shown = show(app, rooms, page);
    rooms.note_opened(shown.map_err(|error| {
        tracing::error!(%error, "no window");
        error.to_string()
    }));
}

/// Opens an address in the user's browser, if it is one that a browser opens. Waits for nothing;
/// where the desktop cannot do it, the controller says so.
pub fn browse(app: &AppHandle, url: &Url) {
    if !matches!(url.scheme(), "http" | "https") {
        tracing::warn!(scheme = url.scheme(), "not opened: only http and https are");
        return;
    }
    let Some(rooms) = rooms::of(app) else {
        return;
    };
    let (inputs, url) = (rooms.inputs().clone(), url.to_string());
    os::opener::open(app, url.clone(), move |opened| {
        inputs.tell(DesktopHint::Link { url, opened });
    });
}

/// How often to look whether a closing window is forgotten, and how many times: 5 s.
const FORGETTING: Duration = Duration::from_millis(5);
const LOOKS: u32 = 1_000;

/// What of a window is remembered.
pub const REMEMBERED: StateFlags = StateFlags::SIZE
    .union(StateFlags::POSITION)
    .union(StateFlags::MAXIMIZED);

/// Opens the first window: WebKit is loaded for it, and meanwhile GTK gets ready.
fn open_once_loaded(app: &AppHandle, rooms: &Arc<Rooms>, page: Page) {
    let (to_open, shared) = (app.clone(), rooms.clone());
    tauri::async_runtime::spawn_blocking(move || match os::webkit::load() {
        Ok(()) => open(&to_open, &shared, &page),
        Err(error) => {
            tracing::error!(error, "no WebKit");
            shared.note_opened(Err(error));
        }
    });
    #[cfg(target_os = "linux")]
    let _ = app.run_on_main_thread(make_gtk_ready);
}

/// Has GTK read its style and the keyboard, which WebKit would otherwise wait for.
#[cfg(target_os = "linux")]
fn make_gtk_ready() {
    use gtk::gdk::{Display, Keymap};

    drop(gtk::Settings::default());
    let keyboard = Display::default().and_then(|display| Keymap::for_display(&display));
    // It is read when it is first asked for something.
    let _ = keyboard.is_some_and(|keyboard| keyboard.is_caps_locked());
}

/// Opens a window as soon as the one that is closing under its label is gone.
fn open_once_closed(app: &AppHandle, rooms: &Arc<Rooms>, page: Page) {
    let (app, rooms) = (app.clone(), rooms.clone());
    tauri::async_runtime::spawn(async move {
        for _ in 0..LOOKS {
            if app.get_webview_window(label(&page)).is_none() {
                break;
            }
            tokio::time::sleep(FORGETTING).await;
        }
        rooms.closing().end(label(&page));
        open(&app, &rooms, &page);
    });
}

/// Brings a page's window to the front, or makes it: once, however many ask for it at a time.
fn show(app: &AppHandle, rooms: &Arc<Rooms>, page: &Page) -> tauri::Result<()> {
    let label = label(page);
    if !rooms.opening().begin(label) {
        // Who makes it shows it.
        return Ok(());
    }
    let shown = match app.get_webview_window(label) {
        Some(window) => {
            to_front(&window, rooms);
            Ok(())
        }
        None => make(app, rooms, page),
    };
    rooms.opening().end(label);
    shown
}

fn make(app: &AppHandle, rooms: &Arc<Rooms>, page: &Page) -> tauri::Result<()> {
    let (words, label) = (rooms.words(), label(page));
    match page {
        Page::Todos(_) => {
            let title = words.say("window-todos", &[]);
            own(app, rooms, label, title, (440.0, 720.0))
        }
        Page::Settings | Page::About => {
            let title = words.say("window-settings", &[]);
            own(app, rooms, label, title, (860.0, 640.0))
        }
        Page::Remote {
            source,
            name,
            url,
            origins,
        } => {
            let page = company::Page {
                source: source.clone(),
                name: name.clone(),
                url: url.clone(),
                origins: origins.clone(),
            };
            company::make(app, rooms, page).map(|window| {
                look_after(&window, rooms);
                to_front(&window, rooms);
            })
        }
        // It has no window of ours.
        Page::Browser(_) => Ok(()),
    }
}

fn own(
    app: &AppHandle,
    rooms: &Arc<Rooms>,
    label: &str,
    title: String,
    (width, height): (f64, f64),
) -> tauri::Result<()> {
    let url = address(rooms, label);
    let (opener, inside, shared) = (app.clone(), rooms.clone(), rooms.clone());
    WebviewWindowBuilder::new(app, label, url)
        .title(title)
        // Nobody sees it empty; and WebKit stands still for half a second where a window that is
        // already seen gets its size while the web process starts.
        .visible(false)
        .on_page_load(move |window, load| {
            if load.event() == PageLoadEvent::Finished {
                to_front(&window, &shared);
                os::webkit::note_soon(&shared.places().ahead());
            }
        })
        .inner_size(width, height)
        .min_inner_size(360.0, 420.0)
        .on_navigation(move |to| {
            // Belldot's own pages never lead anywhere else.
            let own = to.scheme() == "tauri" || to.host_str() == Some("tauri.localhost");
            if !own {
                browse(&opener, to);
            }
            own
        })
        .on_new_window(move |to, _| {
            browse(inside.app(), &to);
            NewWindowResponse::Deny
        })
        .on_download(|_, event| !matches!(event, DownloadEvent::Requested { .. }))
        .build()
        .map(|window| look_after(&window, rooms))
}

/// Where one of Belldot's own pages is. It tells the page how it is to look from its first drawing
/// on; later changes it hears of.
fn address(rooms: &Rooms, label: &str) -> WebviewUrl {
    let language = rooms.words().language().to_owned();
    let theme = match rooms.settings().general.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    WebviewUrl::App(format!("index.html?language={language}&theme={theme}#{label}").into())
}

/// Remembers the window's place when it closes, says so when its web process dies, and closes it
/// on Ctrl+W.
fn look_after(window: &WebviewWindow, rooms: &Arc<Rooms>) {
    let app = window.app_handle().clone();
    let (label, shared) = (window.label().to_owned(), rooms.clone());
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { .. } => {
            shared.closing().begin(&label);
            if let Err(error) = app.save_window_state(REMEMBERED) {
                tracing::warn!(%error, "the window's place is not remembered");
            }
            private::narrow(&shared.places().windows());
        }
        WindowEvent::Destroyed => os::memory::give_back_soon(&app),
        _ => {}
    });
    #[cfg(target_os = "linux")]
    {
        let (dying, rooms) = (window.clone(), rooms.clone());
        let watched = window.with_webview(move |webview| {
            use webkit2gtk::WebViewExt as _;
            webview
                .inner()
                .connect_web_process_terminated(move |_, why| {
                    tracing::error!(?why, window = dying.label(), "a web process ended");
                    // Nothing can be done with what is left of it.
                    rooms.closing().begin(dying.label());
                    let _ = dying.destroy();
                    rooms.inputs().tell(DesktopHint::WindowCrashed);
                });
        });
        if let Err(error) = watched {
            tracing::warn!(%error, "a dying web process would not be noticed");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = rooms;
    close_by_keyboard(window);
}

/// Ctrl+W closes a window, whatever its page does with keys.
fn close_by_keyboard(window: &WebviewWindow) {
    #[cfg(target_os = "linux")]
    {
        use gtk::{gdk, glib::Propagation, prelude::WidgetExt as _};
        let closing = window.clone();
        let Ok(native) = window.gtk_window() else {
            return;
        };
        native.connect_key_press_event(move |_, key| {
            let control = key.state().contains(gdk::ModifierType::CONTROL_MASK);
            if control && key.keyval() == gdk::keys::constants::w {
                let _ = closing.close();
                return Propagation::Stop;
            }
            Propagation::Proceed
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = window;
}

fn to_front(window: &WebviewWindow, rooms: &Rooms) {
    #[cfg(target_os = "linux")]
    if let Some(token) = rooms.activation().take() {
        let front = window.clone();
        let _ = window.run_on_main_thread(move || {
            use gtk::prelude::GtkWindowExt as _;
            if let Ok(native) = front.gtk_window() {
                native.set_startup_id(&token);
            }
        });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = rooms;
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "a window did not come to the front");
    }
}
