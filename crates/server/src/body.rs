//! JSON request bodies: bounded in size; errors name the invalid field.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use belldot_wire::FieldError;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

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
        let bytes = read(request, state.config.limits.body).await?;
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

async fn read(request: Request, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut body = pin!(request.into_body());
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
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
            return Err(ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("A body may have {limit} bytes at most."),
            ));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
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
