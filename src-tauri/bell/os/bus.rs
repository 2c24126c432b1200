//! The session bus: one connection for all that Belldot says and hears there.

use std::time::Duration;

use async_io::Timer;
use futures_util::future::{self, Either};
use tokio::sync::OnceCell;
use zbus::{Connection, connection::Builder};

/// How long the bus, or anybody there, may take to answer; one that hangs must not hold up all
/// that follow.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// The connection, made when it is first asked for.
///
/// # Errors
/// When there is no session bus.
pub async fn session() -> zbus::Result<Connection> {
    static SESSION: OnceCell<Connection> = OnceCell::const_new();
    let connect = async || {
        let builder = Builder::session()?.method_timeout(ANSWER_LIMIT);
        within(ANSWER_LIMIT, builder.build()).await
    };
    SESSION.get_or_try_init(connect).await.cloned()
}

/// A connection for calls whose answer counts however late it comes: whoever makes them does not
/// wait.
///
/// # Errors
/// When there is no session bus.
#[cfg_attr(
    feature = "portable",
    allow(dead_code, reason = "its plugin talks to the notification daemon")
)]
pub async fn patient() -> zbus::Result<Connection> {
    within(ANSWER_LIMIT, Builder::session()?.build()).await
}

/// The system bus, made when it is asked for.
///
/// # Errors
/// When there is none.
pub async fn system() -> zbus::Result<Connection> {
    let builder = Builder::system()?.method_timeout(ANSWER_LIMIT);
    within(ANSWER_LIMIT, builder.build()).await
}

/// What comes of it in time.
///
/// # Errors
/// Its own, and that it took too long.
pub async fn within<T>(
    limit: Duration,
    work: impl Future<Output = zbus::Result<T>>,
) -> zbus::Result<T> {
    match future::select(Box::pin(work), Timer::after(limit)).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
    }
}
