//! `/`: the page for a browser.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use tower_http::services::{ServeDir, ServeFile};

use crate::app::Shared;
use crate::routes::no_such_place;

const NO_PAGE: &str = "This is a Belldot server. Its to-dos are at /api/v1/events and \
                       /api/v1/todos; it was started without a page (--ui DIR).\n";

/// Adds the page in `folder` to the routes, or a line that says there is none.
pub(crate) fn serve(routes: Router<Shared>, folder: Option<&Path>) -> Router<Shared> {
    let Some(folder) = folder else {
        let plain = ([(CONTENT_TYPE, "text/plain; charset=utf-8")], NO_PAGE);
        return routes.route("/", get(plain)).fallback(no_such_place);
    };
    let index = ServeFile::new(folder.join("index.html"));
    let fallback = async move |request: Request| match request.uri().path().rsplit('/').next() {
        // Views of the page have paths of their own; a file that is not there is not one of them.
        Some(name) if name.contains('.') => {
            no_such_place(request.uri().clone()).await.into_response()
        }
        _ => match index.clone().try_call(request).await {
            Ok(response) => response.into_response(),
            Err(_) => no_such_place(Uri::default()).await.into_response(),
        },
    };
    let files = ServeDir::new(folder).fallback(get(fallback));
    routes.fallback_service(files)
}
