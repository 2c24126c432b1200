//! The log under test: a NATS server of its own for each.

use std::path::Path;

use belldot_server::log::NatsConfig;
use belldot_testkit::NatsServer;

/// `None`: the test has the NATS server, for several nodes.
pub struct LogUnderTest(pub Option<NatsServer>);

impl LogUnderTest {
    /// What the log of the server with this folder needs.
    pub async fn start(folder: &Path) -> Self {
        Self(Some(nats_server(folder).await))
    }

    pub fn nats(&self) -> Option<NatsConfig> {
        self.0.as_ref().map(config)
    }
}

/// A NATS server with its messages in this folder.
pub async fn nats_server(folder: &Path) -> NatsServer {
    let server = NatsServer::start(&folder.join("nats")).await;
    server.expect("without nats-server there is nothing to test: leave out --test nats")
}

pub fn config(server: &NatsServer) -> NatsConfig {
    NatsConfig {
        servers: server.url(),
        ..NatsConfig::default()
    }
}
