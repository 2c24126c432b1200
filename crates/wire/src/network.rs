//! The network settings: proxy and TLS. Passwords are not among them.

use std::fmt::{self, Debug};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How servers are reached, the same for all sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Network {
    /// Which proxy is used.
    pub proxy: Proxy,
    /// PEM files with further certificate authorities, beside those that the system trusts.
    pub extra_ca: Vec<String>,
    /// A PEM file with a client certificate (its chain, too) and its private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "string | null")]
    pub client_certificate: Option<String>,
}

/// Which proxy is used. This machine itself is never reached through one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Proxy {
    /// The one that the environment names, or else the desktop.
    #[default]
    System,
    /// No proxy: servers are reached directly.
    Direct,
    /// Through this proxy.
    Through(ProxyServer),
}

/// A proxy server. Its password is in the keyring.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ProxyServer {
    /// `http://host:port`, `https://…`, `socks5://…` (names are looked up here) or `socks5h://…`
    /// (names are looked up there).
    pub url: String,
    /// The name to sign in with, where it wants one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "string | null")]
    pub user: Option<String>,
    /// Hosts that are reached directly: `*.domains`, addresses (`10.1.*`), networks
    /// (`10.0.0.0/8`), `<local>` for names without a dot; separated by commas, semicolons or
    /// white space.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub except: String,
}

impl Debug for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password, which must not be logged.
        f.debug_struct("ProxyServer")
            .field("except", &self.except)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_the_url_is_not_logged() {
        let server = ProxyServer {
            url: "http://ann:secret@proxy:3128".to_owned(),
            ..ProxyServer::default()
        };
        assert!(!format!("{server:?}").contains("secret"));
    }
}
