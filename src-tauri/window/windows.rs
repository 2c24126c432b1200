//! Makes, shows and hides windows.
//!
//! Belldot's own pages are `todos` and `settings`. A company's page gets a window of its own
//! that has no access to the app, stays on its origin, and opens everything else in the browser.
//!
//! In a process of their own, Belldot's own windows that are closed are only hidden, so that a
//! second look is quick; the bell ends the process a little later. Elsewhere they are destroyed, as
//! a company's page is everywhere, which would go on working behind one's back.

use std::{path::PathBuf, sync::atomic::Ordering, time::Duration};

use belldot_bell::windows::{COMPANY, FromWindows, SETTINGS, ShowWindow, TODOS, WindowPage};
use belldot_core::{i18n::Localizer, private, settings::Theme};
use tauri::{
    AppHandle, Emitter as _, Manager as _, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent,
    webview::{DownloadEvent, NewWindowResponse, PageLoadEvent},
};
use tauri_plugin_window_state::{AppHandleExt as _, StateFlags, WindowExt as _};

use crate::{company, state::Windows};

/// Whether a window that is closed is only hidden.
fn lingers(label: &str) -> bool {
    cfg!(all(target_os = "linux", not(feature = "portable"))) && label != COMPANY
}

/// What of a window is remembered.
pub const REMEMBERED: StateFlags = StateFlags::SIZE
    .union(StateFlags::POSITION)
    .union(StateFlags::MAXIMIZED);

/// How often to look whether a closing window is forgotten, and how many times: 5 s.
const FORGETTING: Duration = Duration::from_millis(5);
const LOOKS: u32 = 1_000;

/// Opens a window or brings it to the front.
pub fn open(app: &AppHandle, show: ShowWindow) {
    let windows = app.state::<Windows>();
    let label = show.page.label();
    if windows.closing.has(label) {
        open_once_closed(app, show);
        return;
    }
    match &show.page {
        WindowPage::Todos { todo } => {
            windows.initial_todo.lock().clone_from(todo);
            if let (Some(todo), Some(_)) = (todo, app.get_webview_window(TODOS)) {
                let _ = app.emit_to(TODOS, "show-todo", todo);
            }
        }
        WindowPage::Settings { about } => match app.get_webview_window(SETTINGS) {
            Some(_) if *about => drop(app.emit_to(SETTINGS, "show-about", ())),
            _ => windows.initial_about.store(*about, Ordering::Release),
        },
        WindowPage::Company(_) => {}
    }
    windows.activation.lock().clone_from(&show.activation);
    let shown = bring(app, &show);
    windows.tell(FromWindows::Shown {
        window: label.to_owned(),
        error: shown.err().map(|error| error.to_string()),
    });
}

/// Opens a window as soon as the one that is closing under its label is gone.
fn open_once_closed(app: &AppHandle, show: ShowWindow) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let label = show.page.label();
        for _ in 0..LOOKS {
            if app.get_webview_window(label).is_none() {
                break;
            }
            tokio::time::sleep(FORGETTING).await;
        }
        app.state::<Windows>().closing.end(label);
        open(&app, show);
    });
}

/// Brings a page's window to the front, or makes it: once, however many ask for it at a time.
fn bring(app: &AppHandle, show: &ShowWindow) -> tauri::Result<()> {
    let windows = app.state::<Windows>();
    let label = show.page.label();
    if !windows.opening.begin(label) {
        // Who makes it shows it.
        return Ok(());
    }
    let shown = match app.get_webview_window(label) {
        Some(window) => {
            to_front(&window);
            Ok(())
        }
        None => make(app, show),
    };
    windows.opening.end(label);
    shown
}

fn make(app: &AppHandle, show: &ShowWindow) -> tauri::Result<()> {
    let words = Localizer::new(show.language);
    match &show.page {
        WindowPage::Todos { .. } => {
            let title = words.text("window-todos", &[]);
            own(app, show, title, (440.0, 720.0))
        }
        WindowPage::Settings { .. } => {
            let title = words.text("window-settings", &[]);
            own(app, show, title, (860.0, 640.0))
        }
        WindowPage::Company(page) => {
            *app.state::<Windows>().company.lock() = Some(page.folder.clone());
            company::make(app, page, show.language).map(|window| {
                look_after(&window);
                to_front(&window);
            })
        }
    }
}

