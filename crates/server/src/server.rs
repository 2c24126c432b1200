//! Listening, serving connections, and graceful shutdown.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hyper_util::server::graceful::GracefulShutdown;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::auth::Authenticator;
use crate::config::ServerConfig;
use crate::error::ServerError;
use crate::health::Readiness;
use crate::limits::{BodyBudget, ConnectionLimits, Connections, RateLimit};
use crate::listen::{self, Listeners};
use crate::log::{NatsConfig, NatsError, NatsLog, OpenError, SqliteLog, TodoLog};
use crate::metrics::Metrics;
use crate::retention;
use crate::routes;
use crate::state::{Phase, ServerState};
use crate::tls::TlsIdentity;
use crate::webhook::{self, Webhook};

/// Time for requests to finish after the streams have ended.
const GRACE: Duration = Duration::from_millis(500);

/// Time between two looks at whether the files of who is let in have changed.
const LOOK: Duration = Duration::from_secs(2);

/// A server that is listening but not yet answering.
pub struct Server {
    listeners: Listeners,
    state: Arc<ServerState>,
    phase: watch::Sender<Phase>,
    webhooks: Vec<Webhook>,
}

/// Has a running server read again what an administrator edits.
#[derive(Clone)]
pub struct Reloader(Arc<ServerState>);

impl Reloader {
    /// Reads `users.toml`, the keys of the identity provider and the certificate again, and ends the streams of those
    /// who are not in it any more. What is wrong stays as it was.
    ///
    /// # Errors
    /// If the file is invalid, or gone while the server is not in open mode.
    pub async fn reload(&self) -> Result<(), ServerError> {
        let state = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            if let Some(identity) = &state.identity {
                identity.reload()?;
            }
            state.auth.reload()
        })
        .await?
    }

    /// Reloads whenever one of the files has changed.
    async fn follow(self) {
        // Unlike anything, so that an edit of just now is taken, too.
        let mut before = None;
        loop {
            tokio::time::sleep(LOOK).await;
            let now = Some(self.stamps().await);
            if now == before {
                continue;
            }
            let first = before.is_none();
            before = now;
            match self.reload().await {
                Ok(()) if first => {}
                Ok(()) => tracing::info!("a file has changed and was read again"),
                Err(error) => tracing::error!("{error} What was read before still holds."),
            }
        }
    }

    /// What changes when one of the files is written or replaced.
    async fn stamps(&self) -> Vec<Option<(SystemTime, u64)>> {
        let mut stamps = Vec::new();
        let certificate = self.0.identity.iter().flat_map(|identity| identity.files());
        for file in self.0.auth.files().chain(certificate) {
            let file = tokio::fs::metadata(file).await.ok();
            stamps.push(file.and_then(|file| Some((file.modified().ok()?, file.len()))));
        }
        stamps
    }
}

/// Opens the data folder and listens. Needs a Tokio runtime with I/O and time.
///
/// # Errors
/// If the address is taken, the folder is in use or cannot be written, `users.toml` or
/// `webhooks.toml` is invalid, NATS is asked for and cannot be used, or the open mode would be
/// reachable from the network.
pub async fn bind(config: ServerConfig) -> Result<Server, ServerError> {
    let access = Access::load(&config).await?;
    let log = match &config.nats {
        Some(nats) => open_nats(&config, nats).await?,
        None => open_sqlite(&config).await?,
    };
    start_listening(config, access, log).await
}

/// The same for a server that shares its to-dos with no other, whatever the configuration says of
/// NATS: a program that only calls this has no NATS client in it.
///
/// # Errors
/// As [`bind`].
pub async fn bind_single(config: ServerConfig) -> Result<Server, ServerError> {
    let access = Access::load(&config).await?;
    let log = open_sqlite(&config).await?;
    start_listening(config, access, log).await
}

/// Who is let in, who is told, and what the server shows of itself.
struct Access {
    auth: Authenticator,
    identity: Option<Arc<TlsIdentity>>,
    webhooks: Vec<Webhook>,
}

impl Access {
    async fn load(config: &ServerConfig) -> Result<Self, ServerError> {
        let data = config.data.clone();
        let listen = config.listen;
        let jwt = config.jwt.clone();
        let trusted = config.trust_network || listen.ip().is_loopback();
        let ui = config.ui.clone();
        let tls = config.tls.clone();
        tokio::task::spawn_blocking(move || {
            let auth = Authenticator::load(&data, jwt)?;
            let webhooks = webhook::load(&data)?;
            if auth.is_open() && !trusted {
                return Err(ServerError::Open {
                    address: listen,
                    users: auth.file().to_owned(),
                });
            }
            if let Some(folder) = ui.filter(|folder| !folder.join("index.html").is_file()) {
                return Err(ServerError::Ui { folder });
            }
            Ok(Self {
                auth,
                identity: tls.map(TlsIdentity::load).transpose()?.map(Arc::new),
                webhooks,
            })
        })
        .await?
    }
}

