//! The connection to a NATS cluster.

use std::path::PathBuf;
use std::time::Duration;

use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use percent_encoding::percent_decode_str;
use tokio::sync::watch;

use super::error::NatsError;

/// The first version that has all that is used here: atomic batches came last.
const LEAST_VERSION: (u64, u64) = (2, 12);

/// How long one question to JetStream may take: a server that was killed does not answer.
pub(super) const REQUEST: Duration = Duration::from_secs(1);

/// How much a message may be larger than the request that it comes from: times, headers, subject.
const AROUND_A_TODO: usize = 3 << 10;

/// Where the to-dos are kept when a NATS cluster keeps them.
#[derive(Clone, Debug, Default)]
pub struct NatsConfig {
    /// Addresses of its servers, with commas between them: `nats://[USER:PASSWORD@]HOST[:PORT]`, or
    /// `tls://`. One that answers is enough: it names the others.
    pub servers: String,
    /// A file of credentials (a JWT and its seed, as `nsc` writes it).
    pub credentials: Option<PathBuf>,
    /// How many servers have each to-do. `None`: three in a cluster, one where there is a single
    /// server.
    pub replicas: Option<usize>,
}

/// A connection, and when it was made.
pub(super) struct Connected {
    pub(super) client: Client,
    /// Counts how often it was made.
    pub(super) times: watch::Receiver<u64>,
}

/// Connects, and refuses a server that cannot keep what Belldot promises. From then on the client
/// connects again by itself, to whichever server answers.
pub(super) async fn connect(config: &NatsConfig, body: usize) -> Result<Connected, NatsError> {
    let servers = addresses(&config.servers)?;
    let (sender, times) = watch::channel(0);
    let mut options = ConnectOptions::new()
        .name("belldot-server")
        .connection_timeout(Duration::from_secs(2))
        // A server that vanished without closing is noticed after two of these.
        .ping_interval(Duration::from_secs(2))
        .request_timeout(Some(REQUEST))
        .subscription_capacity(16_384)
        .reconnect_delay_callback(|attempts| {
            let doubled = 50 << attempts.min(5);
            Duration::from_millis(doubled).mul_f64(0.5 + rand::random::<f64>() / 2.0)
        })
        .event_callback(move |event| {
            heard(&event, &sender);
            std::future::ready(())
        });
    if let Some(file) = &config.credentials {
        options = options.credentials_file(file).await.map_err(|error| {
            let file = file.clone();
            NatsError::Credentials { file, error }
        })?;
    }
    // The client takes them from nowhere else, and those that a server names have none.
    if let Some((user, password)) = servers.iter().find_map(user_and_password) {
        options = options.user_and_password(user, password);
    }
    let named = names(&servers);
    let client = options
        .connect(servers)
        .await
        .map_err(|error| NatsError::Unreachable {
            servers: named.clone(),
            detail: error.to_string(),
        })?;
    let info = client.server_info();
    if version(&info.version).is_none_or(|found| found < LEAST_VERSION) {
        return Err(NatsError::TooOld {
            servers: named,
            found: info.version,
        });
    }
    let wanted = body + AROUND_A_TODO;
    if info.max_payload < wanted {
        return Err(NatsError::SmallMessages {
            found: info.max_payload,
            wanted,
        });
    }
    Ok(Connected { client, times })
}

fn heard(event: &Event, times: &watch::Sender<u64>) {
    match event {
        Event::Connected => {
            tracing::info!("connected to NATS");
            times.send_modify(|times| *times += 1);
        }
        Event::Disconnected => tracing::warn!("the connection to NATS is lost"),
        // The messages it could not take are read from the stream.
        Event::SlowConsumer(_) => tracing::debug!("NATS is faster than this server"),
        event => tracing::info!("NATS: {event}"),
    }
}

fn addresses(text: &str) -> Result<Vec<ServerAddr>, NatsError> {
    text.split(',')
        .map(str::trim)
        .filter(|address| !address.is_empty())
        .map(|address| {
            let parsed: Result<ServerAddr, _> = address.parse();
            // The address itself may have a password.
            parsed.map_err(|error| NatsError::Address(error.to_string()))
        })
        .collect::<Result<Vec<_>, _>>()
        .and_then(|servers| match servers.is_empty() {
            true => Err(NatsError::Address("there is none".to_owned())),
            false => Ok(servers),
        })
}

fn user_and_password(server: &ServerAddr) -> Option<(String, String)> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let password = server.password().unwrap_or_default();
    Some((decoded(server.username()?), decoded(password)))
}

fn names(servers: &[ServerAddr]) -> String {
    let names: Vec<_> = servers
        .iter()
        .map(|server| format!("{}:{}", server.host(), server.port()))
        .collect();
    names.join(", ")
}

fn version(text: &str) -> Option<(u64, u64)> {
    let mut numbers = text.split('.');
    let mut next = || numbers.next()?.parse().ok();
    Some((next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version("2.9.10").unwrap() < LEAST_VERSION);
        assert!(version("2.11.4").unwrap() < LEAST_VERSION);
        assert!(version("2.12.0-RC.1").unwrap() >= LEAST_VERSION);
        assert!(version("3.0.0").unwrap() >= LEAST_VERSION);
        assert_eq!(version("dev"), None);
    }

    #[test]
    fn several_addresses_are_taken_and_named_without_passwords() {
        let servers = addresses("nats://ann:s3cret@a, tls://b:4443,c:1").unwrap();
        assert_eq!(names(&servers), "a:4222, b:4443, c:1");
    }

    #[test]
    fn a_password_may_have_any_character() {
        let servers = addresses("nats://a,nats://ann:a%2Fb%40c@b").unwrap();
        let found = servers.iter().find_map(user_and_password);
        assert_eq!(found, Some(("ann".to_owned(), "a/b@c".to_owned())));
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for text in ["", " , ", "http://ann:s3cret@host"] {
            let error = addresses(text).unwrap_err().to_string();
            assert!(!error.contains("s3cret"), "{error}");
            assert!(error.contains("nats://HOST:PORT"), "{error}");
        }
    }
}
