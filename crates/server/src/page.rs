//! `/`: the static files of the page, which are in the program, or in a folder for its developers.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderValue, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::problem::path_not_found;
use crate::state::ServerState;

const NO_PAGE: &str = "This is a Belldot server. Its to-dos are at /api/v1/events and \
                       /api/v1/todos; it was built without a page, and started without one \
                       (--ui DIR).\n";

/// The files that were in `ui/dist` when the program was built, by their path in the address.
static BUILT_IN: Files = include!(concat!(env!("OUT_DIR"), "/page_files.rs"));

/// Files by their path without the first slash.
type Files = &'static [(&'static str, &'static [u8])];

/// Files there have a digest of their content in their names, and never change.
const HASHED: &str = "assets/";
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Allows scripts, styles and connections from this origin only, and inline `style` attributes,
/// which scripts set.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                   style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Adds the page to the routes: the one in `folder`, or else the one in the program.
pub(crate) fn serve(
    routes: Router<Arc<ServerState>>,
    folder: Option<&Path>,
) -> Router<Arc<ServerState>> {
    let page = match folder {
        Some(folder) => folder_page(folder),
        None => Router::new().fallback_service(get(async |uri: Uri| respond(BUILT_IN, uri).await)),
    };
    let value = HeaderValue::from_static;
    let header = SetResponseHeaderLayer::if_not_present;
    let page = page
        .layer(header(CONTENT_SECURITY_POLICY, value(CSP)))
        .layer(header(REFERRER_POLICY, value("no-referrer")));
    routes.fallback_service(page)
}

fn folder_page(folder: &Path) -> Router {
    let index = ServeFile::new(folder.join("index.html"));
    let fallback = async move |request: Request| {
        if is_file(request.uri()) {
            return path_not_found(request.uri().clone()).await.into_response();
        }
        match index.clone().try_call(request).await {
            Ok(response) => response.into_response(),
            Err(_) => path_not_found(Uri::default()).await.into_response(),
        }
    };
    Router::new().fallback_service(ServeDir::new(folder).fallback(get(fallback)))
}

async fn respond(files: Files, uri: Uri) -> Response {
    let path = uri.path().strip_prefix('/').unwrap_or_default();
    let name = if is_file(&uri) { path } else { "index.html" };
    let Some((_, content)) = files.iter().find(|(file, _)| *file == name) else {
        if path.is_empty() {
            return ([(CONTENT_TYPE, "text/plain; charset=utf-8")], NO_PAGE).into_response();
        }
        return path_not_found(uri).await.into_response();
    };
    let mut response = ([(CONTENT_TYPE, media_type(name))], *content).into_response();
    if name.starts_with(HASHED) {
        response.headers_mut().insert(CACHE_CONTROL, FOR_EVER);
    }
    response
}

/// Returns whether a path is a file's: the page routes its views itself, so every path without an
/// extension is its index.
fn is_file(uri: &Uri) -> bool {
    uri.path()
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("json" | "map") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::http::StatusCode;

    use super::*;

    const FILES: Files = &[
        ("assets/page-1a2b.js", b"export {}"),
        ("index.html", b"<!doctype html>"),
    ];

    async fn get_from(files: Files, path: &str) -> Response {
        respond(files, path.parse().unwrap()).await
    }

    #[tokio::test]
    async fn a_file_has_its_type_and_one_with_a_digest_is_kept_for_ever() {
        let script = get_from(FILES, "/assets/page-1a2b.js").await;
        assert_eq!(script.headers()[CONTENT_TYPE], "text/javascript");
        assert_eq!(script.headers()[CACHE_CONTROL], FOR_EVER);
        let index = get_from(FILES, "/").await;
        assert_eq!(index.headers()[CONTENT_TYPE], "text/html");
        assert!(!index.headers().contains_key(CACHE_CONTROL));
    }

    #[tokio::test]
    async fn a_view_of_the_page_is_its_index_and_a_file_that_is_not_there_is_404() {
        let view = get_from(FILES, "/settings/sources").await;
        let body = to_bytes(view.into_body(), 100).await.unwrap();
        assert_eq!(&body[..], b"<!doctype html>");
        for path in ["/assets/old.js", "/../index.html", "//index.html.bak"] {
            let missing = get_from(FILES, path).await;
            assert_eq!(missing.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn a_program_without_a_page_says_so() {
        let plain = get_from(&[], "/").await;
        assert_eq!(plain.status(), StatusCode::OK);
        let body = to_bytes(plain.into_body(), 1000).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("without a page"));
    }
}
