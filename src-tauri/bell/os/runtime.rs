//! The Tokio runtime of this process.

use tokio::runtime::{Builder, Runtime};

/// Two workers are plenty: the streams mostly wait.
///
/// # Errors
/// When the system gives no threads.
pub fn start() -> std::io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
}
