//! The bell: what `belldot-core` decides, made visible, and what `belldot-stream` hears, handed to
//! it. Windows are another program's; this one knows no toolkit.
//!
//! - `cli`: the command line. `watch` and `doctor` need no display; `terminal` is what they share.
//! - `instance`: one Belldot for each profile; later starts pass on what they want.
//! - `app`: wires everything below together.
//! - `desktop`: the core's port to tray, toasts and windows.
//! - `tray`, `notify`, `windows`: one for each thing that a person sees.
//! - `streams`, `delivery`, `probe`: the core's port to the network; `way` and `sign_in`: how
//!   requests get there; `since`: how ntfy is told where to go on; `record` and `report`: what they
//!   have been doing.
//! - `secrets`: keeps what is in the keyring in step with the settings.
//! - `demo`: the embedded server.
//! - `os`: signals, keyring, places of files.

pub mod app;
mod bounded;
mod charset;
pub mod cli;
mod delivery;
mod demo;
mod desktop;
mod doctor;
#[cfg(unix)]
mod instance;
pub mod notify;
pub mod os;
mod page_faults;
mod probe;
mod record;
mod report;
mod secrets;
mod sign_in;
mod since;
mod state;
mod streams;
mod terminal;
pub mod tray;
mod watch;
mod way;
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
            watch::Show {
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
