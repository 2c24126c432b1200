//! Serving one connection.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, Watcher};
use hyper_util::service::TowerToHyperService;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;

use super::socket::Socket;
use crate::limits::Peer;
use crate::state::{Phase, ServerState, reached};
use crate::tls::TlsIdentity;

/// Time for a client to send the head of a request, and to agree on TLS.
const HEAD: Duration = Duration::from_secs(30);

/// The longest head of a request, in bytes.
const HEAD_BYTES: usize = 16 * 1024;

/// How long a client may be silent to TCP before it counts as gone.
const GONE: Duration = Duration::from_secs(60);

/// Time between two pings of an HTTP/2 connection, and for the answer.
const PING: Duration = Duration::from_secs(30);

/// Requests that are open on one HTTP/2 connection at a time: the tabs of a browser.
const REQUESTS: u32 = 100;

/// Serves a connection until it ends or the server does.
pub(crate) async fn serve(
    socket: Socket,
    peer: Peer,
    identity: Option<Arc<TlsIdentity>>,
    router: Router,
    state: Arc<ServerState>,
    open: Watcher,
) {
    let serving = async {
        match (socket, identity) {
            (Socket::Tcp(socket), Some(identity)) => {
                tune(&socket, state.config.limits.stall);
                let accepting = identity.acceptor().accept(socket);
                let socket = match tokio::time::timeout(HEAD, accepting).await {
                    Ok(Ok(socket)) => socket,
                    Ok(Err(error)) => return tracing::debug!("no TLS with {peer:?}: {error}"),
                    Err(_) => return,
                };
                if socket.get_ref().1.alpn_protocol() == Some(b"h2") {
                    serve_http2(socket, peer, router, &state, open).await;
                } else {
                    serve_http1(socket, peer, router, &state, open).await;
                }
            }
            (Socket::Tcp(socket), None) => {
                tune(&socket, state.config.limits.stall);
                serve_http1(socket, peer, router, &state, open).await;
            }
            #[cfg(unix)]
            (Socket::Unix(socket), _) => serve_http1(socket, peer, router, &state, open).await,
        }
    };
    tokio::select! {
        () = serving => {}
        () = reached(state.phase.clone(), Phase::Closing) => {}
    }
}

async fn serve_http1<S>(socket: S, peer: Peer, router: Router, state: &ServerState, open: Watcher)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(timed(socket, state), from_peer(peer, router));
    finish(connection, open).await;
}

async fn serve_http2<S>(socket: S, peer: Peer, router: Router, state: &ServerState, open: Watcher)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING)
        .max_concurrent_streams(REQUESTS)
        .max_header_list_size(HEAD_BYTES as u32)
        .serve_connection(timed(socket, state), from_peer(peer, router));
    finish(connection, open).await;
}

/// The socket, which breaks off when a client takes nothing for too long.
fn timed<S: AsyncRead + AsyncWrite>(
    socket: S,
    state: &ServerState,
) -> TokioIo<Pin<Box<TimeoutStream<S>>>> {
    let mut socket = TimeoutStream::new(socket);
    socket.set_write_timeout(Some(state.config.limits.stall));
    TokioIo::new(Box::pin(socket))
}

/// Has each request say who is at the other end.
fn from_peer(
    peer: Peer,
    router: Router,
) -> impl Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send + 'static>
{
    let router = TowerToHyperService::new(router);
    service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.call(request)
    })
}

async fn finish<C>(connection: C, open: Watcher)
where
    C: GracefulConnection,
    C::Error: std::fmt::Display,
{
    if let Err(error) = open.watch(connection).await {
        tracing::debug!("a connection broke off: {error}");
    }
}

/// Sets TCP options that detect clients which vanished without closing the connection.
fn tune(socket: &TcpStream, stall: Duration) {
    socket.set_nodelay(true).ok();
    let reference = SockRef::from(socket);
    let keepalive = TcpKeepalive::new().with_time(GONE);
    reference.set_tcp_keepalive(&keepalive).ok();
    #[cfg(target_os = "linux")]
    reference.set_tcp_user_timeout(Some(stall.max(GONE))).ok();
    #[cfg(not(target_os = "linux"))]
    let _ = stall;
}
