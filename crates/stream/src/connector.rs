//! Reports the progress of a connection: a layer around reqwest's connector, and a resolver.

use std::net::SocketAddr;
use std::task::{Context, Poll};

use belldot_wire::Step;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Map};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower_layer::Layer;
use tower_service::Service;

use crate::failure::ResolveError;
use crate::progress::Progress;

tokio::task_local! {
    /// The reporter of the request that this task sends. Without a connection pool, its connection
    /// is made within the same task.
    static REQUEST: Reporter;
}

#[derive(Clone, Debug)]
struct Reporter {
    progress: Progress,
    /// The step that connecting counts as.
    connecting: Step,
}

/// Sends a request while the connector reports its progress. `proxied`: through a proxy.
pub(crate) async fn report_progress<T>(
    progress: Progress,
    proxied: bool,
    request: impl Future<Output = T>,
) -> T {
    let connecting = match proxied {
        true => Step::Proxy,
        false => Step::Connection,
    };
    progress.reached(connecting);
    let reporter = Reporter {
        progress,
        connecting,
    };
    REQUEST.scope(reporter, request).await
}

/// Reports a step; without effect in requests that are not a stream's.
fn report(step: impl FnOnce(&Reporter) -> Step) {
    let _ = REQUEST.try_with(|reporter| reporter.progress.reached(step(reporter)));
}

/// Makes connectors that report when a connection is established.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProgressLayer;

/// A connector that reports when a connection is established.
#[derive(Clone, Debug)]
pub(crate) struct Connector<S>(S);

impl<S> Layer<S> for ProgressLayer {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector(inner)
    }
}

impl<S: Service<Target>, Target> Service<Target> for Connector<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future =
        Map<S::Future, fn(Result<S::Response, S::Error>) -> Result<S::Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        self.0.call(target).map(|connected| {
            if connected.is_ok() {
                report(|_| Step::Head);
            }
            connected
        })
    }
}

/// Resolves names by the system's resolver, without a cache, and with an error type of its own.
#[derive(Debug)]
pub(crate) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let lookup: BoxFuture<'_, _> = Box::pin(async move {
            report(|_| Step::Name);
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            report(|reporter| reporter.connecting);
            let lookup_error = |error| ResolveError {
                name: name.as_str().to_owned(),
                error,
            };
            let found: Vec<SocketAddr> = found.map_err(lookup_error)?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        });
        lookup
    }
}
