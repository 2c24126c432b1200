//! The transport over the network, by reqwest.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{ClientBuilder, Method, NoProxy, redirect};
use rustls::ClientConfig;
use url::Url;

use crate::Cause;
use crate::connector::{Lookup, Reporting, reporting};
use crate::failure;
use crate::network::{Network, NetworkError, Proxy, ProxyServer};
use crate::redirect::is_loopback;
use crate::tls::Tls;
use crate::transport::{Request, Response, Transport};

/// How long a peer may be silent before TCP and HTTP/2 ask whether it is there, and how often
/// TCP asks before it gives up.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(30);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(10);
const KEEPALIVE_TIMES: u32 = 4;

/// Carries streams over the network. Cheap to clone; many subscriptions should share one, since
/// it holds the trust store.
#[derive(Clone, Debug)]
pub struct Client {
    /// For the servers that the user chose.
    known: Ways,
    /// For servers that others redirected to: they see no client certificate.
    anonymous: Ways,
    /// Says whether a proxy is asked, so that a failure can be laid at the right door.
    proxies: Arc<Matcher>,
}

#[derive(Clone, Debug)]
struct Ways {
    /// By the proxy, where there is one.
    out: reqwest::Client,
    /// To this machine itself.
    here: reqwest::Client,
}

impl Client {
    /// A client with these settings; connecting (name, TCP, TLS, proxy) may take
    /// `connect_timeout`. Reads files, so call it where blocking is allowed.
    ///
    /// # Errors
    /// If a file cannot be read, or the settings make no sense.
    pub fn new(network: &Network, connect_timeout: Duration) -> Result<Self, NetworkError> {
        let tls = Tls::new(network)?;
        let known = Ways::new(&tls.known, &network.proxy, connect_timeout)?;
        let anonymous = match network.client_certificate {
            None => known.clone(),
            Some(_) => Ways::new(&tls.anonymous, &network.proxy, connect_timeout)?,
        };
        let proxies = match &network.proxy {
            Proxy::System => Matcher::from_system(),
            Proxy::Direct => Matcher::builder().build(),
            Proxy::Through(server) => Matcher::builder()
                .all(server.url.as_str())
                .no(server.except.as_str())
                .build(),
        };
        Ok(Self {
            known,
            anonymous,
            proxies: Arc::new(proxies),
        })
    }

    /// The client for requests of other kinds to a server that the user chose: the same proxy,
    /// trust and certificate, no redirects, no pool.
    pub fn requests_to(&self, url: &Url) -> &reqwest::Client {
        if is_loopback(url) {
            &self.known.here
        } else {
            &self.known.out
        }
    }

    fn asks_a_proxy(&self, url: &Url) -> bool {
        let url = url.as_str().parse();
        url.is_ok_and(|url| self.proxies.intercept(&url).is_some())
    }
}

impl Transport for Client {
    fn get(&self, request: Request) -> BoxFuture<'static, Result<Response, Cause>> {
        let Request {
            url,
            headers,
            trusted,
            progress,
        } = request;
        let ways = if trusted {
            &self.known
        } else {
            &self.anonymous
        };
        let here = is_loopback(&url);
        let client = if here { &ways.here } else { &ways.out };
        let proxied = !here && self.asks_a_proxy(&url);
        let mut sent = reqwest::Request::new(Method::GET, url);
        *sent.headers_mut() = headers;
        let answer = client.execute(sent);
        Box::pin(async move {
            let response = reporting(progress, proxied, answer)
                .await
                .map_err(|error| failure::cause(&error, proxied))?;
            Ok(Response {
                status: response.status(),
                headers: response.headers().clone(),
                body: response
                    .bytes_stream()
                    .map(move |chunk| chunk.map_err(|error| failure::cause(&error, proxied)))
                    .boxed(),
            })
        })
    }
}

impl Ways {
    fn new(tls: &ClientConfig, proxy: &Proxy, timeout: Duration) -> Result<Self, NetworkError> {
        let builder = || builder(timeout).tls_backend_preconfigured(tls.clone());
        let out = match proxy {
            Proxy::System => builder(),
            Proxy::Direct => builder().no_proxy(),
            Proxy::Through(server) => builder().proxy(to_reqwest(server)?),
        };
        let build = |builder: ClientBuilder| {
            builder
                .build()
                .map_err(|error| NetworkError::Tls(error.to_string()))
        };
        Ok(Self {
            out: build(out)?,
            here: build(builder().no_proxy())?,
        })
    }
}

fn builder(connect_timeout: Duration) -> ClientBuilder {
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
        .dns_resolver(Lookup)
        .connector_layer(Reporting)
}

fn to_reqwest(server: &ProxyServer) -> Result<reqwest::Proxy, NetworkError> {
    let proxy = reqwest::Proxy::all(&server.url)
        .map_err(|error| NetworkError::Proxy(error.without_url().to_string()))?;
    let proxy = proxy.no_proxy(NoProxy::from_string(&server.except));
    Ok(match &server.sign_in {
        None => proxy,
        Some((name, password)) => proxy.basic_auth(name, password),
    })
}
