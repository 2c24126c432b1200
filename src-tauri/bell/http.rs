//! The way to the servers: proxy, trust and certificate as the settings say, for every request.

use std::{sync::Arc, time::Duration};

use belldot_stream::{Client, Network, Proxy, ProxyAccess, ProxyServer, StreamPolicy};
use tokio::{sync::watch, time::timeout};

use crate::os::{
    self,
    keyring::{Keyring, SecretOwner},
};

/// How long the first client may take: the keyring may be asked for the proxy's password.
const CONFIGURING: Duration = Duration::from_secs(5);

/// The way to the servers; cheap to clone, and the same for all clones.
#[derive(Clone)]
pub struct HttpClients {
    keyring: Arc<Keyring>,
    /// Shared by all requests: it holds the trust store.
    client: Arc<watch::Sender<Option<Client>>>,
    /// The proxy's password is kept, and the keyring does not give it now.
    waits: Arc<watch::Sender<bool>>,
}

impl HttpClients {
    /// Goes nowhere yet.
    pub fn new(keyring: Arc<Keyring>) -> Self {
        Self {
            keyring,
            client: Arc::new(watch::Sender::new(None)),
            waits: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Goes as these settings say from now on. Where they make no sense, it stays as it was; at
    /// the start it then is what the system says.
    ///
    /// # Errors
    /// Why they make no sense.
    pub fn configure(&self, network: &Network) -> Result<(), String> {
        let first = self.client().is_none();
        match client(network, &self.access(&network.proxy)) {
            Ok(client) => {
                self.set(client);
                Ok(())
            }
            Err(why) => {
                if first {
                    let access = ProxyAccess {
                        desktop: os::proxy::desktop(),
                        ..ProxyAccess::default()
                    };
                    self.set(client(&Network::default(), &access)?);
                }
                Err(why)
            }
        }
    }

    /// The client to go by, once there is one.
    pub fn client(&self) -> Option<Client> {
        self.client.borrow().clone()
    }

    /// The client to go by, which at the start of Belldot is a moment away; nothing where there is
    /// none in time.
    pub async fn wait_for_client(&self) -> Option<Client> {
        let mut client = self.client.subscribe();
        let there = client.wait_for(Option::is_some);
        timeout(CONFIGURING, there).await.ok()?.ok()?.clone()
    }

    /// Whether it goes without the proxy's password, which the keyring does not give now.
    pub fn waits_for_password(&self) -> watch::Receiver<bool> {
        self.waits.subscribe()
    }

    fn set(&self, client: Client) {
        self.client.send_replace(Some(client));
    }

    /// The password of the proxy, and the proxies of the desktop.
    fn access(&self, proxy: &Proxy) -> ProxyAccess {
        self.waits.send_replace(false);
        let password = match proxy {
            Proxy::Through(server) if server.user.is_some() => self.password(server),
            _ => None,
        };
        ProxyAccess {
            password,
            desktop: os::proxy::desktop(),
        }
    }

    fn password(&self, server: &ProxyServer) -> Option<String> {
        let owner = SecretOwner::proxy_at(&server.url);
        let password = self.keyring.secret_blocking(&owner);
        self.waits.send_replace(password.is_err());
        password.ok().flatten()
    }
}

/// A client with these settings: the one way to one. Reads the trust store, so call it where
/// blocking is allowed.
///
/// # Errors
/// Why they make no sense.
pub fn client(network: &Network, access: &ProxyAccess) -> Result<Client, String> {
    Client::new(network, access, StreamPolicy::default().connect_timeout)
        .map_err(|error| error.to_string())
}
