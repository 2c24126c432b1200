//! Bell and windows in one process, with Tauri's own tray and notification plugin: Windows and
//! macOS, and Linux with the `portable` feature.

mod notify;
mod tray;

use std::{
    process::ExitCode,
    sync::{Arc, OnceLock},
};

use belldot_bell::{
    app::{FirstStart, Shell, WindowMessages},
    cli::Cli,
    notify::Notifier,
    os::paths::AppPaths,
    tray::Tray,
    windows::{Activation, FromWindows, ToWindows, WindowHost, WindowOwner},
};
use belldot_core::controller::Inputs;
use tauri::AppHandle;

use crate::app;

/// Runs Belldot until it quits: bell and windows in this process.
///
/// # Errors
/// In a sentence, when it cannot start at all, or the one that runs does not do what this one
/// wants.
pub fn run_with_bell(cli: Cli) -> Result<ExitCode, String> {
    let Some(first) = FirstStart::of(cli)? else {
        return Ok(ExitCode::SUCCESS);
    };
    tauri::async_runtime::set(first.runtime().handle().clone());
    let window_state = first.paths().windows();
    let told: Arc<OnceLock<WindowMessages>> = Arc::default();
    let telling = told.clone();
    let tell = move |message: FromWindows| {
        if let Some(told) = telling.get() {
            let _ = told.send((WindowOwner::Belldot, message));
        }
    };
    let builder = app::builder(&window_state, Box::new(tell));
    #[cfg(not(unix))]
    let builder = builder.plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
        if let Some(state) = tauri::Manager::try_state::<Arc<belldot_bell::AppState>>(app) {
            belldot_bell::app::second_start(&state, &arguments);
        }
    }));
    let why_not: Arc<OnceLock<String>> = Arc::default();
    let refused = why_not.clone();
    let builder = builder
        .plugin(tauri_plugin_notification::init())
        .setup(move |app| {
            #[cfg(target_os = "macos")]
            app.set_activation_policy(tauri::ActivationPolicy::Accessory);
            #[cfg(not(unix))]
            if first.is_to_quit() {
                // Nothing runs, so nothing is to be ended.
                app.handle().exit(0);
                return Ok(());
            }
            let shell = InProcess {
                app: app.handle().clone(),
                told,
            };
            match first.start(&shell) {
                Ok(state) => drop(tauri::Manager::manage(app, state)),
                Err(sentence) => {
                    let _ = refused.set(sentence);
                    app.handle().exit(1);
                }
            }
            Ok(())
        });
    let app = app::build(builder).map_err(|error| error.to_string())?;
    let code = app::run(app, &window_state);
    match why_not.get() {
        Some(sentence) => Err(sentence.clone()),
        None if code == 0 => Ok(ExitCode::SUCCESS),
        None => Ok(ExitCode::FAILURE),
    }
}

/// What is shown by Tauri.
struct InProcess {
    app: AppHandle,
    told: Arc<OnceLock<WindowMessages>>,
}

impl Shell for InProcess {
    fn tray(&self, inputs: Inputs, _: Activation) -> Box<dyn Tray> {
        Box::new(tray::TauriTray::start(&self.app, inputs))
    }

    fn notifier(&self, inputs: Inputs, _: Activation) -> Arc<dyn Notifier> {
        Arc::new(notify::Plugin::start(&self.app, inputs))
    }

    fn windows(&self, _: &AppPaths, told: WindowMessages) -> Arc<dyn WindowHost> {
        let _ = self.told.set(told);
        Arc::new(Here(self.app.clone()))
    }

    fn exit(&self) -> Box<dyn Fn(i32) + Send> {
        let app = self.app.clone();
        Box::new(move |code| app.exit(code))
    }
}

/// Windows in this process.
struct Here(AppHandle);

impl WindowHost for Here {
    fn send(&self, message: ToWindows) {
        app::take(&self.0, message);
    }
}