fn own(
    app: &AppHandle,
    show: &ShowWindow,
    title: String,
    (width, height): (f64, f64),
) -> tauri::Result<()> {
    let (leaving, popping) = (app.clone(), app.clone());
    WebviewWindowBuilder::new(app, show.page.label(), address(show))
        .title(title)
        // Nobody sees it empty; and WebKit stands still for half a second where a window that is
        // already seen gets its size while the web process starts.
        .visible(false)
        .on_page_load(move |window, load| {
            if load.event() == PageLoadEvent::Finished {
                to_front(&window);
            }
        })
        .inner_size(width, height)
        .min_inner_size(360.0, 420.0)
        .on_navigation(move |to| {
            // Belldot's own pages never lead anywhere else.
            let own = to.scheme() == "tauri" || to.host_str() == Some("tauri.localhost");
            if !own {
                leaving.state::<Windows>().browse(to);
            }
            own
        })
        .on_new_window(move |to, _| {
            popping.state::<Windows>().browse(&to);
            NewWindowResponse::Deny
        })
        .on_download(|_, event| !matches!(event, DownloadEvent::Requested { .. }))
        .build()
        .map(|window| look_after(&window))
}

/// Where one of Belldot's own pages is. It tells the page how it is to look from its first drawing
/// on; later changes it hears of.
fn address(show: &ShowWindow) -> WebviewUrl {
    let words = Localizer::new(show.language);
    let theme = match show.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let (language, label) = (words.tag(), show.page.label());
    WebviewUrl::App(format!("index.html?language={language}&theme={theme}#{label}").into())
}

/// Remembers the window's place when it closes, says so when its web process dies, and closes it
/// on Ctrl+W.
fn look_after(window: &WebviewWindow) {
    let watched = window.clone();
    window.on_window_event(move |event| {
        let app = watched.app_handle();
        let windows = app.state::<Windows>();
        match event {
            WindowEvent::CloseRequested { api, .. } => {
                let lingers = lingers(watched.label());
                if lingers {
                    api.prevent_close();
                } else {
                    windows.closing.begin(watched.label());
                }
                if let Err(error) = app.save_window_state(REMEMBERED) {
                    tracing::warn!(%error, "the window's place is not remembered");
                }
                private::narrow(&windows.window_state);
                if lingers {
                    let _ = watched.hide();
                    windows.hidden.begin(watched.label());
                    windows.tell(FromWindows::Closed {
                        window: watched.label().to_owned(),
                    });
                }
            }
            WindowEvent::Destroyed => windows.tell(FromWindows::Closed {
                window: watched.label().to_owned(),
            }),
            _ => {}
        }
    });
    #[cfg(target_os = "linux")]
    {
        let dying = window.clone();
        let watched = window.with_webview(move |webview| {
            use webkit2gtk::WebViewExt as _;
            webview
                .inner()
                .connect_web_process_terminated(move |_, why| {
                    tracing::error!(?why, window = dying.label(), "a web process ended");
                    // Nothing can be done with what is left of it.
                    let windows = dying.app_handle().state::<Windows>();
                    windows.closing.begin(dying.label());
                    let _ = dying.destroy();
                    windows.tell(FromWindows::Crashed {
                        window: dying.label().to_owned(),
                    });
                });
        });
        if let Err(error) = watched {
            tracing::warn!(%error, "a dying web process would not be noticed");
        }
    }
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

fn to_front(window: &WebviewWindow) {
    #[cfg(target_os = "linux")]
    if let Some(token) = window
        .app_handle()
        .state::<Windows>()
        .activation
        .lock()
        .take()
    {
        let front = window.clone();
        let _ = window.run_on_main_thread(move || {
            use gtk::prelude::GtkWindowExt as _;
            if let Ok(native) = front.gtk_window() {
                native.set_startup_id(&token);
            }
        });
    }
    // Window managers find another place for one that was hidden.
    if window
        .app_handle()
        .state::<Windows>()
        .hidden
        .end(window.label())
    {
        let _ = window.restore_state(REMEMBERED);
    }
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "a window did not come to the front");
    }
}

/// Ends the application; where windows are that can be seen is remembered.
#[cfg(all(target_os = "linux", not(feature = "portable")))]
pub fn leave(app: &AppHandle) {
    for window in app.webview_windows().into_values() {
        // Where it was is remembered already, and now it is nowhere.
        if window.is_visible().is_ok_and(|visible| !visible) {
            let _ = window.destroy();
        }
    }
    app.exit(0);
}

/// Has a company's page forget everything, and closes its window if it is that page's.
pub fn forget(app: &AppHandle, folder: PathBuf) {
    let forgetting = app.clone();
    let told = app.run_on_main_thread(move || {
        let windows = forgetting.state::<Windows>();
        let is_there = windows.company.lock().as_deref() == Some(folder.as_path());
        if is_there && let Some(window) = forgetting.get_webview_window(COMPANY) {
            windows.closing.begin(COMPANY);
            let _ = window.destroy();
        }
        company::forget(&folder);
    });
    if let Err(error) = told {
        tracing::warn!(%error, "what a page kept is cleared at the next start");
    }
}
