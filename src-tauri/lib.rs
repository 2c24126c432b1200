//! The desktop process: what `belldot-core` decides, made visible, and what
//! `belldot-stream` hears, handed to it.
//!
//! - `cli`: the command line. `watch` and `doctor` need no display.
//! - `instance`: one Belldot for each profile; later starts pass on what they want.
//! - `app`: the Tauri application: wires everything below together.
//! - `desktop`: the core's port to tray, toasts and windows.
//! - `tray`, `notify`, `windows`, `commands`: one for each thing that a person sees.
//! - `streams`, `delivery`, `probe`: the core's port to the network; `way` and `sign_in`: how
//!   requests get there; `since`: how ntfy is told where to go on; `record` and `report`: what they
//!   have been doing.
//! - `demo`: the embedded server.
//! - `os`: signals, keyring, places of files.

mod app;
mod cli;
mod commands;
mod delivery;
mod demo;
mod desktop;
mod doctor;
#[cfg(unix)]
mod instance;
mod notify;
mod os;
mod probe;
mod record;
mod report;
mod rooms;
mod sign_in;
mod since;
mod streams;
mod tray;
mod watch;
mod way;
mod windows;

use std::{io::Write as _, process::ExitCode};

use clap::Parser as _;

use cli::{Cli, Verb};

/// The whole program, from the command line to the exit code.
pub fn main() -> ExitCode {
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
            url.clone(),
            watch::Show {
                json: *json,
                raw: *raw,
                count: *count,
            },
        ),
        Some(Verb::Doctor { url, json }) => doctor::run(url.clone(), *json),
        _ => app::run(cli),
    };
    match result {
        Ok(code) => code,
        Err(sentence) => {
            let _ = writeln!(std::io::stderr(), "belldot: {sentence}");
            ExitCode::FAILURE
        }
    }
}
