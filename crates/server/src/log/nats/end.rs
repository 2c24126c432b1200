//! How far the stream is.

use async_nats::jetstream::Context;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::configuration::STREAM;
use super::connect::REQUEST;
use super::error::CatchUpError;

/// The stream's newest sequence number, asked for once for all who want it at the same time.
pub(super) struct StreamEnd {
    jetstream: Context,
    asked: Mutex<Option<(Instant, u64)>>,
}

impl StreamEnd {
    pub(super) fn new(jetstream: Context) -> Self {
        Self {
            jetstream,
            asked: Mutex::new(None),
        }
    }

    /// Returns the newest sequence number as it was at `since` or later.
    ///
    /// # Errors
    /// If NATS did not answer.
    pub(super) async fn newest(&self, since: Instant) -> Result<u64, CatchUpError> {
        let mut asked = self.asked.lock().await;
        match *asked {
            Some((when, newest)) if when >= since => Ok(newest),
            _ => {
                let when = Instant::now();
                let newest = newest(&self.jetstream).await?;
                *asked = Some((when, newest));
                Ok(newest)
            }
        }
    }
}

/// Returns the newest sequence number that the stream has given.
///
/// # Errors
/// If NATS did not answer.
pub(super) async fn newest(jetstream: &Context) -> Result<u64, CatchUpError> {
    let stream = timeout(REQUEST, jetstream.get_stream(STREAM)).await;
    let stream = stream
        .map_err(CatchUpError::too_long)?
        .map_err(CatchUpError::nats)?;
    Ok(stream.cached_info().state.last_sequence)
}
