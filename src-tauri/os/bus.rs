//! The session bus: one connection for all that Belldot says and hears there.

use std::time::Duration;

use tokio::sync::OnceCell;
use zbus::{Connection, connection::Builder};

/// How long anybody there may take to answer; one that hangs must not hold up all that follow.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);

/// The connection, made when it is first asked for.
///
/// # Errors
/// When there is no session bus.
pub async fn session() -> zbus::Result<Connection> {
    static SESSION: OnceCell<Connection> = OnceCell::const_new();
    let connect = async || {
        Builder::session()?
            .method_timeout(ANSWER_LIMIT)
            .build()
            .await
    };
    SESSION.get_or_try_init(connect).await.cloned()
}
