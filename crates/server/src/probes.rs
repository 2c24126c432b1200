//! What watches the server asks for: `/livez`, `/readyz`, `/healthz` and `/metrics`.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::auth::{Caller, Scope};
use crate::metrics::PresentFigures;
use crate::problem::ApiError;
use crate::state::ServerState;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Serialize)]
pub(crate) struct HealthResponse {
    status: &'static str,
}

const OK: Json<HealthResponse> = Json(HealthResponse { status: "ok" });

/// `GET /livez`: the process answers. If it does not, it is to be started again.
pub(crate) async fn live() -> Json<HealthResponse> {
    OK
}

/// `GET /readyz` and `GET /healthz`: the log can be read and written, and the disk has room.
pub(crate) async fn ready(
    State(state): State<Arc<ServerState>>,
) -> Result<Json<HealthResponse>, ApiError> {
    state.ready().await.map_err(|reason| {
        ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!("This server cannot do its work now: {reason}."),
        )
    })?;
    Ok(OK)
}

/// `GET /metrics`, for administrators.
pub(crate) async fn metrics(
    State(state): State<Arc<ServerState>>,
    caller: Caller,
) -> Result<Response, ApiError> {
    caller.require(Scope::Admin)?;
    let now = PresentFigures {
        streams: state.connections.all(),
        users: state.connections.users(),
        body_bytes: state.bodies.held(),
        newest: state.log.newest(),
        ready: state.ready().await.is_ok(),
    };
    match state.metrics.text(&now) {
        Ok(text) => Ok(([(CONTENT_TYPE, OPENMETRICS)], text).into_response()),
        Err(error) => Err(ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("The figures cannot be written: {error}."),
        )),
    }
}

/// Counts each request by its route, never by its path, which anybody can make up.
pub(crate) async fn count_request(
    State(state): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("other", MatchedPath::as_str).to_owned();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    let response = next.run(request).await;
    let status = response.status().as_u16();
    state
        .metrics
        .count_request(method, &route, status, started.elapsed());
    response
}
