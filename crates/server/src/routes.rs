//! The routes of the API, and the layers around them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::problem::{ApiError, method_not_allowed, path_not_found};
use crate::query::{NoQuery, StrictQuery};
use crate::state::ServerState;
use crate::users::Caller;
use crate::{events, guard, page, publish, todos};

/// Allows scripts, styles and connections from this origin only, and inline `style` attributes,
/// which scripts set.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                   style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn router(state: Arc<ServerState>) -> Router {
    let router = Router::new()
        .route("/healthz", get(health))
        .route("/api/v1/status", get(status))
        .route("/api/v1/events", get(events::events))
        .route("/api/v1/todos", get(todos::list).post(publish::create))
        .route(
            "/api/v1/todos/{id}",
            get(todos::one).patch(todos::change).delete(todos::delete),
        )
        .route("/api/v1/batch", post(publish::batch))
        .route("/api/v1/read", post(todos::read_all))
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/{*rest}", axum::routing::any(path_not_found))
        .method_not_allowed_fallback(method_not_allowed);
    let header =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    page::serve(router, state.config.ui.as_deref())
        .layer(middleware::from_fn_with_state(
            state.clone(),
            guard::loopback_names_only,
        ))
        .layer(middleware::from_fn(log_request))
        .layer(header(CACHE_CONTROL, "no-cache"))
        .layer(header(CONTENT_SECURITY_POLICY, CSP))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .with_state(state)
}

/// The description of the API, which `tests/server/described.rs` compares with it.
async fn openapi() -> impl IntoResponse {
    let json = include_str!("../../../docs/openapi.json");
    ([(CONTENT_TYPE, "application/json")], json)
}

#[derive(Serialize)]
struct HealthResponse {
    status: &'static str,
}

async fn health(State(state): State<Arc<ServerState>>) -> Result<Json<HealthResponse>, ApiError> {
    state.log.check().await?;
    Ok(Json(HealthResponse { status: "ok" }))
}

#[derive(Serialize)]
struct StatusResponse {
    connections: usize,
    connections_by_user: BTreeMap<String, usize>,
    version: &'static str,
}

/// Reports the number of open streams: per user to a publisher, to others only their own.
async fn status(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    StrictQuery(NoQuery {}): StrictQuery<NoQuery>,
) -> Json<StatusResponse> {
    let mut connections_by_user = state.connections.by_user();
    connections_by_user.retain(|user, _| caller.publisher || *user == caller.user);
    Json(StatusResponse {
        connections: state.connections.all(),
        connections_by_user,
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Logs the path without the query, which may contain a token.
async fn log_request(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    tracing::debug!("{method} {path}: {}", response.status());
    response
}
