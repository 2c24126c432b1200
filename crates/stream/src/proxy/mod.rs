//! The choice of a proxy for a server, and the responses of proxies.
//!
//! - `bypass`: hosts that are reached without one, in all usual spellings.
//! - `environment`: `https_proxy`, `all_proxy`, `no_proxy`, ….
//! - `upstream`: one proxy, parsed from a text.
//! - `challenge`: the schemes that a proxy asks for; `sign_in`: how often a password is tried.
//! - `tunnel`: asks a proxy why it refused a tunnel.

mod bypass;
mod challenge;
mod environment;
mod sign_in;
mod tunnel;
mod upstream;

use std::sync::Arc;
use std::time::Duration;

use belldot_wire::{Proxy, ProxyServer};
use hyper_util::client::proxy::matcher::Matcher;
use tokio::time::timeout;
use url::Url;

use self::bypass::BypassList;
pub(crate) use self::challenge::schemes;
use self::environment::Environment;
pub(crate) use self::sign_in::{ProxySignIns, SignInOutcome};
pub(crate) use self::tunnel::diagnose_tunnel;
pub(crate) use self::upstream::Upstream;
use crate::network::{NetworkError, ProxyAccess, ProxyLookup};
use crate::redirect::is_loopback;

/// How long the desktop's look-up may take; then no proxy is used.
const LOOKUP: Duration = Duration::from_secs(3);

/// One route to a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Route {
    /// Without a proxy.
    Direct,
    /// Through this proxy.
    Through(Upstream),
}

/// Finds the routes to a server.
#[derive(Debug)]
pub(crate) enum Routes {
    /// Always without a proxy.
    Direct,
    /// Through this proxy, but for some hosts.
    Through(Upstream, BypassList),
    /// By the environment; where it names no proxy, by the desktop or the system.
    System {
        environment: Environment,
        desktop: Option<Arc<dyn ProxyLookup>>,
        /// macOS and Windows.
        system: Box<Matcher>,
    },
}

impl Routes {
    /// Routes by the settings.
    ///
    /// # Errors
    /// If the address of the proxy is not valid.
    pub(crate) fn new(proxy: &Proxy, access: &ProxyAccess) -> Result<Self, NetworkError> {
        Ok(match proxy {
            Proxy::Direct => Self::Direct,
            Proxy::Through(server) => Self::Through(
                upstream(server, access.password.as_deref()).ok_or(NetworkError::Proxy)?,
                BypassList::parse(&server.except),
            ),
            Proxy::System => Self::System {
                environment: Environment::of_process(),
                desktop: access.desktop.clone(),
                system: Box::new(Matcher::from_system()),
            },
        })
    }

    /// The routes to a server, in the order in which they are to be tried; at least one.
    pub(crate) async fn to(&self, url: &Url) -> Vec<Route> {
        if is_loopback(url) {
            return vec![Route::Direct];
        }
        let route = match self {
            Self::Direct => Route::Direct,
            Self::Through(_, except) if except.matches(url) => Route::Direct,
            Self::Through(upstream, _) => Route::Through(upstream.clone()),
            Self::System { environment, .. } if environment.except.matches(url) => Route::Direct,
            Self::System { environment, .. } if environment.names_proxy() => {
                environment.to(url).map_or(Route::Direct, Route::Through)
            }
            Self::System {
                desktop: Some(desktop),
                ..
            } => return by_desktop(&**desktop, url).await,
            Self::System { system, .. } => by_system(system, url),
        };
        vec![route]
    }
}

/// The proxy of the settings; its user name takes precedence over one in its URL.
fn upstream(server: &ProxyServer, password: Option<&str>) -> Option<Upstream> {
    let mut upstream = Upstream::parse(&server.url)?;
    if let Some(user) = &server.user {
        upstream.sign_in = Some((user.clone(), password.unwrap_or_default().to_owned()));
    }
    Some(upstream)
}

async fn by_desktop(desktop: &dyn ProxyLookup, url: &Url) -> Vec<Route> {
    let mut bare = url.clone();
    crate::redirect::strip_credentials(&mut bare);
    bare.set_path("/");
    bare.set_query(None);
    bare.set_fragment(None);
    let named = timeout(LOOKUP, desktop.lookup(bare)).await;
    let mut routes: Vec<Route> = named
        .unwrap_or_default()
        .iter()
        .filter_map(|proxy| Route::of_desktop(proxy))
        .collect();
    routes.dedup();
    if routes.is_empty() {
        routes.push(Route::Direct);
    }
    routes
}

fn by_system(system: &Matcher, url: &Url) -> Route {
    let url = url.as_str().parse();
    let found = url.ok().and_then(|url| system.intercept(&url));
    found
        .and_then(|found| Upstream::parse(&found.uri().to_string()))
        .map_or(Route::Direct, Route::Through)
}

impl Route {
    /// Parses `direct://` or a proxy. A SOCKS5 proxy resolves names: networks that need one often
    /// cannot resolve names outside of them.
    fn of_desktop(text: &str) -> Option<Self> {
        let text = text.trim();
        if text
            .get(..6)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("direct"))
        {
            return Some(Self::Direct);
        }
        let mut upstream = Upstream::parse(text)?;
        upstream.resolve_remotely();
        Some(Self::Through(upstream))
    }
}