/// Opens the log of this server alone.
async fn open_sqlite(config: &ServerConfig) -> Result<Arc<dyn TodoLog>, ServerError> {
    let (data, ids_above) = (config.data.clone(), config.ids_above);
    let log = tokio::task::spawn_blocking(move || {
        SqliteLog::open(&data, ids_above).map_err(|error| cannot_open(data, error))
    });
    Ok(Arc::new(log.await??))
}

/// Opens a log that several servers share.
async fn open_nats(
    config: &ServerConfig,
    nats: &NatsConfig,
) -> Result<Arc<dyn TodoLog>, ServerError> {
    let log = NatsLog::open(&config.data, nats, config.ids_above, config.limits.body).await;
    let log = log.map_err(|error| match error {
        NatsError::Copy(error) => cannot_open(config.data.clone(), error),
        error => ServerError::Nats(error),
    })?;
    Ok(Arc::new(log))
}

fn cannot_open(data: PathBuf, error: OpenError) -> ServerError {
    match error {
        OpenError::Taken => ServerError::Taken { data },
        error => ServerError::Data { data, error },
    }
}

async fn start_listening(
    config: ServerConfig,
    access: Access,
    log: Arc<dyn TodoLog>,
) -> Result<Server, ServerError> {
    let Access {
        auth,
        identity,
        webhooks,
    } = access;
    let listeners = Listeners::bind(&config).await?;
    let (phase, now) = watch::channel(Phase::Serving);
    let connections = Connections::new(ConnectionLimits {
        all: config.limits.max_connections,
        per_user: config.limits.max_connections_per_user,
        per_address: config.limits.max_connections_per_address,
    });
    let publishing = config.limits.publishing.map(RateLimit::new);
    let failed_tokens = RateLimit::new(config.limits.failed_tokens);
    let bodies = BodyBudget::new(config.limits.bodies);
    // A to-do is written to the journal, and from there to the database.
    let least = 2 * config.limits.body as u64;
    let readiness = Readiness::new(Arc::clone(&log), config.data.clone(), least);
    let state = Arc::new(ServerState {
        config,
        auth,
        identity,
        log,
        connections,
        bodies,
        publishing,
        failed_tokens,
        readiness,
        metrics: Metrics::default(),
        phase: now,
    });
    Ok(Server {
        listeners,
        state,
        phase,
        webhooks,
    })
}

impl Server {
    /// Returns the address it listens on, with the port that was chosen.
    pub fn address(&self) -> SocketAddr {
        self.listeners.address()
    }

    /// Returns what has the server read `users.toml` again; it also does so by itself when the file
    /// has changed.
    pub fn reloader(&self) -> Reloader {
        Reloader(Arc::clone(&self.state))
    }

    /// Answers requests until `shutdown` completes, then ends the streams over
    /// [`ServerConfig::drain`], lets requests finish, and closes the log.
    ///
    /// # Errors
    /// If the log cannot be closed, or has ended by itself: a server that cannot write is of no use.
    /// If webhooks cannot be sent at all.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), ServerError> {
        let Self {
            listeners,
            state,
            phase,
            webhooks,
        } = self;
        webhook::start(&state, webhooks)?;
        retention::start(&state);
        let service = routes::router(state.clone());
        let open = GracefulShutdown::new();
        let mut shutdown = pin!(shutdown);
        let mut stopped = pin!(state.log.stopped());
        let mut following = JoinSet::new();
        following.spawn(Reloader(Arc::clone(&state)).follow());
        loop {
            let socket = tokio::select! {
                biased;
                () = &mut shutdown => break,
                () = &mut stopped => return Err(ServerError::LogStopped),
                accepted = listeners.accept() => accepted,
            };
            match socket {
                Ok((socket, peer)) => {
                    tokio::spawn(listen::serve(
                        socket,
                        peer,
                        state.identity.clone(),
                        service.clone(),
                        state.clone(),
                        open.watcher(),
                    ));
                }
                Err(error) if is_about_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!("cannot accept connections, trying again: {error}");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
        drop(listeners);
        phase.send_replace(Phase::Draining);
        tokio::time::timeout(state.config.drain + GRACE, open.shutdown())
            .await
            .ok();
        phase.send_replace(Phase::Closing);
        Ok(state.log.close().await?)
    }
}

fn is_about_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_log_that_ends_by_itself_ends_the_server() {
        let folder = tempfile::tempdir().unwrap();
        let config = ServerConfig {
            data: folder.path().to_owned(),
            ..ServerConfig::default()
        };
        let server = bind(config).await.unwrap();
        let log = Arc::clone(&server.state.log);
        let running = tokio::spawn(server.run(std::future::pending()));
        log.close().await.unwrap();
        let ended = running.await.unwrap();
        assert!(matches!(ended, Err(ServerError::LogStopped)), "{ended:?}");
    }
}
