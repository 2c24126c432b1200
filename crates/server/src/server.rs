//! Listening, serving connections, and graceful shutdown.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_io_timeout::TimeoutStream;

use crate::config::ServerConfig;
use crate::connections::Connections;
use crate::error::ServerError;
use crate::log::{NatsError, NatsLog, OpenError, SqliteLog, TodoLog};
use crate::retention;
use crate::routes;
use crate::state::{Phase, ServerState, reached};
use crate::users::Users;
use crate::webhook::{self, Webhook};

/// Time for requests to finish after the streams have ended.
const GRACE: Duration = Duration::from_millis(500);

/// Time for a client to send the head of a request.
const HEAD: Duration = Duration::from_secs(30);

/// A server that is listening but not yet answering.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    state: Arc<ServerState>,
    phase: watch::Sender<Phase>,
    webhooks: Vec<Webhook>,
}

/// Opens the data folder and listens. Needs a Tokio runtime with I/O and time.
///
/// # Errors
/// If the address is taken, the folder is in use or cannot be written, `users.toml` or
/// `webhooks.toml` is invalid, or the open mode would be reachable from the network.
pub async fn bind(config: ServerConfig) -> Result<Server, ServerError> {
    let (users, webhooks) = {
        let data = config.data.clone();
        let listen = config.listen;
        let trusted = config.trust_network || listen.ip().is_loopback();
        let ui = config.ui.clone();
        tokio::task::spawn_blocking(move || {
            let users = Users::load(&data)?;
            let webhooks = webhook::load(&data)?;
            if matches!(users, Users::Open) && !trusted {
                return Err(ServerError::Open {
                    address: listen,
                    users: Users::file(&data),
                });
            }
            if let Some(folder) = ui.filter(|folder| !folder.join("index.html").is_file()) {
                return Err(ServerError::Ui { folder });
            }
            Ok((users, webhooks))
        })
        .await??
    };
    let log = open_log(&config).await?;
    let cannot_listen = |error| ServerError::Listen {
        address: config.listen,
        error,
    };
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let (phase, now) = watch::channel(Phase::Serving);
    let connections = Connections::new(&config.limits);
    let state = Arc::new(ServerState {
        config,
        users,
        log,
        connections,
        phase: now,
    });
    Ok(Server {
        listener,
        address,
        state,
        phase,
        webhooks,
    })
}

/// Opens the log: of this server alone, or one that several share.
async fn open_log(config: &ServerConfig) -> Result<Arc<dyn TodoLog>, ServerError> {
    let (data, ids_above) = (config.data.clone(), config.ids_above);
    let cannot_open = |data, error| match error {
        OpenError::Taken => ServerError::Taken { data },
        error => ServerError::Data { data, error },
    };
    if let Some(nats) = &config.nats {
        let log = NatsLog::open(&data, nats, ids_above, config.limits.body).await;
        let log = log.map_err(|error| match error {
            NatsError::Copy(error) => cannot_open(data, error),
            error => ServerError::Nats(error),
        })?;
        return Ok(Arc::new(log));
    }
    let log = tokio::task::spawn_blocking(move || {
        SqliteLog::open(&data, ids_above).map_err(|error| cannot_open(data, error))
    });
    Ok(Arc::new(log.await??))
}

impl Server {
    /// Returns the address it listens on, with the port that was chosen.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `shutdown` completes, then ends the streams over
    /// [`ServerConfig::drain`], lets requests finish, and closes the log.
    ///
    /// # Errors
    /// If the log cannot be closed, or webhooks cannot be sent at all.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), ServerError> {
        let Self {
            listener,
            state,
            phase,
            webhooks,
            ..
        } = self;
        webhook::start(&state, webhooks)?;
        retention::start(&state);
        let service = routes::router(state.clone());
        let open = GracefulShutdown::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let socket = tokio::select! {
                biased;
                () = &mut shutdown => break,
                accepted = listener.accept() => accepted,
            };
            match socket {
                Ok((socket, _)) => {
                    tokio::spawn(serve(
                        socket,
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
        drop(listener);
        phase.send_replace(Phase::Draining);
        tokio::time::timeout(state.config.drain + GRACE, open.shutdown())
            .await
            .ok();
        phase.send_replace(Phase::Closing);
        Ok(state.log.close().await?)
    }
}

async fn serve(socket: TcpStream, service: Router, state: Arc<ServerState>, open: Watcher) {
    tune(&socket);
    let mut socket = TimeoutStream::new(socket);
    socket.set_write_timeout(Some(state.config.limits.stall));
    let service = TowerToHyperService::new(service);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(Box::pin(socket)), service);
    tokio::select! {
        ended = open.watch(connection) => if let Err(error) = ended {
            tracing::debug!("a connection broke off: {error}");
        },
        () = reached(state.phase.clone(), Phase::Closing) => {}
    }
}

/// Sets TCP options that detect clients which vanished without closing the connection.
fn tune(socket: &TcpStream) {
    socket.set_nodelay(true).ok();
    let reference = SockRef::from(socket);
    let keepalive = TcpKeepalive::new().with_time(Duration::from_secs(60));
    reference.set_tcp_keepalive(&keepalive).ok();
    #[cfg(target_os = "linux")]
    reference
        .set_tcp_user_timeout(Some(Duration::from_secs(60)))
        .ok();
}

fn is_about_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
