//! The options of the server: flags, and the same names in a TOML file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use belldot_server::log::NatsConfig;
use belldot_server::{IpNet, JwtConfig, JwtKeys, Rate, ServerConfig, ServerLimits, TlsConfig};
use clap::Args;
use serde::Deserialize;

use super::logging::LogFormat;

/// Every option may also be in the file of `--config`, by its name without the dashes.
#[derive(Args, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ServerOptions {
    /// A TOML file with any of these options; flags come before it
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub(super) config: Option<PathBuf>,
    /// Where to listen; port 0 takes any that is free [default: 127.0.0.1:8787]
    #[arg(long, value_name = "ADDR")]
    pub(super) listen: Option<SocketAddr>,
    /// A Unix socket to listen on, too, for a proxy on this machine
    #[arg(long, value_name = "PATH")]
    pub(super) unix_socket: Option<PathBuf>,
    /// The certificate for TLS and HTTP/2, in PEM, with those between it and the root
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// The certificate's private key, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// The folder of the to-dos and of users.toml
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// How many streams may be open in all [default: what the limit of open files allows]
    #[arg(long, value_name = "N")]
    pub(super) max_connections: Option<usize>,
    /// How many streams one user may have open
    #[arg(long, value_name = "N")]
    pub(super) max_connections_per_user: Option<usize>,
    /// How many streams one address may have open
    #[arg(long, value_name = "N")]
    pub(super) max_connections_per_address: Option<usize>,
    /// How many to-dos one caller may make a second; twice as many at once
    #[arg(long, value_name = "N")]
    pub(super) publish_rate: Option<f64>,
    /// The keys of an identity provider, whose JSON Web Tokens are then taken: its JSON Web Key Set
    #[arg(long, value_name = "FILE", conflicts_with = "jwt_key")]
    pub(super) jwks: Option<PathBuf>,
    /// A key that is shared with who makes JSON Web Tokens: 32 bytes or more
    #[arg(long, value_name = "FILE")]
    pub(super) jwt_key: Option<PathBuf>,
    /// What a JSON Web Token's `iss` has to be
    #[arg(long, value_name = "URL")]
    pub(super) jwt_issuer: Option<String>,
    /// What a JSON Web Token's `aud` has to contain
    #[arg(long, value_name = "NAME")]
    pub(super) jwt_audience: Option<String>,
    /// The claim of a JSON Web Token that is the user's name [default: sub]
    #[arg(long, value_name = "CLAIM")]
    pub(super) jwt_user_claim: Option<String>,
    /// A network of proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8; may be given again
    #[arg(long = "trusted-proxy", value_name = "NETWORK")]
    #[serde(rename = "trusted-proxy")]
    pub(super) trusted_proxies: Vec<IpNet>,
    /// The time between two heartbeats of a stream [default: 15]
    #[arg(long, value_name = "SECONDS")]
    pub(super) heartbeat: Option<Seconds>,
    /// How long a client is to wait before it connects again; each gets from half to one and a half
    /// of it [default: 4]
    #[arg(long, value_name = "SECONDS")]
    pub(super) retry: Option<Seconds>,
    /// The time over which the streams are ended when the server stops [default: 1]
    #[arg(long, value_name = "SECONDS")]
    pub(super) drain: Option<Seconds>,
    /// How long a stream is kept at most; each ends after four fifths of it or more [default: for
    /// ever]
    #[arg(long, value_name = "SECONDS")]
    pub(super) max_age: Option<Seconds>,
    /// An origin whose pages may speak with this server from a browser, such as
    /// https://intranet.example.com; may be given again
    #[arg(long = "cors-origin", value_name = "ORIGIN")]
    #[serde(rename = "cors-origin")]
    pub(super) cors_origins: Vec<String>,
    /// How long to keep to-dos that are done, cancelled or deleted [default: for good]
    #[arg(long, value_name = "DAYS")]
    pub(super) retention: Option<u32>,
    /// A folder of the page to serve at /, in place of the one in the program
    #[arg(long, value_name = "DIR")]
    pub(super) ui: Option<PathBuf>,
    /// Without users.toml, let anybody in who reaches this address, as whoever they say they are
    #[arg(long)]
    pub(super) trust_network: bool,
    /// Keep the to-dos in a NATS cluster, which several servers share: nats://HOST:PORT or
    /// tls://HOST:PORT, several with commas between them
    #[arg(long, value_name = "URL")]
    pub(super) nats: Option<String>,
    /// The file of credentials for NATS
    #[arg(long, value_name = "FILE")]
    pub(super) nats_credentials: Option<PathBuf>,
    /// How many servers of the NATS cluster have each to-do, from 1 to 5 [default: 3, or 1 where
    /// there is one]
    #[arg(long, value_name = "N")]
    pub(super) nats_replicas: Option<usize>,
    /// How a line of the log on standard error looks [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub(super) log_format: Option<LogFormat>,
}

