//! `belldot-server`: the to-do server as a program.

mod publish_command;

use std::future::Future;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use belldot_server::log::NatsConfig;
use belldot_server::{ServerConfig, ServerError, ServerLimits, bind};
use clap::Parser;
use publish_command::PublishOptions;
use tracing_subscriber::EnvFilter;

/// A server for to-dos, as a stream of Server-Sent Events and a small API.
#[derive(Parser)]
#[command(
    version,
    after_help = "belldot-server publish: send a to-do to a server; `belldot-server publish --help`"
)]
struct ServerOptions {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// The folder of the to-dos and of users.toml
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// How many streams may be open in all
    #[arg(long, value_name = "N")]
    max_connections: Option<usize>,
    /// How many streams one user may have open
    #[arg(long, value_name = "N")]
    max_connections_per_user: Option<usize>,
    /// The time between two heartbeats of a stream
    #[arg(long, value_name = "SECONDS", default_value = "15", value_parser = seconds)]
    heartbeat: Duration,
    /// How long a client is to wait before it connects again; each gets from half to one and a half
    /// of it
    #[arg(long, value_name = "SECONDS", default_value = "4", value_parser = seconds)]
    retry: Duration,
    /// How long to keep to-dos that are done, cancelled or deleted; for good if not given
    #[arg(long, value_name = "DAYS")]
    retention: Option<u32>,
    /// A folder of the page to serve at /, in place of the one in the program
    #[arg(long, value_name = "DIR")]
    ui: Option<PathBuf>,
    /// Without users.toml, let anybody in who reaches this address, as whoever they say they are
    #[arg(long)]
    trust_network: bool,
    /// Keep the to-dos in a NATS cluster, which several servers share: nats://HOST:PORT or
    /// tls://HOST:PORT, several with commas between them
    #[arg(long, value_name = "URL")]
    nats: Option<String>,
    /// The file of credentials for NATS
    #[arg(long, value_name = "FILE", requires = "nats")]
    nats_credentials: Option<PathBuf>,
    /// How many servers of the NATS cluster have each to-do; without it 3, or 1 where there is one
    #[arg(long, value_name = "N", requires = "nats", value_parser = clap::value_parser!(u8).range(1..=5))]
    nats_replicas: Option<u8>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "a number of seconds is wanted".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() && seconds <= 86_400.0 => Ok(duration),
        _ => Err("more than 0 and at most 86400 seconds are wanted".to_owned()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == "publish")
    {
        let options = PublishOptions::parse_from(std::env::args_os().skip(1));
        return ended(publish_command::publish(options).await);
    }
    let options = ServerOptions::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .init();
    ended(serve(options).await)
}

fn ended(outcome: Result<(), String>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            writeln!(std::io::stderr(), "belldot-server: {reason}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: ServerOptions) -> Result<(), String> {
    // Listened for before the server says that it is ready.
    let stop = stop_signal().map_err(|error| format!("cannot listen for signals: {error}."))?;
    let sentence = |error: ServerError| error.to_string();
    let server = bind(options.into()).await.map_err(sentence)?;
    let mut stdout = std::io::stdout();
    // Nobody may be reading; that is no reason not to serve.
    writeln!(stdout, "listening on http://{}", server.address()).ok();
    stdout.flush().ok();
    server.run(stop).await.map_err(sentence)
}

impl From<ServerOptions> for ServerConfig {
    fn from(options: ServerOptions) -> Self {
        Self {
            listen: options.listen,
            data: options.data,
            limits: ServerLimits {
                max_connections: options.max_connections,
                max_connections_per_user: options.max_connections_per_user,
                ..ServerLimits::default()
            },
            heartbeat: options.heartbeat,
            retry: options.retry.mul_f64(0.5)..=options.retry.mul_f64(1.5),
            retention: options
                .retention
                .map(|days| Duration::from_secs(u64::from(days) * 86_400)),
            ui: options.ui,
            trust_network: options.trust_network,
            nats: options.nats.map(|servers| NatsConfig {
                servers,
                credentials: options.nats_credentials,
                replicas: options.nats_replicas.map(usize::from),
            }),
            ..Self::default()
        }
    }
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        tokio::signal::ctrl_c().await.ok();
    })
}
