//! `docs/openapi.yaml` describes what the router answers.

use belldot_server::ServerConfig;
use reqwest::{Method, StatusCode};

use crate::support::start;

const DESCRIPTION: &str = include_str!("../../../../docs/openapi.yaml");

/// The paths and methods in the description, by its indentation.
fn operations() -> Vec<(String, Method)> {
    let mut operations = Vec::new();
    let mut path = None;
    for line in DESCRIPTION
        .lines()
        .skip_while(|line| *line != "paths:")
        .skip(1)
    {
        if !line.is_empty() && !line.starts_with(' ') {
            break;
        }
        if let Some(name) = line.strip_prefix("  /") {
            path = Some(format!("/{}", name.trim_end_matches(':')));
        } else if let Some(method) = line.strip_prefix("    ")
            && let Some(method @ ("get" | "post" | "patch")) = method.strip_suffix(':')
        {
            let method = method.to_uppercase().parse().unwrap();
            operations.push((path.clone().unwrap(), method));
        }
    }
    operations
}

#[tokio::test]
async fn every_described_operation_is_answered_and_no_other_method_is() {
    let server = start(ServerConfig::default()).await;
    let operations = operations();
    assert_eq!(operations.len(), 12);
    for (path, method) in &operations {
        let url = server.url(&path.replace("{id}", "some"));
        let response = server
            .http
            .request(method.clone(), url)
            .send()
            .await
            .unwrap();
        assert_ne!(
            response.status(),
            StatusCode::METHOD_NOT_ALLOWED,
            "{method} {path}"
        );
        if response.status() == StatusCode::NOT_FOUND {
            assert!(
                response.text().await.unwrap().contains("no to-do"),
                "{method} {path}"
            );
        }
    }
    for (path, _) in &operations {
        let url = server.url(&path.replace("{id}", "some"));
        let response = server.http.delete(url).send().await.unwrap();
        let allowed = response.headers()["allow"].to_str().unwrap().to_owned();
        for method in allowed.split(',').filter(|method| *method != "HEAD") {
            let described = (path.clone(), method.parse().unwrap());
            assert!(
                operations.contains(&described),
                "{method} {path} is not described"
            );
        }
    }
}
