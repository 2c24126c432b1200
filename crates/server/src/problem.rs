//! Error responses of the API: problem details (RFC 9457).

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use belldot_wire::{FieldError, Problem};

use crate::log::{LogError, Refusal, WriteError};

/// An error response.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// Says when it may be tried again (`Retry-After`).
    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// 400 with every invalid field.
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
            retry_after: None,
        }
    }

    /// 404 for a to-do that the user does not have.
    pub(crate) fn todo_not_found(id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("You have no to-do {id:?}."))
    }

    /// The error of a write to the to-do `id`.
    pub(crate) fn of_write(error: WriteError, id: &str) -> Self {
        match error {
            WriteError::Log(error) => error.into(),
            WriteError::Refused { refusal, .. } => match refusal {
                Refusal::Unknown => Self::todo_not_found(id),
                Refusal::Changed => Self::new(
                    StatusCode::PRECONDITION_FAILED,
                    "The to-do is not as If-Match says it is. Read it again.",
                ),
                Refusal::NotOwner => Self::new(
                    StatusCode::FORBIDDEN,
                    "Who did not send a to-do may change its `status` and `read`, and nothing else.",
                ),
            },
        }
    }
}

impl From<LogError> for ApiError {
    fn from(error: LogError) -> Self {
        let detail = match error {
            LogError::Refused(_) => {
                return Self::new(StatusCode::UNPROCESSABLE_ENTITY, format!("{error}."));
            }
            LogError::Unconfirmed => {
                format!("Try again: {error}. A repetition changes nothing twice.")
            }
            error => format!("Nothing was changed, try again later: {error}."),
        };
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    }
}

impl IntoResponse for ApiError {
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
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            // Whole seconds, and never too few.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// Handler of unknown paths.
pub(crate) async fn path_not_found(uri: Uri) -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        format!("There is nothing at {}.", uri.path()),
    )
}

/// Handler of unsupported methods of known paths.
pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> ApiError {
    let detail = format!("{} does not answer {method}.", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}
