//! The interface between policy and network: one request, one response, no redirects, no retries.

use std::fmt::{self, Debug};

use belldot_wire::Cause;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use url::Url;

use crate::Progress;

/// Sends requests to servers. [`Client`](crate::Client) does so over the network; tests have
/// implementations of their own.
pub trait Transport: Send + Sync + Debug {
    /// Sends a GET request and returns the response once its headers are there, however long
    /// that takes; only connecting has a time limit. Reports to [`Request::progress`] when the
    /// request has been sent. Redirects are not followed. Dropping the future or the body closes
    /// the connection.
    ///
    /// # Errors
    /// Why there is no response.
    fn get(&self, request: Request) -> BoxFuture<'static, Result<Response, Cause>>;
}

/// A GET request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The URL.
    pub url: Url,
    /// The headers, but for those that the transport itself adds.
    pub headers: HeaderMap,
    /// Whether this is the origin that the user chose, so that a client certificate may be shown.
    pub trusted: bool,
    /// Where to report what the request waits for.
    pub progress: Progress,
}

/// A response whose body is still to be read.
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as it arrives.
    pub body: Body,
}

/// A body as it arrives. Its end is an orderly end; any other end is an error.
pub type Body = BoxStream<'static, Result<Bytes, Cause>>;

impl Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
