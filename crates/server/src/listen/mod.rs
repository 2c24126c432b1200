//! Where connections come from, and how each is served.

mod connection;
mod socket;
#[cfg(unix)]
mod unix;

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::config::ServerConfig;
use crate::error::ServerError;
use crate::limits::Peer;
pub(crate) use connection::serve;
use socket::Socket;

/// The addresses that the server listens on.
#[derive(Debug)]
pub(crate) struct Listeners {
    tcp: TcpListener,
    address: SocketAddr,
    #[cfg(unix)]
    unix: Option<unix::SocketFile>,
}

impl Listeners {
    pub(crate) async fn bind(config: &ServerConfig) -> Result<Self, ServerError> {
        let cannot_listen = |error| ServerError::Listen {
            address: config.listen.to_string(),
            error,
        };
        let tcp = TcpListener::bind(config.listen)
            .await
            .map_err(cannot_listen)?;
        let address = tcp.local_addr().map_err(cannot_listen)?;
        #[cfg(unix)]
        let unix =
            match &config.unix_socket {
                None => None,
                Some(path) => Some(unix::SocketFile::bind(path).await.map_err(|error| {
                    ServerError::Listen {
                        address: path.display().to_string(),
                        error,
                    }
                })?),
            };
        Ok(Self {
            tcp,
            address,
            #[cfg(unix)]
            unix,
        })
    }

    /// The address of TCP, with the port that was chosen.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for the next connection, whichever address it comes to.
    pub(crate) async fn accept(&self) -> io::Result<(Socket, Peer)> {
        #[cfg(unix)]
        if let Some(unix) = &self.unix {
            return tokio::select! {
                accepted = self.accept_tcp() => accepted,
                accepted = unix.accept() => Ok((Socket::Unix(accepted?), Peer::Local)),
            };
        }
        self.accept_tcp().await
    }

    async fn accept_tcp(&self) -> io::Result<(Socket, Peer)> {
        let (socket, address) = self.tcp.accept().await?;
        Ok((Socket::Tcp(socket), Peer::Network(address.ip())))
    }
}