impl ServerOptions {
    /// Adds what the file of `--config` says and these do not. An error is a sentence.
    pub(super) fn with_file(self) -> Result<Self, String> {
        let Some(path) = &self.config else {
            return Ok(self);
        };
        let file = Self::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(self.or(file))
    }

    fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{error}."))?;
        toml::from_str(&text).map_err(|error| error.to_string())
    }

    fn or(self, file: Self) -> Self {
        Self {
            config: self.config,
            listen: self.listen.or(file.listen),
            unix_socket: self.unix_socket.or(file.unix_socket),
            tls_cert: self.tls_cert.or(file.tls_cert),
            tls_key: self.tls_key.or(file.tls_key),
            data: self.data.or(file.data),
            max_connections: self.max_connections.or(file.max_connections),
            max_connections_per_user: self
                .max_connections_per_user
                .or(file.max_connections_per_user),
            max_connections_per_address: self
                .max_connections_per_address
                .or(file.max_connections_per_address),
            publish_rate: self.publish_rate.or(file.publish_rate),
            jwks: self.jwks.or(file.jwks),
            jwt_key: self.jwt_key.or(file.jwt_key),
            jwt_issuer: self.jwt_issuer.or(file.jwt_issuer),
            jwt_audience: self.jwt_audience.or(file.jwt_audience),
            jwt_user_claim: self.jwt_user_claim.or(file.jwt_user_claim),
            trusted_proxies: either(self.trusted_proxies, file.trusted_proxies),
            heartbeat: self.heartbeat.or(file.heartbeat),
            retry: self.retry.or(file.retry),
            drain: self.drain.or(file.drain),
            max_age: self.max_age.or(file.max_age),
            cors_origins: either(self.cors_origins, file.cors_origins),
            ui: self.ui.or(file.ui),
            trust_network: self.trust_network || file.trust_network,
            retention: self.retention.or(file.retention),
            nats: self.nats.or(file.nats),
            nats_credentials: self.nats_credentials.or(file.nats_credentials),
            nats_replicas: self.nats_replicas.or(file.nats_replicas),
            log_format: self.log_format.or(file.log_format),
        }
    }

    /// How JSON Web Tokens are to be checked. An error is a sentence.
    fn jwt(&self) -> Result<Option<JwtConfig>, String> {
        let keys = match (self.jwks.clone(), self.jwt_key.clone()) {
            (None, None) => return Ok(None),
            (Some(file), None) => JwtKeys::Jwks(file),
            (None, Some(file)) => JwtKeys::Shared(file),
            (Some(_), Some(_)) => return Err("--jwks and --jwt-key exclude each other.".to_owned()),
        };
        if matches!(keys, JwtKeys::Jwks(_)) && self.jwt_audience.is_none() {
            return Err(
                "say with --jwt-audience whom tokens are for: the provider makes tokens for other \
                 programs, too, and they would be let in."
                    .to_owned(),
            );
        }
        Ok(Some(JwtConfig {
            keys,
            issuer: self.jwt_issuer.clone(),
            audience: self.jwt_audience.clone(),
            user_claim: self
                .jwt_user_claim
                .clone()
                .unwrap_or_else(|| "sub".to_owned()),
        }))
    }

    /// The configuration that these options ask for. An error is a sentence.
    pub(super) fn server_config(self) -> Result<ServerConfig, String> {
        let usual = ServerConfig::default();
        let retry = self.retry.map_or(Duration::from_secs(4), Into::into);
        let jwt = self.jwt()?;
        let tls = match (self.tls_cert, self.tls_key) {
            (Some(certificate), Some(key)) => Some(TlsConfig { certificate, key }),
            (None, None) => None,
            _ => return Err("--tls-cert and --tls-key are given together.".to_owned()),
        };
        if self.nats.is_none() && (self.nats_credentials.is_some() || self.nats_replicas.is_some())
        {
            return Err("say with --nats where the NATS cluster is.".to_owned());
        }
        if self
            .nats_replicas
            .is_some_and(|replicas| !(1..=5).contains(&replicas))
        {
            return Err("--nats-replicas is from 1 to 5.".to_owned());
        }
        let nats = self.nats.map(|servers| NatsConfig {
            servers,
            credentials: self.nats_credentials,
            replicas: self.nats_replicas,
        });
        let (listen, data) = (self.listen, self.data);
        Ok(ServerConfig {
            listen: listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8787))),
            data: data.ok_or("say with --data which folder the to-dos are kept in.")?,
            unix_socket: self.unix_socket,
            tls,
            limits: ServerLimits {
                max_connections: self.max_connections,
                max_connections_per_user: self.max_connections_per_user,
                max_connections_per_address: self.max_connections_per_address,
                publishing: self.publish_rate.map(publishing),
                ..usual.limits
            },
            heartbeat: self.heartbeat.map_or(usual.heartbeat, Into::into),
            retry: retry.mul_f64(0.5)..=retry.mul_f64(1.5),
            drain: self.drain.map_or(usual.drain, Into::into),
            max_age: self.max_age.map(Into::into),
            retention: self
                .retention
                .map(|days| Duration::from_secs(u64::from(days) * 86_400)),
            nats,
            jwt,
            trusted_proxies: self.trusted_proxies,
            cors_origins: self
                .cors_origins
                .iter()
                .map(|name| origin(name))
                .collect::<Result<_, _>>()?,
            ui: self.ui,
            trust_network: self.trust_network,
            ..usual
        })
    }
}

