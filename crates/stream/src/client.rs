//! The transport over the network, by reqwest: the one place where HTTP clients are made.

use std::collections::HashMap;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use belldot_wire::{Cause, Network, ProxyFault, TlsFault, Unusable};
use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};
use parking_lot::Mutex;
use reqwest::header::{HeaderMap, HeaderValue, PROXY_AUTHENTICATE};
use reqwest::{ClientBuilder, Method, StatusCode, redirect};
use tokio::time::timeout;
use url::Url;

use crate::Progress;
use crate::connector::{ProgressLayer, Resolver, report_progress};
use crate::failure::{self, NoTunnel};
use crate::network::{NetworkError, ProxyAccess};
use crate::proxy::{
    ProxySignIns, Route, Routes, SignInOutcome, Upstream, diagnose_tunnel, schemes,
};
use crate::tls::Tls;
use crate::transport::{Body, Request, Response, Transport};

/// The silence after which TCP and HTTP/2 send a keepalive probe, the time between two probes, and
/// the number of probes before TCP gives up.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(30);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(10);
const KEEPALIVE_TIMES: u32 = 4;

/// The most headers of a response: servers behind firewalls have sent 150.
const HEADERS_MOST: usize = 1_000;

/// The most clients that are kept for different proxies; a PAC file names few.
const CLIENTS_MOST: usize = 16;

/// How much of a response 400 is read, and for how long, to see whether https was expected.
const BAD_REQUEST_MOST: usize = 4096;
const BAD_REQUEST_TIME: Duration = Duration::from_secs(2);

/// Sends the requests of streams and others, each through the proxy for its server. Cheap to clone;
/// many subscriptions should share one, since it holds the trust store and limits how often a
/// password is tried at a proxy.
#[derive(Clone)]
pub struct Client(Arc<ClientInner>);

struct ClientInner {
    tls: Tls,
    connect_timeout: Duration,
    routes: Routes,
    sign_ins: ProxySignIns,
    /// By whether a client certificate may be shown, and by the route.
    clients: Mutex<HashMap<(bool, Route), reqwest::Client>>,
}

impl Client {
    /// Creates a client with these settings; connecting (name, TCP, TLS, proxy) may take
    /// `connect_timeout`. Reads files, so call it where blocking is allowed.
    ///
    /// # Errors
    /// If a file cannot be read, or the settings are not valid.
    pub fn new(
        network: &Network,
        access: &ProxyAccess,
        connect_timeout: Duration,
    ) -> Result<Self, NetworkError> {
        let routes = Routes::new(&network.proxy, access)?;
        let inner = ClientInner {
            tls: Tls::new(network)?,
            connect_timeout,
            sign_ins: ProxySignIns::default(),
            clients: Mutex::default(),
            routes,
        };
        // Invalid settings are reported now, not at the first request.
        inner.client(true, &Route::Direct)?;
        if let Routes::Through(upstream, _) = &inner.routes {
            inner.client(true, &Route::Through(upstream.clone()))?;
        }
        Ok(Self(Arc::new(inner)))
    }

    /// Starts a request that is not a stream's, to be sent by [`Client::send`].
    ///
    /// # Errors
    /// If no client can be made with these settings.
    pub fn request(&self, method: Method, url: Url) -> Result<reqwest::RequestBuilder, Cause> {
        let client = self.0.client(true, &Route::Direct).map_err(unusable)?;
        Ok(client.request(method, url))
    }

