//! What Belldot writes down about itself.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Logs to standard error; `BELLDOT_LOG` sets how much, as `RUST_LOG` does elsewhere.
pub fn start() {
    let filter = EnvFilter::try_from_env("BELLDOT_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    // A second start in one process (tests) changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
}