fn either<T>(flags: Vec<T>, file: Vec<T>) -> Vec<T> {
    if flags.is_empty() { file } else { flags }
}

/// Browsers send an origin without a path, and `*` would be everybody.
fn origin<T: for<'a> TryFrom<&'a str>>(name: &str) -> Result<T, String> {
    let host = name
        .strip_prefix("https://")
        .or_else(|| name.strip_prefix("http://"))
        .filter(|host| !host.is_empty() && !host.contains(['/', '*', '@', ' ']));
    host.and_then(|_| T::try_from(name).ok()).ok_or_else(|| {
        format!(
            "{name:?} is no origin; one looks like https://intranet.example.com, without a path."
        )
    })
}

fn publishing(per_second: f64) -> Rate {
    Rate {
        per_second,
        // Rounded up; what is no number is nothing.
        burst: (2.0 * per_second).ceil() as u32,
    }
}

/// A duration, given as a number of seconds.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Seconds(Duration);

impl From<Seconds> for Duration {
    fn from(seconds: Seconds) -> Self {
        seconds.0
    }
}

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds: f64 = text
            .parse()
            .map_err(|_| "a number of seconds is wanted".to_owned())?;
        seconds.try_into()
    }
}

impl TryFrom<f64> for Seconds {
    type Error = String;

    fn try_from(seconds: f64) -> Result<Self, String> {
        match Duration::try_from_secs_f64(seconds) {
            Ok(duration) if !duration.is_zero() && seconds <= 86_400.0 => Ok(Self(duration)),
            _ => Err("more than 0 and at most 86400 seconds are wanted".to_owned()),
        }
    }
}