    /// Sends a request to a server that the user chose: with the same proxy, trust store and client
    /// certificate as a stream, without redirects.
    ///
    /// # Errors
    /// Why there is no response.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Cause> {
        let request = request
            .build()
            .map_err(|_| Cause::Unusable(Unusable::Address))?;
        let (response, _) = self.0.execute(request, true, None).await?;
        Ok(response)
    }

    /// Returns the proxy for a request to this URL, the first where there are several, without a
    /// password; `None` for a direct connection.
    pub async fn proxy_to(&self, url: &Url) -> Option<Url> {
        match self.0.routes.to(url).await.into_iter().next()? {
            Route::Direct => None,
            Route::Through(upstream) => Some(upstream.url().clone()),
        }
    }

    /// Returns the proxy for a request to this URL as [`Client::proxy_to`] does, with its name and
    /// password: for another program that uses the same route.
    pub async fn proxy_and_sign_in_to(&self, url: &Url) -> Option<(Url, Option<(String, String)>)> {
        match self.0.routes.to(url).await.into_iter().next()? {
            Route::Direct => None,
            Route::Through(upstream) => Some((upstream.url().clone(), upstream.sign_in.clone())),
        }
    }

    /// Allows refused proxy passwords to be tried again: a person asks for it, so the account may
    /// have been unlocked.
    pub fn forget_refused_sign_ins(&self) {
        self.0.sign_ins.forget();
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
        let inner = self.0.clone();
        let mut sent = reqwest::Request::new(Method::GET, url);
        *sent.headers_mut() = headers;
        Box::pin(async move {
            let is_plain = sent.url().scheme() == "http";
            let (response, route) = inner.execute(sent, trusted, Some(progress)).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            // Reported like a 407 to CONNECT.
            if route != Route::Direct && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
                return Err(Cause::ProxySignIn(requested_schemes(&headers)));
            }
            let body = response
                .bytes_stream()
                .map(move |chunk| chunk.map_err(|error| failure::cause(&error, &route)))
                .boxed();
            let body = match status {
                StatusCode::BAD_REQUEST if is_plain => reject_if_https_expected(body).await?,
                _ => body,
            };
            Ok(Response {
                status,
                headers,
                body,
            })
        })
    }
}

impl ClientInner {
    /// Sends a request by the first route that reaches the server.
    async fn execute(
        &self,
        mut request: reqwest::Request,
        trusted: bool,
        progress: Option<Progress>,
    ) -> Result<(reqwest::Response, Route), Cause> {
        let mut routes = self.routes.to(request.url()).await.into_iter().peekable();
        while let Some(route) = routes.next() {
            let again = routes.peek().and_then(|_| request.try_clone());
            let executed = self.execute_by(&route, request, trusted, progress.clone());
            match (executed.await, again) {
                (Ok(response), _) => return Ok((response, route)),
                (Err(Cause::Proxy(fault)), Some(again)) if !fault.is_answer() => request = again,
                (Err(cause), _) => return Err(cause),
            }
        }
        // Unreachable: there is at least one route.
        Err(Cause::Unusable(Unusable::Address))
    }

    async fn execute_by(
        &self,
        route: &Route,
        request: reqwest::Request,
        trusted: bool,
        progress: Option<Progress>,
    ) -> Result<reqwest::Response, Cause> {
        let client = self.client(trusted, route).map_err(unusable)?;
        let url = request.url().clone();
        let attempt = async {
            let executed = client.execute(request);
            let executed = match progress {
                Some(progress) => {
                    let proxied = *route != Route::Direct;
                    report_progress(progress, proxied, executed).await
                }
                None => executed.await,
            };
            match executed {
                Ok(response) => Ok(response),
                Err(error) => Err(self.failure_cause(&error, route, &url).await),
            }
        };
        match route {
            Route::Direct => attempt.await,
            Route::Through(upstream) => {
                self.sign_ins
                    .attempt(upstream, attempt, sign_in_outcome)
                    .await
            }
        }
    }

    /// Finds the cause of a failure; where a proxy refused a tunnel, asks the proxy.
    async fn failure_cause(&self, error: &reqwest::Error, route: &Route, url: &Url) -> Cause {
        tracing::debug!(%error, ?route, "a request failed");
        let cause = match (route, failure::no_tunnel(error)) {
            (Route::Through(upstream), Some(no_tunnel)) => {
                self.tunnel_cause(upstream, url, no_tunnel).await
            }
            _ => failure::cause(error, route),
        };
        match cause {
            Cause::Tls(TlsFault::UnknownAuthority) if self.tls.no_trust_store => {
                Cause::Tls(TlsFault::NoTrustStore)
            }
            cause => cause,
        }
    }

