//! `/`: the static files of the page.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderValue, Uri};
use axum::response::IntoResponse;
use axum::routing::get;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeader;

use crate::problem::path_not_found;
use crate::state::ServerState;

const NO_PAGE: &str = "This is a Belldot server. Its to-dos are at /api/v1/events and \
                       /api/v1/todos; it was started without a page (--ui DIR).\n";

/// Allows scripts, styles and connections from this origin only, and inline `style` attributes,
/// which scripts set.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                   style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Adds the page in `folder` to the routes; without a folder, `/` returns a plain text.
pub(crate) fn serve(
    routes: Router<Arc<ServerState>>,
    folder: Option<&Path>,
) -> Router<Arc<ServerState>> {
    let Some(folder) = folder else {
        let plain = ([(CONTENT_TYPE, "text/plain; charset=utf-8")], NO_PAGE);
        return routes.route("/", get(plain)).fallback(path_not_found);
    };
    let index = ServeFile::new(folder.join("index.html"));
    let fallback = async move |request: Request| match request.uri().path().rsplit('/').next() {
        // The page routes its views itself, so every path without an extension is its index.
        Some(name) if name.contains('.') => {
            path_not_found(request.uri().clone()).await.into_response()
        }
        _ => match index.clone().try_call(request).await {
            Ok(response) => response.into_response(),
            Err(_) => path_not_found(Uri::default()).await.into_response(),
        },
    };
    let files = ServeDir::new(folder).fallback(get(fallback));
    let value = HeaderValue::from_static;
    let files = SetResponseHeader::if_not_present(files, CONTENT_SECURITY_POLICY, value(CSP));
    let files = SetResponseHeader::if_not_present(files, REFERRER_POLICY, value("no-referrer"));
    routes.fallback_service(files)
}
