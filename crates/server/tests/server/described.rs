//! `docs/openapi.json`, which the server serves, describes what it answers: no operation, no name
//! in a query, no field of a body more or less.

use std::collections::BTreeSet;

use belldot_server::ServerConfig;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Running, answer, start};

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

fn description() -> Value {
    serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap()
}

struct Operation {
    path: String,
    method: Method,
    /// The names in its query.
    query: BTreeSet<String>,
    /// The schema of its body.
    body: Option<Value>,
}

fn operations(description: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let parameters = [&item["parameters"], &operation["parameters"]];
            let parameters = parameters.into_iter().filter_map(Value::as_array).flatten();
            let query = parameters
                .map(|parameter| resolved(description, parameter))
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| parameter["name"].as_str().unwrap().to_owned());
            let body = operation.pointer("/requestBody/content/application~1json/schema");
            operations.push(Operation {
                path: path.clone(),
                method: method.to_uppercase().parse().unwrap(),
                query: query.collect(),
                body: body.map(|body| resolved(description, body).clone()),
            });
        }
    }
    operations
}

fn resolved<'a>(description: &'a Value, value: &'a Value) -> &'a Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(place) => description.pointer(place.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

fn properties(schema: &Value) -> BTreeSet<String> {
    schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

impl Operation {
    async fn send(
        &self,
        server: &Running,
        query: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let url = server.url(&(self.path.replace("{id}", "some") + query));
        let request = server.http.request(self.method.clone(), url);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        answer(request.send().await.unwrap()).await
    }
}

/// The names that are known instead, as a refusal of one that is not lists them.
fn known_names(problem: &Value) -> BTreeSet<String> {
    let detail = problem["detail"].as_str().unwrap();
    let (_, known) = detail.split_once("unknown field `zzz`").unwrap();
    known
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn the_server_serves_it() {
    let server = start(ServerConfig::default()).await;
    let served = server.get("/api/v1/openapi.json").await;
    assert_eq!(served, (StatusCode::OK, description()));
}

#[tokio::test]
async fn every_described_operation_is_answered_and_no_other_method_is() {
    let server = start(ServerConfig::default()).await;
    let operations = operations(&description());
    for operation in &operations {
        let url = server.url(&operation.path.replace("{id}", "some"));
        let request = server.http.request(operation.method.clone(), &url);
        let response = request.send().await.unwrap();
        assert_ne!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{url}");
        if response.status() == StatusCode::NOT_FOUND {
            assert!(response.text().await.unwrap().contains("no to-do"), "{url}");
        }
        let response = server
            .http
            .request(Method::TRACE, &url)
            .send()
            .await
            .unwrap();
        let allowed = response.headers()["allow"].to_str().unwrap().to_owned();
        for method in allowed.split(',').filter(|method| *method != "HEAD") {
            let is_described =
                |other: &Operation| other.path == operation.path && other.method.as_str() == method;
            assert!(operations.iter().any(is_described), "{method} {url}");
        }
    }
}

#[tokio::test]
async fn the_names_of_every_query_are_those_that_are_described() {
    let server = start(ServerConfig::default()).await;
    for operation in operations(&description()) {
        // Whatever stands before a server may add something to these.
        if !operation.path.starts_with("/api/v1/") || operation.path.ends_with(".json") {
            assert_eq!(operation.query, BTreeSet::new());
            continue;
        }
        let (status, problem) = operation.send(&server, "?zzz=1", Some(json!({}))).await;
        let what = format!("{} {}: {problem}", operation.method, operation.path);
        assert_eq!(status, StatusCode::BAD_REQUEST, "{what}");
        assert_eq!(known_names(&problem), operation.query, "{what}");
    }
}

#[tokio::test]
async fn the_fields_of_every_body_are_those_that_are_described() {
    let server = start(ServerConfig::default()).await;
    let description = description();
    let mut bodies = 0;
    for operation in operations(&description) {
        let Some(schema) = &operation.body else {
            continue;
        };
        let (status, problem) = operation.send(&server, "", Some(json!({ "zzz": 1 }))).await;
        let what = format!("{} {}: {problem}", operation.method, operation.path);
        assert_eq!(status, StatusCode::BAD_REQUEST, "{what}");
        assert_eq!(known_names(&problem), properties(schema), "{what}");
        bodies += 1;
    }
    assert_eq!(bodies, 4);
}

#[tokio::test]
async fn the_fields_of_a_todo_are_those_that_are_described() {
    let server = start(ServerConfig::default()).await;
    let todo = json!({
        "user": "ann", "title": "t", "body": "b", "url": "http://a.example/", "due":
        "2027-01-31T17:00:00Z", "tags": ["t"], "sender": "HR",
    });
    let (status, todo) = server.post(todo).await;
    assert_eq!(status, StatusCode::CREATED, "{todo}");
    let fields: BTreeSet<String> = todo.as_object().unwrap().keys().cloned().collect();
    let description = description();
    let schemas = &description["components"]["schemas"];
    assert_eq!(fields, properties(&schemas["SentTodo"]));
    let with = |name: &str| {
        let mut fields = properties(&schemas["Todo"]);
        fields.insert(name.to_owned());
        fields
    };
    assert_eq!(with("user"), properties(&schemas["SentTodo"]));
    let mut event = with("user");
    event.insert("deleted".to_owned());
    assert_eq!(event, properties(&schemas["TodoEvent"]));
}
