//! Waiting on conditions instead of sleeping.

use std::thread;
use std::time::{Duration, Instant};

use crate::SessionError;

const PAUSE: Duration = Duration::from_millis(20);

/// Waits until `is_so` holds, asking again every few milliseconds.
///
/// `what` names the condition for the error, as the end of a sentence that begins "until".
///
/// # Errors
/// [`SessionError::Waited`] when it does not hold within `limit`. It is asked at least once.
pub fn wait_until(
    what: &str,
    limit: Duration,
    mut is_so: impl FnMut() -> bool,
) -> Result<(), SessionError> {
    wait_for(what, limit, || is_so().then_some(()))
}

/// Waits until `find` finds something and returns it, asking again every few milliseconds.
///
/// # Errors
/// [`SessionError::Waited`] when nothing is found within `limit`. It is asked at least once.
pub fn wait_for<T>(
    what: &str,
    limit: Duration,
    mut find: impl FnMut() -> Option<T>,
) -> Result<T, SessionError> {
    let begun = Instant::now();
    loop {
        if let Some(found) = find() {
            return Ok(found);
        }
        if begun.elapsed() >= limit {
            return Err(SessionError::Waited {
                what: what.to_owned(),
                limit,
            });
        }
        thread::sleep(PAUSE);
    }
}
