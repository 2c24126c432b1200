//! The log under test: SQLite.

use std::path::Path;

use belldot_server::log::NatsConfig;

pub struct LogUnderTest;

impl LogUnderTest {
    /// What the log of the server with this folder needs.
    pub async fn start(_folder: &Path) -> Self {
        Self
    }

    pub fn nats(&self) -> Option<NatsConfig> {
        None
    }
}
