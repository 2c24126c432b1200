//! The transport over the network: reqwest, TLS by rustls with the system's trust store.

use std::error::Error;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;
use reqwest::{Certificate, ClientBuilder, Identity, Method, NoProxy};

use crate::Cause;
use crate::network::{Network, NetworkError, Proxy, ProxyServer};
use crate::redirect::is_loopback;
use crate::transport::{Request, Response, Transport};

/// How long a silent peer is given by TCP and HTTP/2 keepalive: first question, further ones.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(30);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(10);
const KEEPALIVE_TIMES: u32 = 4;

/// Carries streams over the network. Cheap to clone; many subscriptions should share one, since
/// the trust store is held once per client.
#[derive(Clone, Debug)]
pub struct Client {
    out: reqwest::Client,
    /// For this machine itself, which no proxy is asked for.
    here: reqwest::Client,
    explicit_proxy: bool,
}

impl Client {
    /// A client with these settings. Reads files, so call it where blocking is allowed.
    ///
    /// # Errors
    /// If a file cannot be read, or the settings make no sense.
    pub fn new(network: &Network, connect_timeout: Duration) -> Result<Self, NetworkError> {
        let files = Files::read(network)?;
        let build = |proxy: &Proxy| {
            let builder = files.add_to(builder(connect_timeout));
            let builder = match proxy {
                Proxy::System => builder,
                Proxy::Direct => builder.no_proxy(),
                Proxy::Through(server) => builder.proxy(to_reqwest(server)?),
            };
            builder
                .build()
                .map_err(|error| NetworkError::Tls(root_cause(&error)))
        };
        let out = build(&network.proxy)?;
        let here = match network.proxy {
            Proxy::Direct => out.clone(),
            Proxy::System | Proxy::Through(_) => build(&Proxy::Direct)?,
        };
        Ok(Self {
            out,
            here,
            explicit_proxy: matches!(network.proxy, Proxy::Through(_)),
        })
    }
}

impl Transport for Client {
    fn get(&self, request: Request) -> BoxFuture<'static, Result<Response, Cause>> {
        let here = is_loopback(&request.url);
        let client = if here { &self.here } else { &self.out };
        let proxied = self.explicit_proxy && !here;
        let mut sent = reqwest::Request::new(Method::GET, request.url);
        *sent.headers_mut() = request.headers;
        let answer = client.execute(sent);
        Box::pin(async move {
            let response = answer.await.map_err(|error| cause_of(error, proxied))?;
            Ok(Response {
                status: response.status(),
                headers: response.headers().clone(),
                body: response
                    .bytes_stream()
                    .map(move |chunk| chunk.map_err(|error| cause_of(error, proxied)))
                    .boxed(),
            })
        })
    }
}

fn builder(connect_timeout: Duration) -> ClientBuilder {
    install_crypto();
    reqwest::Client::builder()
        .user_agent(concat!("belldot/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(connect_timeout)
        // One connection for one stream: closing the stream closes the socket, at once.
        .pool_max_idle_per_host(0)
        .tcp_keepalive(KEEPALIVE_AFTER)
        .tcp_keepalive_interval(KEEPALIVE_EVERY)
        .tcp_keepalive_retries(KEEPALIVE_TIMES)
        .http2_keep_alive_interval(KEEPALIVE_AFTER)
        .http2_keep_alive_timeout(KEEPALIVE_EVERY)
        .http2_keep_alive_while_idle(true)
        .dns_resolver(Lookup)
}

/// Several parts of one program may bring their own; the first stays.
fn install_crypto() {
    static ONCE: LazyLock<()> = LazyLock::new(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    LazyLock::force(&ONCE);
}

/// What the settings name, read once for both clients.
struct Files {
    authorities: Vec<Certificate>,
    identity: Option<Identity>,
}

impl Files {
    fn read(network: &Network) -> Result<Self, NetworkError> {
        let mut authorities = Vec::new();
        for path in &network.extra_ca {
            let found = Certificate::from_pem_bundle(&read(path)?).unwrap_or_default();
            if found.is_empty() {
                return Err(NetworkError::Pem {
                    path: path.clone(),
                    what: "certificate",
                });
            }
            authorities.extend(found);
        }
        let identity = match &network.client_certificate {
            None => None,
            Some(path) => {
                Some(
                    Identity::from_pem(&read(path)?).map_err(|_| NetworkError::Pem {
                        path: path.clone(),
                        what: "certificate with a private key",
                    })?,
                )
            }
        };
        Ok(Self {
            authorities,
            identity,
        })
    }

    fn add_to(&self, builder: ClientBuilder) -> ClientBuilder {
        let builder = match self.authorities.as_slice() {
            [] => builder,
            authorities => builder.tls_certs_merge(authorities.iter().cloned()),
        };
        match &self.identity {
            None => builder,
            Some(identity) => builder.identity(identity.clone()),
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, NetworkError> {
    fs::read(path).map_err(|error| NetworkError::File {
        path: PathBuf::from(path),
        error,
    })
}

fn to_reqwest(server: &ProxyServer) -> Result<reqwest::Proxy, NetworkError> {
    let proxy = reqwest::Proxy::all(&server.url)
        .map_err(|error| NetworkError::Proxy(root_cause(&error.without_url())))?;
    let proxy = proxy.no_proxy(NoProxy::from_string(&server.except));
    Ok(match &server.sign_in {
        None => proxy,
        Some((name, password)) => proxy.basic_auth(name, password),
    })
}

/// Looks names up as the system does, with an error that can be told from others.
#[derive(Debug)]
struct Lookup;

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct LookupError(io::Error);

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found: Vec<SocketAddr> = found.map_err(LookupError)?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Names the cause of a failure by what lies at its root.
fn cause_of(error: reqwest::Error, proxied: bool) -> Cause {
    let words = root_cause(&error);
    let mut chain = chain(&error);
    if error.is_builder() {
        return Cause::Unusable(words);
    }
    if chain.clone().any(|error| error.is::<LookupError>()) {
        return Cause::Dns(words);
    }
    if chain.clone().any(is_tls) {
        return Cause::Tls(words);
    }
    if proxied && error.is_connect() || chain.clone().any(speaks_of_proxy) {
        return Cause::Proxy(words);
    }
    if error.is_timeout() {
        return Cause::Timeout;
    }
    if chain.any(|error| io_kind(error) == Some(io::ErrorKind::ConnectionRefused)) {
        return Cause::Refused;
    }
    Cause::Broken(words)
}

fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> + Clone {
    std::iter::successors(Some(error), |&error| {
        // An io::Error leads to what it wraps, where its source skips it.
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn is_tls(error: &(dyn Error + 'static)) -> bool {
    error.is::<rustls::Error>()
}

fn speaks_of_proxy(error: &(dyn Error + 'static)) -> bool {
    let words = error.to_string().to_ascii_lowercase();
    words.contains("tunnel") || words.contains("socks") || words.contains("proxy")
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    error.downcast_ref::<io::Error>().map(io::Error::kind)
}
