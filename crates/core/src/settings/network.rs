//! The way to the servers: proxy and TLS.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How servers are reached, the same for all sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
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
#[ts(export)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
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
