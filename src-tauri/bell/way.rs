//! The way to the servers: proxy, trust and certificate as the settings say, for every request.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use belldot_core::settings;
use belldot_stream::{Client, Network, Policy, Proxy, ProxyServer};
use tokio::sync::watch;

use crate::os::{
    self,
    keyring::{Keyring, Owner},
};

/// The way to the servers; cheap to clone, and the same for all clones.
#[derive(Clone)]
pub struct Way {
    keyring: Arc<Keyring>,
    /// Shared by all requests: it holds the trust store.
    client: Arc<RwLock<Option<Client>>>,
    /// The proxy's password is kept, and the keyring does not give it now.
    waits: Arc<watch::Sender<bool>>,
}

impl Way {
    /// Goes nowhere yet.
    pub fn new(keyring: Arc<Keyring>) -> Self {
        Self {
            keyring,
            client: Arc::default(),
            waits: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Goes as these settings say from now on. Where they make no sense, it stays as it was; at
    /// the start it then is what the system says.
    ///
    /// # Errors
    /// Why they make no sense.
    pub fn go(&self, network: &settings::Network) -> Result<(), String> {
        let first = self.client().is_none();
        match client(&self.resolve(network)) {
            Ok(client) => {
                self.set(client);
                Ok(())
            }
            Err(why) => {
                if first {
                    self.set(client(&as_the_system_says())?);
                }
                Err(why)
            }
        }
    }

    /// The client to go by, once there is one.
    pub fn client(&self) -> Option<Client> {
        let client = self.client.read();
        client.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it goes without the proxy's password, which the keyring does not give now.
    pub fn waits_for_password(&self) -> watch::Receiver<bool> {
        self.waits.subscribe()
    }

    fn set(&self, client: Client) {
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = Some(client);
    }

    fn resolve(&self, network: &settings::Network) -> Network {
        self.waits.send_replace(false);
        let proxy = match &network.proxy {
            settings::Proxy::System => Proxy::System,
            settings::Proxy::Direct => Proxy::Direct,
            settings::Proxy::Through(server) => Proxy::Through(ProxyServer {
                url: server.url.clone(),
                sign_in: server
                    .user
                    .clone()
                    .map(|user| (user, self.password(server).unwrap_or_default())),
                except: server.except.clone(),
            }),
        };
        Network {
            proxy,
            desktop: os::proxy::desktop(),
            extra_ca: network.extra_ca.iter().map(PathBuf::from).collect(),
            client_certificate: network.client_certificate.as_ref().map(PathBuf::from),
        }
    }

    fn password(&self, server: &settings::ProxyServer) -> Option<String> {
        let owner = Owner::proxy_at(&server.url);
        let password = self.keyring.secret_blocking(&owner);
        self.waits.send_replace(password.is_err());
        password.ok().flatten()
    }
}

/// The network settings of a machine where nothing was set.
pub fn as_the_system_says() -> Network {
    Network {
        desktop: os::proxy::desktop(),
        ..Network::default()
    }
}

/// A client with these settings: the one way to one. Reads the trust store, so call it where
/// blocking is allowed.
///
/// # Errors
/// Why they make no sense.
pub fn client(network: &Network) -> Result<Client, String> {
    Client::new(network, Policy::default().connect_timeout).map_err(|error| error.to_string())
}