    async fn tunnel_cause(&self, upstream: &Upstream, url: &Url, no_tunnel: NoTunnel) -> Cause {
        // A refused password is not sent again: proxies count wrong ones.
        let signed_in = no_tunnel == NoTunnel::Refused;
        let answer = diagnose_tunnel(upstream, url, &self.tls.anonymous, signed_in).await;
        match answer {
            Some(answer) if answer.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                Cause::ProxySignIn(answer.schemes)
            }
            _ if no_tunnel == NoTunnel::SignIn => Cause::ProxySignIn(Vec::new()),
            Some(answer) if !answer.status.is_success() => {
                Cause::Proxy(ProxyFault::Refused(answer.status))
            }
            _ => Cause::Proxy(ProxyFault::Other),
        }
    }

    fn client(&self, trusted: bool, route: &Route) -> Result<reqwest::Client, NetworkError> {
        let mut clients = self.clients.lock();
        let key = (trusted, route.clone());
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let tls = if trusted {
            &self.tls.known
        } else {
            &self.tls.anonymous
        };
        let builder = builder(self.connect_timeout).tls_backend_preconfigured(tls.clone());
        let builder = match route {
            Route::Direct => builder.no_proxy(),
            Route::Through(upstream) => {
                let proxy = reqwest::Proxy::all(upstream.to_url());
                builder.proxy(proxy.map_err(|_| NetworkError::Proxy)?)
            }
        };
        let client = build(builder)?;
        if clients.len() >= CLIENTS_MOST {
            clients.clear();
        }
        clients.insert(key, client.clone());
        Ok(client)
    }
}

impl Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("routes", &self.0.routes)
            .finish_non_exhaustive()
    }
}

/// Builds a client, always with a TLS configuration of our own: it works without a trust store.
#[allow(clippy::disallowed_methods)]
fn build(builder: ClientBuilder) -> Result<reqwest::Client, NetworkError> {
    builder
        .build()
        .map_err(|error| NetworkError::Tls(error.to_string()))
}

#[allow(clippy::disallowed_methods)]
fn builder(connect_timeout: Duration) -> ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("belldot/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(connect_timeout)
        // One connection for one stream: closing the stream closes the socket at once.
        .pool_max_idle_per_host(0)
        .tcp_keepalive(KEEPALIVE_AFTER)
        .tcp_keepalive_interval(KEEPALIVE_EVERY)
        .tcp_keepalive_retries(KEEPALIVE_TIMES)
        .http2_keep_alive_interval(KEEPALIVE_AFTER)
        .http2_keep_alive_timeout(KEEPALIVE_EVERY)
        // Invalid headers are ignored, as by browsers.
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_max_headers(HEADERS_MOST)
        .dns_resolver(Resolver)
        .connector_layer(ProgressLayer)
}

/// What the result of an attempt says about the sign-in at the proxy.
fn sign_in_outcome(result: &Result<reqwest::Response, Cause>) -> SignInOutcome {
    match result {
        Ok(response) if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            SignInOutcome::Refused(requested_schemes(response.headers()))
        }
        Ok(_) => SignInOutcome::Accepted,
        Err(Cause::ProxySignIn(schemes)) => SignInOutcome::Refused(schemes.clone()),
        Err(_) => SignInOutcome::Unknown,
    }
}

/// The authentication schemes that a proxy asks for.
fn requested_schemes(headers: &HeaderMap) -> Vec<String> {
    let asked = headers.get_all(PROXY_AUTHENTICATE).iter();
    schemes(asked.map(HeaderValue::as_bytes))
}

/// Returns the body of a response 400 to plain http; an error where it says that https is expected,
/// in the words of nginx, Apache, Go and others.
async fn reject_if_https_expected(mut body: Body) -> Result<Body, Cause> {
    let mut read = BytesMut::new();
    let more = async {
        while read.len() < BAD_REQUEST_MOST {
            match body.next().await {
                Some(Ok(chunk)) => read.extend_from_slice(&chunk),
                other => return other,
            }
        }
        None
    };
    // A body that did not end in time is searched as far as it came.
    let failed = timeout(BAD_REQUEST_TIME, more).await.ok().flatten();
    let text = String::from_utf8_lossy(&read).to_ascii_lowercase();
    let means_https = [
        "https port",
        "https server",
        "ssl-enabled",
        "tls port",
        "use https",
    ];
    if means_https.iter().any(|words| text.contains(words)) {
        return Err(Cause::WantsHttps);
    }
    let before = [Ok::<Bytes, Cause>(read.freeze())]
        .into_iter()
        .chain(failed);
    Ok(stream::iter(before).chain(body).boxed())
}

fn unusable(error: NetworkError) -> Cause {
    Cause::Unusable(Unusable::Network(error.to_string()))
}
