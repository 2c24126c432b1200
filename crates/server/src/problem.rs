//! Errors as the API answers them: problem details (RFC 9457).

use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use belldot_wire::{FieldError, Problem};

use crate::log::LogError;

/// A request that is not fulfilled, and why.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            errors: Vec::new(),
        }
    }

    /// 400, with every field that is at fault.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Self {
        let named: Vec<_> = errors
            .iter()
            .map(|error| {
                format!(
                    "{}: {}",
                    error.pointer.trim_start_matches("#/"),
                    error.detail
                )
            })
            .collect();
        Self {
            status: StatusCode::BAD_REQUEST,
            detail: named.join("; "),
            errors,
        }
    }

    /// 404 for a to-do that its user does not have.
    pub(crate) fn no_such_todo(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("You have no to-do {id:?}."))
    }
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            format!("Nothing was changed, try again later: {error}."),
        )
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            detail: Some(self.detail),
            errors: self.errors,
        };
        let mut response = (self.status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
