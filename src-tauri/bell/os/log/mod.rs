//! What Belldot writes down about itself.

mod repeats;
mod rolling;

use std::{env, io::IsTerminal as _, path::Path, sync::Mutex};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer as _, filter::Targets, fmt::layer, layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use repeats::Repeats;
use rolling::Rolling;

/// Logs to standard error, where `BELLDOT_LOG` sets how much, as `RUST_LOG` does elsewhere; and,
/// where a folder is given, what is worth knowing to files of bounded size. A warning that is said
/// again and again is written once a minute.
pub fn start(folder: Option<&Path>) {
    let filter = env::var("BELLDOT_LOG")
        .ok()
        .and_then(|targets| targets.parse().ok())
        .unwrap_or_else(usual);
    let terminal = layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let terminal = Repeats::of(terminal).with_filter(filter);
    let files = folder.and_then(|folder| {
        Rolling::open(folder)
            .inspect_err(|error| {
                use std::io::Write as _;
                let _ = writeln!(std::io::stderr(), "belldot: no log: {error}");
            })
            .ok()
    });
    let file = files.map(|files| {
        let lines = layer().with_writer(Mutex::new(files)).with_ansi(false);
        Repeats::of(lines).with_filter(LevelFilter::INFO)
    });
    // A second start in one process (tests) changes nothing.
    let _ = tracing_subscriber::registry()
        .with(terminal)
        .with(file)
        .try_init();
}

/// What goes to the terminal: warnings; the causes of TLS are ours to name.
fn usual() -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("rustls_platform_verifier", LevelFilter::OFF)
}
