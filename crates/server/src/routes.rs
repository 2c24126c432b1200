//! Which address answers what.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::Shared;
use crate::problem::Refusal;
use crate::users::Caller;
use crate::{events, guard, page, todos};

/// Scripts, styles and connections from here only; styles of single elements, which a script sets,
/// are allowed.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                   style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn router(app: Shared) -> Router {
    let router = Router::new()
        .route("/healthz", get(health))
        .route("/api/v1/status", get(status))
        .route("/api/v1/events", get(events::events))
        .route("/api/v1/todos", get(todos::list).post(todos::create))
        .route("/api/v1/todos/{id}", get(todos::one).patch(todos::change))
        .route("/api/v1/read", post(todos::read_all))
        .route("/api/{*rest}", axum::routing::any(no_such_place))
        .method_not_allowed_fallback(no_such_method);
    let header =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    page::serve(router, app.config.ui.as_deref())
        .layer(middleware::from_fn_with_state(
            app.clone(),
            guard::loopback_names_only,
        ))
        .layer(middleware::from_fn(log_request))
        .layer(header(CACHE_CONTROL, "no-cache"))
        .layer(header(CONTENT_SECURITY_POLICY, CSP))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .with_state(app)
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
}

async fn health(State(app): State<Shared>) -> Result<Json<Health>, Refusal> {
    app.log.check().await?;
    Ok(Json(Health { status: "ok" }))
}

#[derive(Serialize)]
struct Status {
    connections: usize,
    connections_by_user: BTreeMap<String, usize>,
    version: &'static str,
}

/// How many streams are open; of which users, a publisher sees for all and others for themselves.
async fn status(State(app): State<Shared>, caller: Caller) -> Json<Status> {
    let mut connections_by_user = app.connections.by_user();
    connections_by_user.retain(|user, _| caller.publisher || *user == caller.user);
    Json(Status {
        connections: app.connections.all(),
        connections_by_user,
        version: env!("CARGO_PKG_VERSION"),
    })
}

pub(crate) async fn no_such_place(uri: Uri) -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        format!("There is nothing at {}.", uri.path()),
    )
}

async fn no_such_method(method: Method, uri: Uri) -> Refusal {
    let detail = format!("{} does not answer {method}.", uri.path());
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}

/// Logs the path alone: a query may hold a token.
async fn log_request(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    tracing::debug!("{method} {path}: {}", response.status());
    response
}
