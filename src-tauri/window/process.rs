//! The program of windows: a line of JSON on its standard input is a message of the bell, a line
//! on its standard output one to the bell. It ends when its input does.

use std::{
    io::{self, BufRead as _, Write as _},
    process::ExitCode,
    time::Duration,
};

use belldot_bell::windows::{FromWindows, ToWindows, WindowStart};
use parking_lot::Mutex;
use tracing::level_filters::LevelFilter;

use crate::{app, windows};

/// How long the main thread may take to end.
const ENDING: Duration = Duration::from_millis(500);

/// From the first line to the end of its input.
pub fn main() -> ExitCode {
    // The bell writes its log.
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(false)
        .without_time()
        .with_max_level(LevelFilter::INFO)
        .init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error, "no windows");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    let start = read.ok().and_then(|_| serde_json::from_str(&line).ok());
    let Some(ToWindows::Start(WindowStart { window_state })) = start else {
        return Err("Belldot starts this program by itself".to_owned());
    };
    // Desktops know the windows of an app by the name of its desktop file.
    gtk::glib::set_prgname(Some("belldot"));
    gtk::init().map_err(|error| error.to_string())?;
    let output = Mutex::new(io::stdout());
    let tell = move |message: FromWindows| {
        let Ok(line) = serde_json::to_string(&message) else {
            return;
        };
        let mut output = output.lock();
        if writeln!(output, "{line}")
            .and_then(|()| output.flush())
            .is_err()
        {
            tracing::debug!("nobody hears it");
        }
    };
    tell(FromWindows::Ready {
        webview: tauri::webview_version().unwrap_or_else(|error| error.to_string()),
    });
    let app = app::build(app::builder(&window_state, Box::new(tell)))
        .map_err(|error| error.to_string())?;
    listen(app.handle().clone())?;
    app::run(app, &window_state);
    Ok(())
}

fn listen(app: tauri::AppHandle) -> Result<(), String> {
    let listening = move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            match serde_json::from_str(&line) {
                Ok(message) => app::take(&app, message),
                Err(error) => tracing::warn!(%error, "the bell says something unknown"),
            }
        }
        std::thread::spawn(move || windows::leave(&app));
        std::thread::sleep(ENDING);
        // Whatever holds up the main thread: nobody looks any longer.
        std::process::exit(0);
    };
    let thread = std::thread::Builder::new().name("bell".to_owned());
    thread
        .spawn(listening)
        .map(drop)
        .map_err(|error| error.to_string())
}
