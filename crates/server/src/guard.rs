//! Protects the open mode against DNS rebinding.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::ApiError;
use crate::state::ServerState;

/// In open mode, accepts only `Host` headers that name the loopback interface.
///
/// A foreign web page can make its own host name resolve to 127.0.0.1 (DNS rebinding) and would
/// then share the server's origin; but it cannot change the `Host` header that the browser sends.
pub(crate) async fn loopback_names_only(
    State(state): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let open = state.auth.is_open() && !state.config.trust_network;
    if open
        && !request
            .headers()
            .get(HOST)
            .is_none_or(|host| host.to_str().is_ok_and(is_loopback))
    {
        return ApiError::new(
            StatusCode::MISDIRECTED_REQUEST,
            "Without users.toml this server answers under localhost and 127.0.0.1 only. Make \
             users.toml, or start it with --trust-network.",
        )
        .into_response();
    }
    next.run(request).await
}

fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority
        .host()
        .trim_start_matches('[')
        .trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_loopback_is_loopback() {
        for host in [
            "localhost",
            "LOCALHOST:80",
            "127.0.0.1:8080",
            "127.9.9.9",
            "[::1]:80",
            "[::1]",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.test",
            "localhost.evil.test",
            "127.0.0.1.evil.test",
            "10.0.0.1:80",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
