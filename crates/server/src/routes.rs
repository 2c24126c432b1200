//! The routes of the API, and the layers around them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION,
    RETRY_AFTER, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde::Serialize;
use tower_http::cors::CorsLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::auth::{Caller, Scope};
use crate::problem::{ApiError, method_not_allowed, path_not_found};
use crate::query::{NoQuery, StrictQuery};
use crate::state::ServerState;
use crate::{events, guard, limits, page, probes, publish, todos};

pub(crate) fn router(state: Arc<ServerState>) -> Router {
    let router = Router::new()
        .route("/livez", get(probes::live))
        .route("/readyz", get(probes::ready))
        .route("/healthz", get(probes::ready))
        .route("/metrics", get(probes::metrics))
        .route("/api/v1/status", get(status))
        .route("/api/v1/events", get(events::events))
        .route("/api/v1/session", post(session))
        .route("/api/v1/todos", get(todos::list).post(publish::create))
        .route(
            "/api/v1/todos/{id}",
            get(todos::one).patch(todos::change).delete(todos::delete),
        )
        .route("/api/v1/batch", post(publish::batch))
        .route("/api/v1/read", post(todos::read_all))
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api", any(path_not_found))
        .route("/api/", any(path_not_found))
        .route("/api/{*rest}", any(path_not_found))
        .method_not_allowed_fallback(method_not_allowed);
    let header =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    page::serve(router, state.config.ui.as_deref())
        .layer(middleware::from_fn_with_state(
            state.bodies.clone(),
            limits::hold_share,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            guard::loopback_names_only,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            probes::count_request,
        ))
        .layer(middleware::from_fn(log_request))
        .layer(header(CACHE_CONTROL, "no-cache"))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(cors(&state.config.cors_origins))
        .with_state(state)
}

/// The description of the API, which `tests/server/described.rs` compares with it.
async fn openapi() -> impl IntoResponse {
    let json = include_str!("../../../docs/openapi.json");
    ([(CONTENT_TYPE, "application/json")], json)
}

#[derive(Serialize)]
struct StatusResponse {
    connections: usize,
    connections_by_user: BTreeMap<String, usize>,
    version: &'static str,
}

/// Reports the number of open streams: per user to an administrator, to others only their own.
async fn status(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    StrictQuery(NoQuery {}): StrictQuery<NoQuery>,
) -> Json<StatusResponse> {
    let mut connections_by_user = state.connections.by_user();
    connections_by_user.retain(|user, _| caller.is_admin() || *user == caller.user);
    Json(StatusResponse {
        connections: state.connections.all(),
        connections_by_user,
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Lets pages of these origins, and of no other, speak with this server.
fn cors(origins: &[HeaderValue]) -> CorsLayer {
    let methods = [Method::GET, Method::POST, Method::PATCH, Method::DELETE];
    let last_event_id = HeaderName::from_static("last-event-id");
    match origins {
        [] => CorsLayer::new(),
        origins => CorsLayer::new()
            .allow_origin(origins.to_vec())
            .allow_methods(methods)
            .allow_headers([
                AUTHORIZATION,
                CONTENT_TYPE,
                IF_MATCH,
                IF_NONE_MATCH,
                last_event_id,
            ])
            .expose_headers([ETAG, LOCATION, RETRY_AFTER])
            .allow_credentials(true)
            .max_age(Duration::from_secs(3600)),
    }
}

/// Gives a browser a cookie that opens its stream for a while.
async fn session(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
    StrictQuery(NoQuery {}): StrictQuery<NoQuery>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    caller.require(Scope::Read)?;
    let secure = state.identity.is_some()
        || headers
            .get("x-forwarded-proto")
            .is_some_and(|scheme| scheme == "https");
    let cookie = state.auth.session_cookie(&caller, secure);
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]))
}

/// Logs the path without the query, which may contain a token.
async fn log_request(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    tracing::debug!("{method} {path}: {}", response.status());
    response
}
