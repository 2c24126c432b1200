//! How long tests wait.

use std::time::Duration;

/// The longest wait for a condition. Generous: a slow machine must not fail a test.
pub const LIMIT: Duration = Duration::from_secs(180);
