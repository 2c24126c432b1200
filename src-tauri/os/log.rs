//! What Belldot writes down about itself.

use std::{io::IsTerminal as _, path::Path};

use tracing::level_filters::LevelFilter;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{
    EnvFilter, Layer as _, fmt::layer, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// What goes to the terminal: warnings; the causes of TLS are ours to name.
const QUIET: &str = "warn,rustls_platform_verifier=off";
/// So many days are kept.
const DAYS: usize = 7;

/// Logs to standard error, where `BELLDOT_LOG` sets how much, as `RUST_LOG` does elsewhere; and,
/// where a folder is given, what is worth knowing to a file a day.
pub fn start(folder: Option<&Path>) {
    let filter = EnvFilter::try_from_env("BELLDOT_LOG").unwrap_or_else(|_| EnvFilter::new(QUIET));
    let terminal = layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_filter(filter);
    let files = folder.and_then(|folder| {
        // It looks for old files before it makes the folder.
        let _ = std::fs::create_dir_all(folder);
        RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .filename_prefix("belldot")
            .filename_suffix("log")
            .max_log_files(DAYS)
            .build(folder)
            .inspect_err(|error| {
                use std::io::Write as _;
                let _ = writeln!(std::io::stderr(), "belldot: no log: {error}");
            })
            .ok()
    });
    let file = files.map(|files| {
        layer()
            .with_writer(files)
            .with_ansi(false)
            .with_filter(LevelFilter::INFO)
    });
    // A second start in one process (tests) changes nothing.
    let _ = tracing_subscriber::registry()
        .with(terminal)
        .with(file)
        .try_init();
}
