//! Running the server until it is told to stop.

use std::io::Write;

use belldot_server::{ServerConfig, ServerError, bind};

use super::options::ServerOptions;
use super::{descriptors, logging, memory, signals};

/// Serves. An error is a sentence.
pub(super) fn serve(options: ServerOptions) -> Result<(), String> {
    let options = options.with_file()?;
    logging::start(options.log_format.unwrap_or_default());
    let mut config = options.server_config()?;
    memory::keep_small();
    let files = descriptors::raise_limit();
    let limit = &mut config.limits.max_connections;
    *limit = limit.or(files.map(descriptors::streams));
    let runtime = tokio::runtime::Runtime::new();
    runtime
        .map_err(|error| format!("cannot start: {error}."))?
        .block_on(run(config))
}

async fn run(config: ServerConfig) -> Result<(), String> {
    let no_signals = |error| format!("cannot listen for signals: {error}.");
    let sentence = |error: ServerError| error.to_string();
    // Listened for before the server says that it is ready.
    let stop = signals::stop().map_err(no_signals)?;
    let scheme = if config.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let server = bind(config).await.map_err(sentence)?;
    let hangup = signals::hangup(server.reloader()).map_err(no_signals)?;
    let mut stdout = std::io::stdout();
    // Nobody may be reading; that is no reason not to serve.
    writeln!(stdout, "listening on {scheme}://{}", server.address()).ok();
    stdout.flush().ok();
    tokio::spawn(hangup);
    server.run(stop).await.map_err(sentence)
}
