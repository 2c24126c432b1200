//! The page that `/` serves.

use belldot_server::ServerConfig;
use reqwest::StatusCode;
use reqwest::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use tempfile::TempDir;

use crate::support::{refusal, start};

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("index.html"),
        "<!doctype html><title>page</title>",
    )
    .unwrap();
    std::fs::create_dir(folder.path().join("assets")).unwrap();
    std::fs::write(folder.path().join("assets/page.js"), "export {}").unwrap();
    folder
}

async fn served(ui: &TempDir) -> crate::support::Running {
    start(ServerConfig {
        ui: Some(ui.path().to_owned()),
        ..ServerConfig::default()
    })
    .await
}

#[tokio::test]
async fn files_have_their_types_and_a_strict_policy() {
    let folder = folder();
    let server = served(&folder).await;
    for (path, kind) in [("/", "text/html"), ("/assets/page.js", "text/javascript")] {
        let response = server.http.get(server.url(path)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], kind);
        let policy = response.headers()[CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"));
        assert_eq!(response.headers()[CACHE_CONTROL], "no-cache");
    }
}

#[tokio::test]
async fn a_view_of_the_page_is_the_page() {
    let folder = folder();
    let server = served(&folder).await;
    let response = server
        .http
        .get(server.url("/settings/sources"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("<title>page</title>")
    );
}

#[tokio::test]
async fn a_file_that_is_not_there_is_404() {
    let folder = folder();
    let server = served(&folder).await;
    assert_eq!(server.get("/assets/old.js").await.0, StatusCode::NOT_FOUND);
    assert_eq!(server.get("/api/v1/nope").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_outside_of_the_folder_is_served() {
    let parent = tempfile::tempdir().unwrap();
    std::fs::write(parent.path().join("secret.txt"), "secret").unwrap();
    let ui = parent.path().join("ui");
    std::fs::create_dir(&ui).unwrap();
    std::fs::write(ui.join("index.html"), "page").unwrap();
    let server = start(ServerConfig {
        ui: Some(ui),
        ..ServerConfig::default()
    })
    .await;
    for path in [
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
    ] {
        let response = server.http.get(server.url(path)).send().await.unwrap();
        assert_ne!(response.text().await.unwrap(), "secret", "{path}");
    }
}

#[tokio::test]
async fn the_page_is_in_the_program() {
    let server = start(ServerConfig::default()).await;
    let response = server.http.get(server.url("/")).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let index = response.text().await.unwrap();
    assert!(
        index.contains("<title>Belldot</title>"),
        "build the page first (npm run build in ui/), then this program again: {index}"
    );
    let script = index
        .split_once("src=\"./")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(path, _)| path)
        .unwrap();
    let response = server
        .http
        .get(server.url(&format!("/{script}")))
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()[CONTENT_TYPE], "text/javascript");
    let lifetime = response.headers()[CACHE_CONTROL].to_str().unwrap();
    assert!(lifetime.contains("immutable"), "{lifetime}");
    assert!(response.headers().contains_key(CONTENT_SECURITY_POLICY));
}

#[tokio::test]
async fn a_folder_without_a_page_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let ui = Some(folder.path().to_owned());
    let sentence = refusal(ServerConfig {
        data,
        ui,
        ..ServerConfig::default()
    })
    .await;
    assert!(sentence.contains("index.html"), "{sentence}");
}
