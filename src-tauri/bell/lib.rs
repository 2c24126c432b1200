//! The bell: what `belldot-core` decides, made visible, and what `belldot-stream` hears, handed to
//! it. Windows are another program's; this one knows no toolkit.
//!
//! - `cli`: the command line. `watch` and `doctor` need no display; `terminal` is what they share.
//! - `instance`: one Belldot for each profile; later starts pass on what they want.
//! - `app`: wires everything below together.
//! - `desktop`: the core's port to tray, toasts and windows.
//! - `tray`, `notify`, `windows`: one for each thing that a person sees; `pages`: what is in the
//!   windows, and what it is answered.
//! - `streams`, `outbox_sender`, `probe`: the core's port to the network; `http` and `sign_in`: how
//!   requests get there; `ntfy`: how ntfy is told where to go on; `stream_history` and
//!   `diagnostics`: what they have been doing.
//! - `secrets`: keeps what is in the keyring in step with the settings.
//! - `demo`: the embedded server.
//! - `os`: signals, keyring, paths of files.

pub mod app;
mod bounded;
mod charset;
pub mod cli;
mod demo;
mod desktop;
mod diagnostics;
mod doctor;
mod http;
#[cfg(unix)]
mod instance;
pub mod notify;
mod ntfy;
pub mod os;
mod outbox_sender;
mod page_faults;
mod pages;
mod probe;
mod secrets;
mod sign_in;
mod state;
mod stream_history;
mod streams;
mod terminal;
pub mod tray;
mod watch;
pub mod windows;

use std::{
    io::{IsTerminal as _, Write as _},
    process::ExitCode,
    time::Duration,
};

use clap::Parser as _;

use cli::{Cli, Verb};

pub use state::AppState;

/// The whole program, from the command line to the exit code; `run` is the app on the desktop.
pub fn main(run: impl FnOnce(Cli) -> Result<ExitCode, String>) -> ExitCode {
    let cli = Cli::parse();
    os::tls::start();
    let to_terminal_only = matches!(cli.verb, Some(Verb::Watch { .. } | Verb::Doctor { .. }));
    if to_terminal_only {
        os::log::start(None);
    }
    let result = match &cli.verb {
        Some(Verb::Watch {
            url,
            json,
            raw,
            count,
        }) => watch::run(
            &cli,
            url,
            watch::WatchOptions {
                json: *json,
                raw: *raw,
                count: *count,
                terminal: std::io::stdout().is_terminal(),
            },
        ),
        Some(Verb::Doctor {
            url,
            source,
            listen,
            json,
        }) => doctor::run(
            &cli,
            doctor::Question {
                url: url.as_ref(),
                source: source.as_deref(),
                listen: Duration::from_secs(*listen),
                json: *json,
            },
        ),
        _ => run(cli),
    };
    match result {
        Ok(code) => code,
        Err(sentence) => {
            let _ = writeln!(std::io::stderr(), "belldot: {sentence}");
            ExitCode::FAILURE
        }
    }
}
