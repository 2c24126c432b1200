//! JSON request bodies: bounded in size and time; errors name the invalid field.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, EXPECT},
};
use belldot_wire::FieldError;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use crate::config::ServerLimits;
use crate::limits::BodyShare;
use crate::problem::ApiError;
use crate::state::ServerState;

/// How much of an oversized body is read and discarded, in bytes, and for how long, so that the
/// client receives the response and not a connection reset.
const DISCARD_BYTES: usize = 16 * 1024 * 1024;
const DISCARD_TIME: Duration = Duration::from_secs(2);

/// A body of type `application/json`.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<ServerState>> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &Arc<ServerState>) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The body has to be JSON: send it with `Content-Type: application/json`.",
            ));
        }
        let bytes = read(request, &state.config.limits).await?;
        parse(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Reads a body within the limits of size, time and the budget of all bodies.
async fn read(request: Request, limits: &ServerLimits) -> Result<Vec<u8>, ApiError> {
    let limit = limits.body;
    let share = request.extensions().get::<Arc<BodyShare>>().cloned();
    let too_large = || {
        ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("A body may have {limit} bytes at most."),
        )
    };
    let waits = request.headers().contains_key(EXPECT);
    let mut body = pin!(request.into_body());
    let announced = body.size_hint().lower();
    if announced > limit as u64 {
        // A client that waits for leave to send sends nothing; one that sends more than is read here
        // may miss the answer.
        if !waits && announced <= DISCARD_BYTES as u64 {
            discard(body).await;
        }
        return Err(too_large());
    }
    let started = Instant::now();
    let mut bytes = Vec::new();
    loop {
        let earned = Duration::from_secs_f64(bytes.len() as f64 / limits.body_rate.max(1) as f64);
        let frame = timeout_at(started + limits.body_time + earned, body.frame());
        let Some(frame) = frame.await.map_err(|_| too_slow())? else {
            return Ok(bytes);
        };
        let frame = frame.map_err(|error| {
            ApiError::new(
                StatusCode::BAD_REQUEST,
                format!("The body broke off: {error}."),
            )
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > limit {
            discard(body).await;
            return Err(too_large());
        }
        if share.as_ref().is_some_and(|share| !share.take(data.len())) {
            drop(bytes);
            discard(body).await;
            return Err(ApiError::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Too much is being sent to this server at the moment. Nothing was changed, try \
                 again.",
            )
            .retry_after(Duration::from_secs(1)));
        }
        bytes.extend_from_slice(&data);
    }
}

fn too_slow() -> ApiError {
    ApiError::new(
        StatusCode::REQUEST_TIMEOUT,
        "The body did not come in time. Nothing was changed, try again.",
    )
}

/// Reads on for a while, so that the client takes the answer.
async fn discard(mut body: Pin<&mut Body>) {
    tokio::time::timeout(DISCARD_TIME, async {
        let mut discarded = 0;
        while let Some(Ok(frame)) = body.frame().await
            && discarded < DISCARD_BYTES
        {
            discarded += frame.data_ref().map_or(0, |data| data.len());
        }
    })
    .await
    .ok();
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let wrong = |detail: String| ApiError::new(StatusCode::BAD_REQUEST, detail);
    // serde would read an object's fields from an array, by position.
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'[') {
        return Err(wrong(
            "The body is a JSON array; it has to be one JSON object.".to_owned(),
        ));
    }
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = error.path().iter().next().map(ToString::to_string);
        let inner = error.into_inner();
        match field {
            Some(field) if inner.is_data() => ApiError::fields(vec![FieldError {
                pointer: format!("#/{}", field.replace('~', "~0").replace('/', "~1")),
                detail: inner.to_string(),
            }]),
            _ => wrong(format!("The body is not the JSON that is wanted: {inner}.")),
        }
    })?;
    json.end()
        .map_err(|error| wrong(format!("The body goes on after its JSON: {error}.")))?;
    Ok(value)
}
