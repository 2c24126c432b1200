//! Learns from reqwest how far a connection has come: a layer around its connector, and the
//! look-up of names.

use std::net::SocketAddr;
use std::task::{Context, Poll};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Map};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower_layer::Layer;
use tower_service::Service;

use crate::failure::ResolveError;
use crate::progress::{Progress, Step};

tokio::task_local! {
    /// Of the request that this task carries. Without a pool, connections are made within it.
    static REQUEST: Reporter;
}

#[derive(Clone, Debug)]
struct Reporter {
    progress: Progress,
    /// What it waits for while it connects.
    connecting: Step,
}

/// Carries a request, of which the connector reports how far it has come. `proxied`: by a proxy.
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

/// Others than streams make requests, too: then nobody wants to know.
fn report(step: impl FnOnce(&Reporter) -> Step) {
    let _ = REQUEST.try_with(|reporter| reporter.progress.reached(step(reporter)));
}

/// Reports when a connection is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProgressLayer;

/// A connector that reports.
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

/// Looks names up as the system does, at each attempt anew, with an error that can be told from
/// others.
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
